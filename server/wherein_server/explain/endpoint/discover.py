"""Which server to ask: the configured one, else the first on this machine."""

from wherein.config.settings import Settings
from wherein_server.explain.endpoint.endpoint import Endpoint


async def discover(settings: Settings) -> Endpoint:
    """The endpoint to ask. Raises EndpointUnreachable, whose remedy says how to start or name one."""
    raise NotImplementedError

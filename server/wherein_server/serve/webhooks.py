"""`POST /webhooks/…`: pushes that forges report, for the farm of the server's store.

They come without a login: what lets one in is its signature (`farm/webhook`). Without a secret there is no such
address.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wherein_server.farm.webhook.answer import Answer
from wherein_server.farm.webhook.application import Counter, document
from wherein_server.serve.farm import FarmOfTheStore
from wherein_server.serve.guard import WEBHOOKS

FORGES = ("github", "gitlab", "gitea", "forgejo")
"""Names for whoever reads a log: whose signature it is, the request itself says."""


def webhook_routes(farm: FarmOfTheStore, secrets: Sequence[str]) -> list[Route]:
    """An address for each forge; none without a secret. Raises ConfigError if no farm can be handed anything."""
    if not secrets:
        return []
    from wherein_server.farm.webhook.hooks import Hooks

    hooks = Hooks(farm.opened(), secrets)
    counter = Counter(hooks.take)

    async def take(request: Request) -> Response:
        request.state.route = "webhook"
        headers = {name.lower(): value for name, value in request.headers.items()}
        told: Answer = await counter.hand_in(headers, request.receive)
        return Response(document(told), told.status, media_type="application/json")

    return [Route(f"{WEBHOOKS}{forge}", take, methods=["POST"]) for forge in FORGES]

"""Whether a request was meant for this server, by its own page: the name that it was sent to, the site it comes
from."""

import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from ipaddress import ip_address

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Sites:
    """`names`: what the server is called. `loopback`: whether it listens at this machine alone."""

    def __init__(self, names: Sequence[str], *, loopback: bool) -> None:
        self._names = {each.strip().rstrip(".").lower() for each in names} | LOOPBACK_NAMES
        self._loopback = loopback
        if not loopback:
            self._names.add(socket.gethostname().lower())
            with suppress(OSError):
                self._names.add(socket.getfqdn().lower())

    def knows(self, host: bytes) -> bool:
        """Whether a Host is one of ours: a page of another site whose name was made to lead here has its own. Off
        loopback any address will do: no name was resolved for it."""
        name = host_name(host)
        if name in self._names:
            return True
        if self._loopback:
            return False
        with suppress(ValueError):
            return bool(ip_address(name))
        return False

    @staticmethod
    def is_crossing(headers: Mapping[bytes, bytes]) -> bool:
        """Whether a browser says that another site's page, or nobody's, has sent it."""
        site = headers.get(b"sec-fetch-site", b"").strip().lower()
        if site not in (b"", b"same-origin", b"none"):
            return True
        origin = headers.get(b"origin")
        if origin is None:
            return False
        return origin.strip().lower().partition(b"://")[2] != headers.get(b"host", b"").strip().lower()


def host_name(host: bytes) -> str:
    """A Host without its port."""
    text = host.decode("latin-1").strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0].rstrip(".")

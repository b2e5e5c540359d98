"""Connections to package indexes: over HTTP as pip is configured, or on this machine's disk."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit, urlunsplit
from urllib.request import url2pathname

from wherein.errors import WhereinError
from wherein.packages.index_page import ACCEPTED, LARGEST
from wherein.packages.pip_settings import PipSettings
from wherein.redaction import shown_url

if TYPE_CHECKING:
    import httpx2

MOST_REDIRECTS = 5

PIECE = 1 << 18

MOST_SECONDS_OF_A_PAGE = 120.0
"""A server that sends a byte now and then never stalls."""


class Unreachable(WhereinError):
    """An index, or what it links to, cannot be asked."""


class BrokeOff(WhereinError):
    """An answer ended before it was whole, or stalled: another try may go on from there."""


class Connection:
    """To whatever indexes there are; used in one thread, as a context."""

    def __init__(self, settings: PipSettings) -> None:
        self._settings = settings
        self._stack = ExitStack()
        self._clients: dict[bool, httpx2.Client] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def page(self, address: str) -> tuple[bytes, str, str] | None:
        """A page: its bytes, media type and where it was in the end; None if there is none. Raises Unreachable."""
        if (file := on_disk(address)) is not None:
            with suppress(OSError), (file / "index.html" if file.is_dir() else file).open("rb") as opened:
                return opened.read(LARGEST), "text/html", address
            return None
        with self._asked(address, {"accept": ACCEPTED}) as answer:
            if answer.status_code in (404, 410):
                return None
            data = bytearray()
            until = time.monotonic() + MOST_SECONDS_OF_A_PAGE
            for piece in answer.iter_bytes():
                data += piece
                if time.monotonic() > until:
                    raise BrokeOff(
                        f"{shown_url(address)} did not arrive within {MOST_SECONDS_OF_A_PAGE:.0f} s."
                    )
                if len(data) > LARGEST:
                    raise Unreachable(
                        f"What {shown_url(address)} answers with is too large for a page of a package index."
                    )
            return bytes(data), answer.headers.get("content-type", ""), str(answer.url)

    @contextmanager
    def opened(self, address: str, start: int) -> Iterator[tuple[int, Iterator[bytes]]]:
        """A file from a place on, or from where its server begins: that place, and the bytes. Raises Unreachable,
        BrokeOff."""
        if (file := on_disk(address)) is not None:
            try:
                with file.open("rb") as found:
                    found.seek(start)
                    yield start, iter(lambda: found.read(PIECE), b"")
            except FileNotFoundError:
                raise Unreachable(f"There is no {file}, to which a package index refers.") from None
            return
        headers = {"accept-encoding": "identity"} | ({"range": f"bytes={start}-"} if start else {})
        with self._asked(address, headers) as answer:
            if answer.status_code in (404, 410):
                raise Unreachable(f"{shown_url(address)}, to which a package index refers, does not exist.")
            told = answer.headers.get("content-range", "")
            goes_on = answer.status_code == 206 and told.startswith(f"bytes {start}-")
            if answer.status_code == 206 and not goes_on:
                raise Unreachable(
                    f"{shown_url(address)} returned a different part of the file than was asked for."
                )
            yield (start if goes_on else 0), answer.iter_raw()

    @contextmanager
    def _asked(self, address: str, headers: dict[str, str]) -> "Iterator[httpx2.Response]":
        import httpx2

        host = shown_url(urlunsplit((*urlsplit(address)[:2], "", "", "")))
        remedy = "check the network and pip's configuration (pip config list)"
        try:
            own = None if urlsplit(address).username else _login()
            with self._client(address).stream("GET", address, headers=headers, auth=own) as answer:
                if answer.status_code not in (200, 206, 404, 410):
                    login = ", so it wants a login" if answer.status_code in (401, 403, 407) else ""
                    raise Unreachable(
                        f"The package index at {host} answers with HTTP status {answer.status_code}{login}.",
                        remedy=remedy,
                    )
                yield answer
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError):
            raise Unreachable(f"The package index at {host} cannot be reached.", remedy=remedy) from None
        except httpx2.TimeoutException:
            raise BrokeOff(f"{host} has sent nothing for {self._settings.timeout:.0f} s.") from None
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.TooManyRedirects):
            raise Unreachable(f"{shown_url(address)} is not a valid address.", remedy=remedy) from None
        except (httpx2.TransportError, httpx2.DecodingError):
            raise BrokeOff(f"{host} closed the connection before everything had arrived.") from None

    def _client(self, address: str) -> "httpx2.Client":
        """Certificates are loaded where they are needed, which takes a tenth of a second."""
        parts = urlsplit(address)
        trusted = self._settings.trusted_hosts & {parts.hostname, parts.netloc.rpartition("@")[2]}
        verified = parts.scheme == "https" and not trusted
        if verified not in self._clients:
            self._clients[verified] = self._stack.enter_context(
                _new_client(self._settings, verified=verified)
            )
        return self._clients[verified]


def _new_client(settings: PipSettings, *, verified: bool) -> "httpx2.Client":
    import ssl

    import httpx2

    verify: Any = verified
    if verified and (settings.certificates or settings.client_certificate):
        try:
            verify = ssl.create_default_context(cafile=settings.certificates)
            if settings.client_certificate:
                verify.load_cert_chain(settings.client_certificate)
        except OSError as error:
            raise Unreachable(
                f"The certificates that pip is configured with cannot be read: {error.strerror or error}.",
                remedy="pip config list",
            ) from None
    return httpx2.Client(
        headers={"user-agent": "wherein"},
        timeout=settings.timeout,
        verify=verify,
        proxy=settings.proxy,
        follow_redirects=True,
        max_redirects=MOST_REDIRECTS,
    )


def _login() -> "httpx2.Auth | None":
    """By the user's netrc; None if there is none. What stands in an address counts more."""
    import netrc

    import httpx2

    with suppress(OSError, netrc.NetrcParseError, ValueError):
        return httpx2.NetRCAuth()
    return None


def on_disk(address: str) -> Path | None:
    """The place on this machine that an address stands for; None for one elsewhere."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    return None if "://" in address else Path(address).expanduser()

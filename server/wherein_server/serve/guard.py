"""Stands before every answer: who asks, from where, how often, how much."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from wherein.errors import WhereinError
from wherein.quick_dataclass import dataclass
from wherein_server.farm.webhook.answer import MOST_BYTES
from wherein_server.serve.access import Access
from wherein_server.serve.caller import Caller, Network, caller
from wherein_server.serve.headers import ALWAYS, NEVER_KEPT
from wherein_server.serve.limits import MOST_BODY, Receive, bounded, check_length
from wherein_server.serve.metrics import Metrics
from wherein_server.serve.principal import EVERYTHING, Principal
from wherein_server.serve.rates import (
    BURST,
    LOGIN_BURST,
    LOGIN_RATE,
    MODEL_BURST,
    MODEL_RATE,
    PAGE_BURST,
    PAGE_RATE,
    RATE,
    Rates,
)
from wherein_server.serve.refusal import Refusal, refusal
from wherein_server.serve.sites import Sites

HEALTH = frozenset({"/healthz", "/readyz"})
"""Asked by whoever monitors the server; the answers say nothing about what it holds."""

ANSWERS = frozenset({"/api/v1/ask", "/api/v1/explain"})

SESSION = frozenset({"/api/v1/login", "/api/v1/logout"})
"""Asked without a login, or with one that is over."""

METRICS = "/metrics"

WEBHOOKS = "/webhooks/"
"""Asked by forges, which have no login: their signatures are checked where they are taken."""

COOKIE, SECURE_COOKIE = "wherein", "__Host-wherein"

Scope = Any
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rules:
    """How the server lets people in."""

    open: bool
    """whether this machine's users need no token"""
    proxies: tuple[Network, ...] = ()
    user_header: str = ""
    """the header in which a trusted proxy names the user"""


class Guard:
    """An ASGI application. What it lets through has `state["principal"]` and `state["caller"]`."""

    def __init__(
        self, application: Application, rules: Rules, access: Access, sites: Sites, metrics: Metrics
    ) -> None:
        self._application, self._rules, self._access = application, rules, access
        self._sites, self._metrics = sites, metrics
        self._rates = Rates(RATE, BURST)
        self._page = Rates(PAGE_RATE, PAGE_BURST)
        self._model = Rates(MODEL_RATE, MODEL_BURST)
        self._wrong = Rates(LOGIN_RATE, LOGIN_BURST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life of the server."""
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        answer = _Answer(send)
        began = time.perf_counter()
        try:
            await self._let_in(scope, receive, answer)
        except Refusal as refused:
            await answer.refuse(refused)
        except WhereinError as error:
            await answer.refuse(refusal(error))
        except asyncio.CancelledError:
            answer.status = answer.status or 499
            raise
        except Exception as error:
            self._metrics.error(type(error).__name__)
            _log.error(
                "%s failed (%s)", state_route(scope), type(error).__name__, exc_info=_log.isEnabledFor(10)
            )
            await answer.refuse(
                Refusal(500, f"Something went wrong that should not have ({type(error).__name__}).")
            )
        finally:
            self._metrics.request(
                state_route(scope), scope["method"], answer.status, time.perf_counter() - began
            )

    async def _let_in(self, scope: Scope, receive: Receive, send: "_Answer") -> None:
        headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))  # of two of a name, the first
        path: str = scope["path"]
        if not self._sites.knows(headers.get(b"host", b"")):
            raise Refusal(
                421,
                "This server is not known by this name.",
                remedy="wherein serve --name NAME adds one",
            )
        most = MOST_BYTES if path.startswith(WEBHOOKS) else MOST_BODY
        check_length(scope, headers, most)
        receive = bounded(receive, most)
        who = caller(scope, headers, self._rules.proxies)
        state = scope.setdefault("state", {})
        state["caller"] = who
        if path in HEALTH:
            await self._application(scope, receive, send)
            return
        data = is_data(path)
        if (data or scope["method"] not in ("GET", "HEAD")) and self._sites.is_crossing(headers):
            raise Refusal(403, "Another site's page may not ask this server.")
        if data:
            send.kept = False
            state["principal"] = principal = self._principal(path, headers, who)
            _in_turn(self._rates, f"{principal.name}\0{who.address}")
            if path in ANSWERS:
                _in_turn(self._model, f"{principal.name}\0{who.address}")
        elif path.startswith(WEBHOOKS):
            send.kept = False
            _in_turn(self._rates, who.address)
        else:
            _in_turn(self._page, who.address)
        await self._application(scope, receive, send)

    def _principal(self, path: str, headers: dict[bytes, bytes], who: Caller) -> Principal:
        if path in SESSION:
            return Principal("")
        given, session = _token(headers, who)
        if given:
            found = self._access.of_token(given)
            if found is not None:
                return Principal(found.name, found.repositories, found.metrics, session)
            if not session:  # a cookie may be of another server of this host
                raise self._unknown(who)
        rules = self._rules
        name = headers.get(rules.user_header.lower().encode(), b"") if rules.user_header else b""
        if name and who.trusted:
            user = name.decode("utf-8", "replace").strip()
            allowed = self._access.of_user(user) or self._access.of_user(EVERYTHING)
            if allowed is None:
                raise Refusal(
                    403, "Nothing was granted to this user.", remedy="wherein serve user grant NAME"
                )
            return Principal(user, allowed.repositories)
        if rules.open and who.loopback:
            if who.forwarded:
                raise Refusal(
                    403,
                    "There is a proxy in front of a server that lets in everybody on its own machine.",
                    remedy="wherein serve --proxy ADDRESS, or --login",
                )
            return Principal("local", (EVERYTHING,))
        raise Refusal(
            401,
            "This server asks for a login.",
            remedy='send your token in the header "Authorization: Bearer TOKEN"',
        )

    def _unknown(self, who: Caller) -> Refusal:
        if wait := self._wrong.wait(who.address):
            return Refusal(429, "Too many unknown tokens were sent from your address.", wait=wait)
        return Refusal(401, "The token is unknown, was revoked or has expired.", remedy="log in again")

    def check_login(self, given: str, who: Caller) -> Principal:
        """Whom the token of the page's login stands for. Raises Refusal."""
        found = self._access.of_token(given)
        if found is None:
            raise self._unknown(who)
        return found


def _in_turn(rates: Rates, client: str) -> None:
    if wait := rates.wait(client):
        raise Refusal(429, "Too many requests from one client.", remedy="try again a little later", wait=wait)


def state_route(scope: Scope) -> str:
    """What a request was for, as metrics name it."""
    return str(scope.get("state", {}).get("route", "other"))


def is_data(path: str) -> bool:
    """Whether an address is about repositories; all else is the page itself, the same for everybody."""
    return path.startswith(("/api/", "/mcp")) or path == METRICS


def cookie_name(who: Caller) -> str:
    """The name of the page's login cookie: over an encrypted connection, a name that no other host can set."""
    return SECURE_COOKIE if who.secure else COOKIE


def _token(headers: dict[bytes, bytes], who: Caller) -> tuple[str, bool]:
    """The token, and whether it came as the page's cookie."""
    scheme, _, value = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip(), False
    for pair in headers.get(b"cookie", b"").decode("latin-1").split(";"):
        name, _, value = pair.strip().partition("=")
        if name == cookie_name(who) and value:
            return value, True
    return "", False


class _Answer:
    """Sends an answer with the headers that all answers have."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.kept = True

    async def __call__(self, message: Any) -> None:  # noqa: ANN401 - ASGI's
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own: Sequence[tuple[bytes, bytes]] = message.get("headers", ())
            known = {name.lower() for name, _ in own}
            more = [*ALWAYS, *(() if self.kept else (NEVER_KEPT,))]
            message = {**message, "headers": [*own, *(each for each in more if each[0] not in known)]}
        await self._send(message)

    async def refuse(self, refused: Refusal) -> None:
        """Refuse instead of answering; an answer that has begun breaks off."""
        if self.status:
            return
        self.kept = False
        body = refused.body()
        headers = [*refused.headers(), (b"content-length", str(len(body)).encode())]
        await self({"type": "http.response.start", "status": refused.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})

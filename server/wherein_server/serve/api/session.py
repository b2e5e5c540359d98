"""`GET /api/v1/me`, and the page's login: a token that the browser keeps where no script can read it."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from wherein import __version__
from wherein_server.serve.api.answer_shapes import Me
from wherein_server.serve.api.request import ApiRequest, answer
from wherein_server.serve.api.request_shapes import Login
from wherein_server.serve.caller import Caller
from wherein_server.serve.guard import cookie_name
from wherein_server.serve.principal import Principal

KEPT_SECONDS = 30 * 86_400


async def me(asked: ApiRequest) -> Response:
    """Who one is."""
    return answer(await asked.library.ask(lambda: _me(asked, asked.who)))


def login(check: Callable[[str, Caller], Principal]) -> Callable[[ApiRequest], Awaitable[Response]]:
    """Have a token remembered, which `check` knows."""

    async def run(asked: ApiRequest) -> Response:
        given = (await asked.body(Login)).token.strip()
        caller: Caller = asked.request.state.caller
        who = check(given, caller)
        known = Principal(who.name, who.repositories, who.metrics, session=True)
        made = answer(await asked.library.ask(lambda: _me(asked, known)))
        _keep(made, caller, given, KEPT_SECONDS)
        return made

    return run


async def logout(asked: ApiRequest) -> Response:
    """Have it forgotten."""
    made = answer(await asked.library.ask(lambda: _me(asked, Principal(""))))
    _keep(made, asked.request.state.caller, "", 0)
    return made


def _me(asked: ApiRequest, who: Principal) -> Me:
    return Me(
        name=who.name,
        version=__version__,
        repositories=len(asked.library.seen(who)),
        answers=asked.desk.answers,
        session=who.session,
        farm=asked.desk.farm.there(),
    )


def _keep(made: Response, caller: Caller, value: str, seconds: int) -> None:
    made.set_cookie(
        cookie_name(caller),
        value,
        max_age=seconds,
        path="/",
        secure=caller.secure,
        httponly=True,
        samesite="strict",
    )

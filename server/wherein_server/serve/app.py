"""The application: what answers which address."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from wherein.errors import WhereinError
from wherein_server.serve import openapi
from wherein_server.serve.access import Access
from wherein_server.serve.agents import agents
from wherein_server.serve.api import answer_shapes as told
from wherein_server.serve.api import calls, farm, file, related, repositories, search, session, symbol
from wherein_server.serve.api import request_shapes as sent
from wherein_server.serve.api.answers import Answers
from wherein_server.serve.api.request import ApiRequest, Desk
from wherein_server.serve.caller import Caller
from wherein_server.serve.guard import METRICS, Guard, Rules
from wherein_server.serve.metrics import CONTENT_TYPE, Metrics
from wherein_server.serve.openapi import Described
from wherein_server.serve.page.files import page_routes
from wherein_server.serve.principal import Principal
from wherein_server.serve.refusal import Refusal, document, refusal
from wherein_server.serve.sites import Sites
from wherein_server.serve.webhooks import webhook_routes

API = "/api/v1"

Endpoint = Callable[[ApiRequest], Awaitable[Response]]


def application(
    desk: Desk,
    rules: Rules,
    access: Access,
    sites: Sites,
    metrics: Metrics,
    webhook_secrets: Sequence[str] = (),
) -> Guard:
    """ASGI, with all that stands before it. The library is started and closed with it. Raises ConfigError for webhooks
    that no farm is there for."""

    def check(token: str, caller: Caller) -> Principal:
        return guard.check_login(token, caller)

    api = _api(check)
    described = openapi.document([each for each, _ in api])

    async def schema(request: Request) -> Response:
        request.state.route = "openapi"
        return JSONResponse(described)

    for_agents, protocol = agents(desk.library, answers=desk.answers)
    routes: list[BaseRoute] = [
        *_watched(desk, metrics),
        Route(f"{API}/openapi.json", schema),
        *(
            Route(each.path, _endpoint(each.path, run, desk), methods=[each.method.upper()])
            for each, run in api
        ),
        *webhook_routes(desk.farm, webhook_secrets),
        for_agents,
        *page_routes(),
    ]

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        desk.library.start()
        try:
            async with protocol.router.lifespan_context(protocol):
                yield
        finally:
            desk.library.close()

    handlers = {HTTPException: _not_here, Refusal: _refused, WhereinError: _refused, Exception: _failed}
    made = Starlette(routes=routes, lifespan=life, exception_handlers=handlers)
    guard = Guard(made, rules, access, sites, metrics)  # which `check` asks
    return guard


def _api(check: Callable[[str, Caller], Principal]) -> list[tuple[Described, Endpoint]]:
    """What the API is asked, as its description tells it, and what answers. `check` says who has a token."""
    answers = Answers()
    return [
        (_get("search", "Search code", sent.SearchQuery, told.Found), search.search),
        (_post("search", "Search by a long text", sent.SearchQuery, told.Found), search.search),
        (_get("symbol", "Definitions by name", sent.SymbolQuery, told.Found), symbol.symbol),
        (_get("file", "A file as it is indexed", sent.FileQuery, told.File), file.file),
        (_get("calls", "Callers and callees of a definition", sent.PlaceQuery, told.Calls), calls.calls),
        (_get("related", "Code like that at a line", sent.PlaceQuery, told.Related), related.related),
        (_get("repositories", "What you may see", None, told.Repositories), repositories.repositories),
        (_get("farm", "What the farm of the store is doing", None, told.Farm), farm.farm),
        (_get("me", "Who you are", None, told.Me), session.me),
        (_post("ask", "A question, answered as it is written", sent.AskBody, None), answers.ask),
        (
            _post("explain", "A definition, explained as it is written", sent.ExplainBody, None),
            answers.explain,
        ),
        (_post("login", "Log in: have the page remember a token", sent.Login, told.Me), session.login(check)),
        (_post("logout", "Log out: have it forget the token", None, told.Me), session.logout),
    ]


def _watched(desk: Desk, metrics: Metrics) -> list[BaseRoute]:
    """What those ask who watch over the server."""

    async def ready(request: Request) -> Response:
        request.state.route = "readyz"
        problem = desk.library.problem  # which may name the store, and whoever asks has not said who he is
        return PlainTextResponse(
            "the store cannot be read\n" if problem else "ready\n", 503 if problem else 200
        )

    async def metered(request: Request) -> Response:
        request.state.route = "metrics"
        if not request.state.principal.sees_metrics:
            raise Refusal(
                403, "Metrics name every repository.", remedy="wherein serve token new NAME --metrics"
            )
        of_farm = await desk.library.ask(desk.farm.metrics)
        return Response(metrics.text() + of_farm.encode(), media_type=CONTENT_TYPE)

    return [Route("/healthz", _alive), Route("/readyz", ready), Route(METRICS, metered)]


def _get(
    name: str,
    summary: str,
    query: type[sent.Shape] | None,
    answer: type[sent.Shape],
) -> Described:
    return Described("get", f"{API}/{name}", summary, answer, query)


def _post(
    name: str,
    summary: str,
    body: type[sent.Shape] | None,
    answer: type[sent.Shape] | None,
) -> Described:
    return Described("post", f"{API}/{name}", summary, answer, body=body)


def _endpoint(path: str, run: Endpoint, desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    name = path.rpartition("/")[2]

    async def endpoint(request: Request) -> Response:
        request.state.route = name
        return await run(ApiRequest(request, desk))

    return endpoint


async def _alive(request: Request) -> Response:
    request.state.route = "healthz"
    return PlainTextResponse("alive\n")


async def _refused(request: Request, error: Exception) -> Response:
    refused = refusal(error) if isinstance(error, WhereinError) else error
    assert isinstance(refused, Refusal)
    headers = {name.decode(): value.decode() for name, value in refused.headers()}
    return Response(refused.body(), refused.status, headers)


async def _failed(request: Request, error: Exception) -> Response:
    said = f"Something went wrong that should not have ({type(error).__name__})."
    return JSONResponse(document(500, said), 500)  # and it is raised on, to be counted and logged


async def _not_here(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = {404: "There is nothing at this address.", 405: "This address does not support that method."}
    headers = dict(error.headers or {})
    message = said.get(error.status_code, error.detail)
    return JSONResponse(document(error.status_code, message), error.status_code, headers)

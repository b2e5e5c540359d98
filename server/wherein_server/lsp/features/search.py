"""`wherein.search`, `wherein/search`: find code by what it does."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wherein.errors import EndpointUnreachable, NothingToLookFor, WhereinError
from wherein.hit import Hit
from wherein_server.cli.patterns import checked_query, placed
from wherein_server.cli.sanitize import shown_name
from wherein_server.lsp.arguments import Arguments
from wherein_server.lsp.asking import Form, ask
from wherein_server.lsp.half_typed import completed
from wherein_server.lsp.marks import Marker
from wherein_server.lsp.server import Call, WhereinServer
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from wherein import Index
    from wherein.search.thought import Thought
    from wherein_server.explain.think import Thinking

NAMES = (
    *("query", "limit", "offset", "mode", "stage", "languages", "paths", "exclude", "kinds"),
    "scopes",
    *("changed", "since", "uri", "think"),
)

STAGES = ("full", "fast")
"""`fast` is for each letter that somebody types: what can be had at once, and nothing that is half typed is refused."""


def register(server: WhereinServer) -> None:
    """Serve it."""

    async def search(call: Call) -> dict[str, Any]:
        given = Arguments(call.arguments, NAMES)
        said: list[str] = []
        fast = given.choice("stage", STAGES) == "fast"
        query = given.text("query", empty=fast)
        limit, offset, mode = given.limit(), given.offset(), given.mode()
        within = given.filters()
        since = given.text("since") if "since" in given else None
        changed = given.switch("changed") or since is not None

        def find(index: "Index", served: Served, most: int) -> list[Hit]:
            settings = served.repository.settings.search
            served.deepening.pause()
            place = served.repository.place
            typed = completed(query, place, typing=fast)
            said.extend(typed.notes)
            if not typed.query:
                return []
            only = index.changed_chunks(since) if changed else None

            def page(first: int) -> list[Hit]:
                return index.search(
                    checked_query(typed.query, place),
                    limit=most,
                    offset=first,
                    mode=mode or settings.mode,  # type: ignore[arg-type] # what is no mode is refused
                    **placed(within, place),
                    only=only,
                    thought=thought,
                    say=said.append,
                    look=not fast,
                )

            try:
                if len(asked) == 1:
                    hits = page(offset)
                    served.deepening.shown(hit.path for hit in hits)
                    return hits
                return [hit for first in range(0, offset + most, most) for hit in page(first)]
            except NothingToLookFor as problem:
                if not fast:
                    raise
                said.append(problem.message)
                return []

        asked = await server.served(given.value("uri"))
        thought = await _thought(server, asked, query, said) if given.switch("think") and not fast else None
        limit = limit or max(served.repository.settings.search.limit for served in asked)
        form = Form(offset if len(asked) > 1 else 0, Marker(query), fast)
        answer = await ask(server, asked, find, limit, call.send_partial, form)
        return answer | {"notes": list(dict.fromkeys(said))}

    server.answers("search", "Searching", search)


async def _thought(
    server: WhereinServer, asked: Sequence[Served], query: str, said: list[str]
) -> "Thought | None":
    """What the configured language model thinks that the answer looks like; what became of it is said."""

    def prepare() -> "tuple[Coroutine[Any, Any, Thinking] | None, str, Callable[[Thinking], str]]":
        from wherein_server.explain.think import NEEDLESS, language_for, think, told

        repository = asked[0].repository
        language = repository.reading(lambda index: language_for(index, query))
        thinking = think(query, language, repository.settings) if language is not None else None
        return thinking, NEEDLESS, told

    if not asked:
        return None
    try:
        thinking, needless, told = await server.in_thread(prepare)
    except WhereinError:  # the search itself tells of it
        return None
    if thinking is None:
        said.append(needless)
        return None
    try:
        thought = await server.language_models.run(thinking)
    except EndpointUnreachable as problem:
        said.append(f"{problem.message} The question was searched for as it is.")
        return None
    said.append(shown_name(told(thought)))
    return thought.thought

"""`GET` and `POST /api/v1/search`: all repositories that the user may see, or some."""

import time

from starlette.responses import Response

from wherein.search.query import terms_of
from wherein_server.cli.jsonout import readable
from wherein_server.cli.sanitize import sentence
from wherein_server.serve.api import shown
from wherein_server.serve.api.answer_shapes import Found
from wherein_server.serve.api.request import ApiRequest, answer
from wherein_server.serve.api.request_shapes import SearchQuery
from wherein_server.sketch import thought_of_sketch


async def search(asked: ApiRequest) -> Response:
    """See the module."""
    wanted = await asked.body(SearchQuery) if asked.request.method == "POST" else asked.query(SearchQuery)
    library = asked.library
    for repository in wanted.repo:
        library.index(asked.who, repository)
    names = wanted.repo or library.seen(asked.who)

    def find() -> Found:
        said: list[str] = []
        began = time.perf_counter()
        found = library.shelf.search(
            wanted.q,
            names,
            limit=wanted.limit,
            mode=wanted.mode,
            thought=thought_of_sketch(wanted.sketch),
            **wanted.within(),
            say=said.append,
        )
        seconds = time.perf_counter() - began
        library.metrics.search(len(names), seconds)
        commits = {status.repository: status.commit for status in found.statuses}
        terms = terms_of(wanted.q)
        said += found.omissions()
        return Found(
            results=[
                shown.result(hit, terms, shown.link(asked.desk.forges, hit, commits.get(hit.repository)))
                for hit in found.hits
            ],
            indexes=shown.indexes_of(library, found.hits),
            searched=len(found.statuses),
            milliseconds=round(seconds * 1000, 1),
            notes=[readable(sentence(each)) for each in said],
        )

    return answer(await library.ask(find))

"""`GET /api/v1/symbol`: definitions by name."""

import time

from starlette.responses import Response

from wherein.errors import IndexIncompatible, IndexMissing, NotFound, WhereinError
from wherein.everywhere import Everywhere
from wherein.hit import Hit
from wherein_server.cli.jsonout import readable
from wherein_server.cli.sanitize import sentence
from wherein_server.serve.api import shown
from wherein_server.serve.api.answer_shapes import Found
from wherein_server.serve.api.request import ApiRequest, answer
from wherein_server.serve.api.request_shapes import SymbolQuery


async def symbol(asked: ApiRequest) -> Response:
    """See the module."""
    wanted = asked.query(SymbolQuery)
    library = asked.library
    for repository in wanted.repo:
        library.index(asked.who, repository)
    names = wanted.repo or library.seen(asked.who)

    def of_one(name: str) -> list[tuple[Hit, str | None]]:
        hits = library.index(asked.who, name).symbols(
            wanted.name, limit=wanted.limit, **wanted.within(), exact=wanted.exact
        )
        commit = library.shelf.record(name).commit if hits else None
        return [(hit, shown.link(asked.desk.forges, hit, commit)) for hit in hits]

    def find() -> Found:
        began = time.perf_counter()
        found: list[tuple[Hit, str | None]] = []
        problems: list[WhereinError] = []
        each = list(dict.fromkeys(names))
        for name in each:
            try:
                found += of_one(name)
            except (IndexMissing, IndexIncompatible, NotFound) as problem:  # the others may define it
                problems.append(problem)
        if problems and len(problems) == len(each):
            raise problems[0]
        left_out = Everywhere(left_out=[problem.message for problem in problems])
        found.sort(key=lambda each: (-each[0].score, each[0].repository, each[0].path, each[0].start_line))
        best = found[: wanted.limit]
        return Found(
            results=[shown.result(hit, (), link) for hit, link in best],
            indexes=shown.indexes_of(library, (hit for hit, _ in best)),
            searched=len(each) - len(problems),
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
            notes=[readable(sentence(each)) for each in left_out.omissions()],
        )

    return answer(await library.ask(find))

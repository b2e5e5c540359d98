"""`GET /api/v1/related`: code similar to that at a line."""

from starlette.responses import Response

from wherein_server.serve.api import answer_shapes, request_shapes, shown
from wherein_server.serve.api.request import ApiRequest, answer, path_of


async def related(asked: ApiRequest) -> Response:
    """See the module."""
    wanted = asked.query(request_shapes.PlaceQuery)
    path = path_of(wanted.path, wanted.path_bytes)
    index = asked.library.index(asked.who, wanted.repo)

    def read() -> answer_shapes.Related:
        hits = index.related(path, wanted.line, limit=wanted.limit)
        record = index.record()
        links = (shown.link(asked.desk.forges, hit, record.commit) for hit in hits)
        return answer_shapes.Related(
            index=shown.index(asked.library, index.repository, record),
            results=[shown.result(hit, (), link) for hit, link in zip(hits, links, strict=True)],
        )

    return answer(await asked.library.ask(lambda: index.at_once(read)))

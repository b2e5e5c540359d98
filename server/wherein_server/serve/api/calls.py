"""`GET /api/v1/calls`: what calls the definition at a line, and what it calls."""

from starlette.responses import Response

from wherein_server.serve.api import answer_shapes, request_shapes, shown
from wherein_server.serve.api.request import ApiRequest, answer, path_of


async def calls(asked: ApiRequest) -> Response:
    """See the module."""
    wanted = asked.query(request_shapes.PlaceQuery)
    path = path_of(wanted.path, wanted.path_bytes)
    index = asked.library.index(asked.who, wanted.repo)

    def read() -> answer_shapes.Calls:
        callers = index.calls_at(path, wanted.line, "callers", limit=wanted.limit)
        callees = index.calls_at(path, wanted.line, "callees", limit=wanted.limit)
        return answer_shapes.Calls(
            index=shown.index(asked.library, index.repository, index.record()),
            definition=shown.place(callers.definition),
            told=callers.told,
            callers=[shown.called(each) for each in callers.calls],
            callees=[shown.called(each) for each in callees.calls],
            unread=callers.unread,
        )

    return answer(await asked.library.ask(lambda: index.at_once(read)))

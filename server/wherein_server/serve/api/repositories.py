"""`GET /api/v1/repositories`: what the user may see, and how fresh it is."""

from starlette.responses import Response

from wherein.errors import WhereinError
from wherein.store.protocol import ViewRecord
from wherein_server.cli.jsonout import readable
from wherein_server.cli.sanitize import sentence
from wherein_server.serve.api import answer_shapes, shown
from wherein_server.serve.api.request import ApiRequest, answer


async def repositories(asked: ApiRequest) -> Response:
    """See the module."""
    library = asked.library
    names = library.seen(asked.who)

    def read() -> answer_shapes.Repositories:
        records: dict[str, ViewRecord] = {}
        left_out = []
        for name in names:
            try:
                records[name] = library.shelf.record(name)
            except WhereinError as error:
                left_out.append(readable(sentence(error.message)))
        left_out += [
            readable(sentence(f"{name} is left out: it claims another repository's name."))
            for name in asked.who.seen(library.shelf.disputed)
        ]
        return answer_shapes.Repositories(repositories=shown.indexes(library, records), left_out=left_out)

    return answer(await library.ask(read))

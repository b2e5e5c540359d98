"""`GET /api/v1/file`: a file as it is indexed, with its outline. The disk is not read."""

from collections.abc import Sequence

from starlette.responses import Response

from wherein.errors import NotFound
from wherein.outlined import Outlined
from wherein_server.cli.jsonout import path_fields, readable
from wherein_server.serve.api import answer_shapes, request_shapes, shown
from wherein_server.serve.api.request import ApiRequest, answer, path_of
from wherein_server.serve.highlight import highlighted, left_out
from wherein_server.unfinished import unfinished

MOST_LINES = 4_000
"""Sent at once."""

MOST_OUTLINED = 2_000
"""Definitions of an outline; of a file with more, those that the lines are of."""


async def file(asked: ApiRequest) -> Response:
    """See the module."""
    wanted = asked.query(request_shapes.FileQuery)
    path = path_of(wanted.path, wanted.path_bytes)
    index = asked.library.index(asked.who, wanted.repo)

    def read() -> answer_shapes.File:
        chunks = index.chunks(path)
        record = index.record()
        if not chunks:
            raise NotFound(f"{path} is not indexed in {wanted.repo}.")
        lines = {
            number: line
            for chunk in chunks
            for number, line in enumerate(chunk.text.split("\n"), chunk.start_line)
        }
        total = max(lines)
        last = min(total, wanted.first + MOST_LINES - 1, wanted.last or total)
        numbers = range(wanted.first, last + 1)
        language = next((chunk.language for chunk in chunks if chunk.language), "")
        before = "\n".join(lines.get(number, "") for number in range(1, min(wanted.first, total + 1)))
        shown_lines = [lines.get(number, "") for number in numbers]
        pieces = highlighted(shown_lines, language, within=unfinished(before, language))
        defined = index.outline(path)
        outline = defined if len(defined) <= MOST_OUTLINED else _about(defined, wanted.first, last)
        link = asked.desk.forges.link(index.repository, record.commit, path, wanted.first, last)
        return answer_shapes.File(
            index=shown.index(asked.library, index.repository, record),
            path=readable(path),
            path_bytes=path_fields(path).get("path_bytes"),
            language=language,
            total_lines=total,
            lines=[
                answer_shapes.Line(number=number, pieces=coloured, cut=left_out(lines.get(number, "")))
                for number, coloured in zip(numbers, pieces, strict=True)
            ],
            outline=list(map(_outlined, outline)),
            outline_whole=len(outline) == len(defined),
            link=link if numbers else None,
        )

    return answer(await asked.library.ask(lambda: index.at_once(read)))


def _outlined(found: Outlined) -> answer_shapes.Outlined:
    return answer_shapes.Outlined(
        start_line=found.start_line,
        end_line=found.end_line,
        line=found.line,
        symbol=found.symbol,
        qualified_name=found.qualified_name,
        kind=found.kind,
        depth=found.depth,
    )


def _about(defined: Sequence[Outlined], first: int, last: int) -> list[Outlined]:
    return [each for each in defined if each.start_line <= last and each.end_line >= first][:MOST_OUTLINED]

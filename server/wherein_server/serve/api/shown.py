"""Hits, definitions and files as the API shows them."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from wherein.call import Call
from wherein.errors import WhereinError
from wherein.hit import Hit
from wherein.store.protocol import ViewRecord
from wherein_server.cli import jsonout, snippets
from wherein_server.serve.api import answer_shapes
from wherein_server.serve.forges import Forges
from wherein_server.serve.highlight import Piece, highlighted, left_out
from wherein_server.serve.library import Library
from wherein_server.serve.newest import Newest
from wherein_server.unfinished import unfinished

TELLING = 0.5
"""Of what the best line says of the query, what another one has to say to be marked as well."""


def indexes(library: Library, records: Mapping[str, ViewRecord]) -> list[answer_shapes.Index]:
    """What an answer is from, and how far that is behind."""
    newest = library.newest.of({name: record.commit for name, record in records.items()})
    return [_index(name, record, newest.get(name)) for name, record in records.items()]


def indexes_of(library: Library, hits: Iterable[Hit]) -> list[answer_shapes.Index]:
    """Of the repositories that hits are of."""
    records = {}
    for name in dict.fromkeys(hit.repository for hit in hits):
        with suppress(WhereinError):  # it may be gone since
            records[name] = library.shelf.record(name)
    return indexes(library, records)


def index(library: Library, repository: str, record: ViewRecord) -> answer_shapes.Index:
    """The same of one repository."""
    (told,) = indexes(library, {repository: record})
    return told


def _index(repository: str, record: ViewRecord, newest: Newest | None) -> answer_shapes.Index:
    return answer_shapes.Index(
        repository=jsonout.readable(repository),
        view=jsonout.readable(record.name),
        commit=record.commit,
        complete=record.complete,
        updated=record.updated,
        files=record.files - sum(record.skipped.values()),
        chunks=record.chunks,
        newest=None if newest is None else answer_shapes.Newest(**newest._asdict()),
    )


def result(hit: Hit, terms: Sequence[str], link: str | None) -> answer_shapes.Result:
    """A hit, with the lines of it that say most of the terms."""
    lines = snippets.snippet(hit.text, hit.start_line, terms, named=hit.line)
    weights = snippets.line_weights([line.text for line in lines], terms)
    pieces = _coloured(hit, lines)
    least = max(max(weights, default=0.0) * TELLING, 1e-9)
    shown = [
        answer_shapes.Line(
            number=line.number,
            pieces=coloured,
            cut=left_out(line.text),
            matched=weight >= least,
            after_gap=line.after_gap,
        )
        for line, weight, coloured in zip(lines, weights, pieces, strict=True)
    ]
    return answer_shapes.Result.model_validate(
        {**jsonout.result(hit), "lines": shown, "link": link}, by_alias=False, by_name=True
    )


def _coloured(hit: Hit, lines: Sequence[snippets.Line]) -> list[list[Piece]]:
    """The pieces of each line. Each run of lines is coloured by itself, as what is before it leaves it."""
    whole = hit.text.split("\n")
    found: list[list[Piece]] = []
    while len(found) < len(lines):
        first, *others = lines[len(found) :]
        gap = next((at for at, line in enumerate(others) if line.after_gap), len(others))
        run = [line.text for line in (first, *others[:gap])]
        before = "\n".join(whole[: first.number - hit.start_line])
        found += highlighted(run, hit.language, within=unfinished(before, hit.language))
    return found


def link(forges: Forges, hit: Hit, commit: str | None) -> str | None:
    """Where the forge shows a hit."""
    return forges.link(hit.repository, commit, hit.path, hit.start_line, hit.end_line)


def place(hit: Hit) -> answer_shapes.Place:
    """A definition, without its text."""
    return answer_shapes.Place(repository=jsonout.readable(hit.repository), **jsonout.place(hit))


def called(call: Call) -> answer_shapes.Called:
    """The other end of a call."""
    return answer_shapes.Called(
        place=place(call.hit), name=call.name, line=call.line, through=jsonout.readable(call.through)
    )

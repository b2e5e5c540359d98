"""Hits, definitions and files as the API tells them."""

from collections.abc import Sequence

from wherein.call import Call
from wherein.hit import Hit
from wherein.store.protocol import ViewRecord
from wherein_server.cli import jsonout, snippets
from wherein_server.serve.api import shapes
from wherein_server.serve.forges import Forges
from wherein_server.serve.highlight import highlighted

TELLING = 0.5
"""Of what the best line says of the query, what another one has to say to be marked as well."""


def index(repository: str, record: ViewRecord) -> shapes.Index:
    """What an answer is from."""
    return shapes.Index(
        repository=jsonout.readable(repository),
        view=jsonout.readable(record.name),
        commit=record.commit,
        complete=record.complete,
        updated=record.updated,
        files=record.files - sum(record.skipped.values()),
        chunks=record.chunks,
    )


def result(hit: Hit, terms: Sequence[str], link: str | None) -> shapes.Result:
    """A hit, with the lines of it that say most of the terms."""
    lines = snippets.snippet(hit.text, hit.start_line, terms, named=hit.line)
    weights = snippets.line_weights([line.text for line in lines], terms)
    pieces = highlighted([line.text for line in lines], hit.language)
    least = max(max(weights, default=0.0) * TELLING, 1e-9)
    shown = [
        shapes.Line(number=line.number, pieces=coloured, matched=weight >= least, after_gap=line.after_gap)
        for line, weight, coloured in zip(lines, weights, pieces, strict=True)
    ]
    return shapes.Result.model_validate(
        {**jsonout.result(hit), "lines": shown, "link": link}, by_alias=False, by_name=True
    )


def link(forges: Forges, hit: Hit, commit: str | None) -> str | None:
    """Where the forge shows a hit."""
    return forges.link(hit.repository, commit, hit.path, hit.start_line, hit.end_line)


def place(hit: Hit) -> shapes.Place:
    """A definition, without its text."""
    return shapes.Place(repository=jsonout.readable(hit.repository), **jsonout.place(hit))


def called(call: Call) -> shapes.Called:
    """The other end of a call."""
    return shapes.Called(place=place(call.hit), name=call.name, line=call.line)

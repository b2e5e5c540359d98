"""A whole definition, and the chunks of a file, as hits."""

from wherein.hit import Hit
from wherein.search.calls.file_text import Files
from wherein.search.places import chunk_at, shown_path
from wherein.search.showing import whole_text
from wherein.store.protocol import Candidate, Store


def covering(store: Store, view: str, path: str, line: int) -> Candidate:
    """The chunk that covers a line. ConfigError where nothing does."""
    return chunk_at(store, view, path, line)[0]


def definition(store: Store, view: str, path: str, line: int, *, repository: str) -> Hit:
    """The definition that covers a line, its pieces joined."""
    chunk = covering(store, view, path, line)
    file = Files(store, view)[chunk.path]
    pieces = file.pieces(chunk)
    return whole_text(pieces, [file.text_of(piece) for piece in pieces], repository)


def chunks(store: Store, view: str, path: str, *, repository: str) -> list[Hit]:
    """The chunks of a file, by line."""
    file = Files(store, view)[shown_path(store, view, path) or path]
    return [whole_text([c], [text], repository) for c, text in zip(file.chunks, file.texts, strict=True)]

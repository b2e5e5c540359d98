"""A whole definition, and the chunks of a file, as hits."""

from wherein.hit import Hit
from wherein.search.file_text import Files
from wherein.search.places import shown_path
from wherein.search.showing import whole_text
from wherein.store.protocol import Store


def definition(files: Files, path: str, line: int, *, repository: str) -> Hit:
    """The definition that covers a line, its pieces joined. Raises ConfigError if nothing does."""
    chunk = files.covering(path, line)
    file = files[chunk.path]
    pieces = file.pieces(chunk)
    return whole_text(pieces, [file.text_of(piece) for piece in pieces], repository)


def chunks(store: Store, view: str, path: str, *, repository: str) -> list[Hit]:
    """The chunks of a file, by line."""
    file = Files(store, view)[shown_path(store, view, path) or path]
    return [whole_text([c], [text], repository) for c, text in zip(file.chunks, file.texts, strict=True)]

"""What is at a line."""

from wherein.errors import ConfigError, NotIndexed
from wherein.one_form import one_form
from wherein.store.protocol import Candidate, Embeddings, Store


def chunk_at(store: Store, view: str, path: str, line: int) -> tuple[Candidate, Embeddings]:
    """The chunk that covers a line (1-based), with its embedding. Raises ConfigError, which says what is missing: the
    file or the line."""
    found = store.chunk_at(view, path, line)
    if found is None and (other := other_spelling(store, view, path)) is not None:
        found = store.chunk_at(view, other, line)
    if found is None:
        raise nothing_at(store, view, path, line)
    return found


def nothing_at(store: Store, view: str, path: str, line: int) -> ConfigError:
    """The error that says what is missing: the file, or the line."""
    if shown_path(store, view, path) is None:
        return NotIndexed(path)
    return ConfigError(f"{path} has no line {line} in the index.")


def other_spelling(store: Store, view: str, path: str) -> str | None:
    """A path as the view has it, if it is spelled differently."""
    shown = None if path.isascii() else shown_path(store, view, path)
    return shown if shown != path else None


def shown_path(store: Store, view: str, path: str) -> str | None:
    """A path as the view has it, whose accented letters may be written differently; None if the view does not have
    it."""
    shown = store.view_files(view)
    if path in shown or path.isascii():
        return path if path in shown else None
    wanted = one_form(path)
    return next((each for each in shown if not each.isascii() and one_form(each) == wanted), None)

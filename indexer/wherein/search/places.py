"""What stands at a line."""

from wherein.errors import ConfigError
from wherein.store.protocol import Candidate, Embeddings, Store


def chunk_at(store: Store, view: str, path: str, line: int) -> tuple[Candidate, Embeddings]:
    """The chunk that covers a line (1-based), with its embedding. ConfigError says what is not there: file or line."""
    found = store.chunk_at(view, path, line)
    if found is not None:
        return found
    if path not in store.view_files(view):
        raise ConfigError(f"{path} is not in the index.", remedy=f"wherein files --why {path}")
    raise ConfigError(f"{path} has no line {line} in the index.")

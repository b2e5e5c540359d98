"""A folder of given files, and its index."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import wherein
from wherein.config.settings import Settings


def write_files(root: Path, texts: Mapping[str, str]) -> None:
    """Write texts under their paths below a folder, which is made."""
    for path, text in texts.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


@contextmanager
def indexed(folder: Path, texts: Mapping[str, str]) -> Iterator[wherein.Index]:
    """The index of a project of these texts; both are kept in the folder."""
    write_files(folder / "project", texts)
    with wherein.open_index(folder / "project", settings=Settings(data_dir=folder / "data")) as index:
        index.update(processes=0)
        yield index

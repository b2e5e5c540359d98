"""A note on this machine that a value of an index could not be read. A reader may have no right to mend it, and no
check reads all values, so the next `wherein index` here mends the index if there is such a note."""

from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from wherein import private

FOLDER = "damaged"


class UnreadableNote:
    """The note of one repository in one store."""

    def __init__(self, data_dir: Path, store: str, repository: str) -> None:
        """`store` is its URL as it may be shown."""
        told = f"{store}\0{repository}".encode("utf-8", "surrogateescape")
        self._file = data_dir / FOLDER / blake2b(told, digest_size=12).hexdigest()

    def note(self) -> None:
        """A value could not be read."""
        with suppress(OSError):
            private.folder(self._file.parent)
            private.create(self._file)

    def noted(self) -> bool:
        """Whether a value could not be read, and the index was not mended since."""
        return self._file.exists()

    def forget(self) -> None:
        """It was mended."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

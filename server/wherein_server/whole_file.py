"""The user's own files, written completely or not at all: on a full disk, the old content stays."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE, S_ISREG


def write_whole(path: Path, data: bytes, *, mode: int) -> None:
    """Put this in the place of a file, with the rights that it had; `mode` is of a new one. A link stays one, a pipe or
    a device is written to. Raises OSError, which names the file."""
    target = Path(os.path.realpath(path))
    with suppress(FileNotFoundError):
        status = target.stat()
        if not S_ISREG(status.st_mode):
            with path.open("wb") as file:
                file.write(data)
            return
        mode = S_IMODE(status.st_mode)
    name = ""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException as error:
        if name:
            with suppress(OSError):
                Path(name).unlink()
        if isinstance(error, OSError):
            error.filename = str(path)  # a full disk names none
        raise

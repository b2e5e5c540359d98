"""The script that hooks run, in the data folder; only it knows where wherein is."""

import shlex
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from wherein import private
from wherein.errors import StoreUnreachable
from wherein.hooks import changes
from wherein.hooks.changes import Change
from wherein.packaged import files

FOLDER = "hooks"
"""in the data folder: the script, what it was asked for, and what became of it"""

FILE = "request"

_COMMAND = b"set -- "


def state_folder(data_dir: Path) -> Path:
    """Where the script lies, and all that hooks and runs leave for each other."""
    return data_dir / FOLDER


def text(command: Sequence[str]) -> bytes:
    """The script for a command that starts wherein."""
    template = files("wherein.hooks").joinpath("request.sh").read_bytes()
    return template.replace(b"@COMMAND@", shlex.join(command).encode(errors="surrogateescape"))


def command_in(state: Path) -> list[str]:
    """What the script there starts; nothing if there is none."""
    try:
        lines = private.read(state / FILE).splitlines()
    except OSError:
        return []
    found = [line.removeprefix(_COMMAND) for line in lines if line.startswith(_COMMAND)]
    with suppress(ValueError, IndexError):
        return shlex.split(found[0].decode(errors="surrogateescape"))
    return []


def renew(state: Path) -> None:
    """Have the script there be that of this version, with the command that it has."""
    if command := command_in(state):
        with suppress(StoreUnreachable):
            changes.apply(writing(state, command))


def writing(state: Path, command: Sequence[str]) -> list[Change]:
    """What makes the script whole; nothing if it is."""
    wanted, path = text(command), state / FILE
    try:
        if private.read(path) == wanted:
            return []
    except OSError:
        pass

    def do() -> None:
        try:
            private.folder(state)
            private.write(path, wanted)
        except OSError as error:
            raise StoreUnreachable(
                f"{path} cannot be written: {error.strerror or error}.",
                remedy="set WHEREIN_DATA_DIR to a folder that you own",
            ) from error

    return [Change(path, "written", do)]

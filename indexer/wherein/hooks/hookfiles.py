"""Hook files: ours are put before what is there, and removed again, whoever has rewritten them meanwhile.

Into a shell script go a few lines behind its first one. Anything else (another language, a binary, a link, a file that
is not executable) is moved aside, and run by ours under its old name, with its arguments and input; what it ends with
is what git sees.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISLNK, S_ISREG

from wherein.errors import ConfigError
from wherein.hooks import changes
from wherein.hooks.block import (
    FIRST_LINE,
    MADE,
    MADE_WITH_FOLDER,
    block,
    find,
    inserted,
    made_in,
    speaks_of_us,
    without,
)
from wherein.hooks.changes import Change
from wherein.hooks.managers import in_force
from wherein.quick_dataclass import dataclass
from wherein.without_waiting import beginning

ASIDE = "before-wherein"
"""Ends the name of what was moved aside, and names the folder of links through which it is run under its old name."""

MOST_BYTES = 1_000_000
"""Of a hook that may be a script."""

_SHELL = re.compile(
    rb"#!\s*(\S*/)?(env\s+(-\S+\s+)*)?(\S*/)?(ba|da|a|k|mk|z)?(busybox\s+(a|hu)?)?sh(\s[^\r\n]*)?\n"
)

_OTHERS_TEXT = re.compile(rb"^[^#\n]*\bexec\b[^\n]*\s[\"']?\$\{?0\}?[\"']?(\s|$)", re.MULTILINE)
"""A script that has another program read it, which would trip over what only a shell understands."""


@dataclass(frozen=True, slots=True)
class HookFile:
    """What lies in the place of a hook."""

    content: bytes = b""
    mode: int = 0
    plain: bool = False
    """a regular file of moderate size"""
    there: bool = False

    @property
    def executable(self) -> bool:
        """Whether git would run it."""
        return bool(self.mode & 0o111)

    @property
    def takes_lines(self) -> bool:
        """Whether it is a shell script, and nothing but that. Without a first line, git has sh run it."""
        if not self.plain or b"\0" in self.content or b"\r" in self.content.partition(b"\n")[0]:
            return False
        if self.content.startswith(b"#!") and not _SHELL.match(self.content):
            return False
        return not _OTHERS_TEXT.search(self.content)


def look(path: Path) -> HookFile:
    """Raises ConfigError if there is something that can be no hook, or cannot be read."""
    try:
        status = path.lstat()
        if S_ISLNK(status.st_mode):
            return HookFile(there=True)
        if S_ISDIR(status.st_mode) or not S_ISREG(status.st_mode):
            raise ConfigError(
                f"{path} is not a file, so git does not run this hook.", remedy=f"mv '{path}' '{path}.away'"
            )
        if status.st_size > MOST_BYTES:
            return HookFile(mode=S_IMODE(status.st_mode), there=True)
        return HookFile(beginning(path, MOST_BYTES), S_IMODE(status.st_mode), plain=True, there=True)
    except (FileNotFoundError, NotADirectoryError):
        return HookFile()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error


def installing(
    folder: Path, events: Sequence[str], request: bytes, *, run_by_sh: bool = False
) -> Iterator[Change]:
    """What makes the hooks of a folder whole. `run_by_sh`: a tool has sh read them, executable or not."""
    made = MADE
    if not folder.exists():
        made = MADE_WITH_FOLDER
        yield changes.make_folder(folder)
    for event in events:
        yield from _installing(folder, event, request, made, run_by_sh=run_by_sh)


def _installing(folder: Path, event: str, request: bytes, made: str, *, run_by_sh: bool) -> Iterator[Change]:
    path = in_force(folder, event)
    hook = look(path)
    if blocks := find(hook.content):
        chained = _chained(event) if f"/{ASIDE}/".encode() in blocks[0] else b""
        content = inserted(hook.content, block(request, made=made_in(hook.content), chained=chained))
        if content != hook.content or not (hook.executable or run_by_sh):
            mode = hook.mode if run_by_sh else hook.mode | 0o111
            yield changes.write(path, content, "renewed", mode=mode)
    elif not hook.there:
        yield changes.write(path, FIRST_LINE + block(request, made=made), "written")
    elif hook.takes_lines and (hook.executable or run_by_sh):
        content = inserted(hook.content, block(request))
        yield changes.write(path, content, "lines added at its beginning", mode=hook.mode)
    else:
        aside = _free(folder, event)
        yield changes.rename(path, aside, f"moved to {aside.name}, from where it is run as before")
        yield changes.link(folder / ASIDE / event, f"../{aside.name}", "linked, so that it keeps its name")
        yield changes.write(path, FIRST_LINE + block(request, made=made, chained=_chained(event)), "written")


def uninstalling(folder: Path, notes: list[str]) -> Iterator[Change]:
    """What takes ours out of a folder, under whatever name a tool has given it. `notes` gets what remains."""
    folder_made = False
    claimed: set[str] = set()
    for path in sorted(_files(folder)):
        hook = look(path)
        if not speaks_of_us(hook.content):
            continue
        blocks = find(hook.content)
        if not blocks:
            notes.append(
                f"{path} holds the beginning of wherein's lines but not their end; take them out by hand."
            )
            continue
        folder_made = folder_made or made_in(hook.content) == MADE_WITH_FOLDER
        rest = without(hook.content)
        aside = _aside_of(folder, blocks[0])
        if rest is None and aside is not None and os.path.lexists(aside):
            claimed.add(aside.name)
            yield changes.rename(aside, path, f"moved back to {path.name}")
        elif rest is None:
            yield changes.remove(path)
        else:
            yield changes.write(path, rest, "lines taken out", mode=hook.mode)
    yield from _left_aside(folder, claimed, notes)
    if folder_made:
        yield changes.remove_if_empty(folder)


def _left_aside(folder: Path, claimed: set[str], notes: list[str]) -> Iterator[Change]:
    """Links are not needed any more; what they led to gets its name back where that is free by now."""
    links = folder / ASIDE
    for path in sorted(links.iterdir()) if links.is_dir() else ():
        if not path.is_symlink():
            continue
        yield changes.remove(path)
        aside = folder / path.readlink().name
        if aside.name in claimed or not os.path.lexists(aside):
            continue
        if os.path.lexists(folder / path.name):
            notes.append(
                f"{aside} is {path.name} as it was before wherein changed it; another tool has replaced that since."
            )
        else:
            yield changes.rename(aside, folder / path.name, f"moved back to {path.name}")
    if links.is_dir():
        yield changes.remove_if_empty(links)


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.suffix != ".sample" and path.is_file() and not path.is_symlink():
            yield path


def _chained(event: str) -> bytes:
    return f"{ASIDE}/{event}".encode()


def _aside_of(folder: Path, lines: bytes) -> Path | None:
    found = re.search(rb"/(" + ASIDE.encode() + rb"/[a-z-]+)\"", lines)
    if found is None:
        return None
    path = folder / found[1].decode()
    return folder / path.readlink().name if path.is_symlink() else None


def _free(folder: Path, event: str) -> Path:
    for number in range(1, 100):
        name = f"{event}.{ASIDE}" + (f"-{number}" if number > 1 else "")
        if not os.path.lexists(folder / name):
            return folder / name
    raise ConfigError(f"{folder} holds a hundred hooks that were moved aside.", remedy=f"ls '{folder}'")

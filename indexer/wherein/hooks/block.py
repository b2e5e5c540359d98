"""The lines in a hook file: made, found, removed."""

import re
import shlex
from pathlib import Path

from wherein.packaged import files

BEGIN, END = b"# >>> wherein hook >>>", b"# <<< wherein hook <<<"

MADE, MADE_WITH_FOLDER = "this file was made by wherein; ", "this file and its folder were made by wherein; "
"""Say that nothing was there before: a file of which only its first line is left can go, and an empty folder."""

FIRST_LINE = b"#!/bin/sh\n"

SKIP = "WHEREIN_SKIP_HOOK"

_BLOCK = re.compile(
    re.escape(BEGIN) + rb"[^\n]*\n(?:(?!# >>> wherein)[^\n]*\n)*?" + re.escape(END) + rb"[^\n]*\n?"
)

_ANYWHERE = (
    '/bin/sh "${WHEREIN_DATA_DIR:-${XDG_DATA_HOME:-${HOME-}/.local/share}/wherein}/hooks/request"'
    " || wherein hook request"
)


def request_words(script: Path, *, listed: bool = False) -> bytes:
    """The command that asks for a run, in sh's words; `listed` where only repositories that asked for it do."""
    return b"/bin/sh " + _quoted(script) + (b" listed" if listed else b"")


def anywhere() -> bytes:
    """The same for a file that others get too, whose wherein and folders lie elsewhere, or are not there."""
    return _ANYWHERE.encode()


def block(request: bytes, *, made: str = "", chained: bytes = b"") -> bytes:
    """The lines for a hook file; `made` is one of MADE where nothing was there before. `chained` is the name of a hook
    that was moved aside and is run afterwards."""
    text = files("wherein.hooks").joinpath("block.sh").read_bytes()
    chain = b""
    if chained:
        kept = b'"${0%/*}/' + chained + b'"'
        chain = b"[ ! -x " + kept + b" ] || exec " + kept + b' "$@"\n'
    return text.replace(b"@MADE@", made.encode()).replace(b"@REQUEST@", request).replace(b"@CHAIN@\n", chain)


def configured_command(request: bytes) -> bytes:
    """The same as one line for git's configuration. git adds its arguments at the end, which nothing takes."""
    return next(line for line in block(request).splitlines() if b"&" in line and line[:1] == b"[") + b"; :"


def find(content: bytes) -> list[bytes]:
    """The blocks in a file; more than one where a tool has put files together."""
    return _BLOCK.findall(content)


def speaks_of_us(content: bytes) -> bool:
    """Whether there is a block, or what is left of one."""
    return BEGIN in content


def made_in(content: bytes) -> str:
    """Which of MADE a file's blocks say, or nothing."""
    heads = [each.splitlines()[0] for each in find(content)]
    return next((each for each in (MADE, MADE_WITH_FOLDER) for head in heads if each.encode() in head), "")


def without(content: bytes) -> bytes | None:
    """The file without blocks; None if nothing is left of it that anybody else wrote."""
    rest = _BLOCK.sub(b"", content)
    return None if made_in(content) and rest.strip() in (b"", FIRST_LINE.strip()) else rest


def inserted(content: bytes, lines: bytes) -> bytes:
    """A script with the block behind its first line, or before it where that names no interpreter. What stands there
    already is replaced."""
    content = _BLOCK.sub(b"", content)
    if not content.startswith(b"#!"):
        return lines + content
    first, _, rest = content.partition(b"\n")
    return first + b"\n" + lines + rest


def _quoted(path: Path) -> bytes:
    return shlex.quote(str(path)).encode(errors="surrogateescape")

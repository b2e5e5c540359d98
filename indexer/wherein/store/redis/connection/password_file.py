"""Reading a password from a file."""

from pathlib import Path

LONGEST = 10_000
"""Bytes. A device or a pipe given by mistake may have no end."""


def password_in(path: Path) -> str:
    """What the file holds, without the end of its last line. OSError; ValueError where that can be no password."""
    with path.open("rb") as file:
        data = file.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise ValueError(f"it has more than {LONGEST:,} bytes")
    try:
        return data.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None

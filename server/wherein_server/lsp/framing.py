"""Messages of the base protocol on byte streams: a header with the length, an empty line, JSON."""

import json
import re
from typing import BinaryIO

LARGEST_MESSAGE = 64 << 20
"""Bytes of a body. No editor sends as much; a forged length must not fill the memory."""

LONGEST_HEADER = 4096

_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]*) *: *(.*?) *\r?\n", re.DOTALL)
_LENGTH = b"content-length"


class BadFrame(Exception):
    """What was read is no message. str() is a sentence; `code` is the JSON-RPC code to answer with."""

    def __init__(self, sentence: str, code: int = -32700) -> None:
        super().__init__(sentence)
        self.code = code


def read_message(stream: BinaryIO) -> object:
    """The next message, decoded. EOFError at the end of the stream, also inside a message; BadFrame for what is none:
    the stream is then behind it and may be read on."""
    length = _read_length(stream)
    if length > LARGEST_MESSAGE:
        _discard(stream, length)
        raise BadFrame(f"A message of {length:,} bytes is too large; {LARGEST_MESSAGE:,} are read.", -32600)
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        detail = str(error).partition("\n")[0]
        raise BadFrame(f"A message is not JSON in UTF-8: {detail}.") from None


def framed(body: bytes) -> bytes:
    """A body behind its header."""
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def _read_length(stream: BinaryIO) -> int:
    """Read a whole header. What stands before it that is none is skipped, and told in one BadFrame."""
    length: int | None = None
    while True:
        line = stream.readline(LONGEST_HEADER)
        if not line:
            raise EOFError
        if not line.strip():
            if length is not None:
                return length
            continue  # blank lines between messages do no harm
        match = _HEADER.fullmatch(line)
        if match is None:
            raise BadFrame(f"{line[:40].decode('ascii', 'backslashreplace')!r} is not a message header.")
        if match[1].lower() == _LENGTH:
            if not match[2].isdigit() or len(match[2]) > 18:
                raise BadFrame("Content-Length is not a number of bytes.")
            length = int(match[2])


def _discard(stream: BinaryIO, length: int) -> None:
    while length > 0:
        piece = stream.read(min(length, 1 << 20))
        if not piece:
            raise EOFError
        length -= len(piece)

"""Values between two processes, each marshalled after its length."""

import marshal
import struct
from typing import IO, Any

DONE, OUT_OF_MEMORY, FAULT = range(3)
"""How a request to the process that parses went. Out of time is no answer: the process has ended."""

_HEAD = struct.Struct("<Q")


def write(stream: IO[bytes], value: Any) -> None:  # noqa: ANN401 - what marshal takes
    """One value of plain types."""
    data = marshal.dumps(value)
    unsent = memoryview(_HEAD.pack(len(data)) + data)
    while unsent:
        unsent = unsent[stream.write(unsent) :]
    stream.flush()


def read(stream: IO[bytes]) -> Any:  # noqa: ANN401
    """The next value; EOFError at the end of the stream."""
    (size,) = _HEAD.unpack(_exactly(stream, _HEAD.size))
    return marshal.loads(_exactly(stream, size))  # noqa: S302 - both ends are this program


def _exactly(stream: IO[bytes], size: int) -> bytes:
    """So many bytes, also of a stream without a buffer, which gives what is there."""
    data = stream.read(size)
    while len(data) < size:
        more = stream.read(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data

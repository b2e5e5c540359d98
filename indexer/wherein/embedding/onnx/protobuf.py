"""The wire format of protocol buffers, as far as ONNX files use it, read and written without another package."""

import struct
from collections.abc import Iterator

Buffer = bytes | bytearray | memoryview

VARINT, EIGHT_BYTES, SIZED, FOUR_BYTES = 0, 1, 2, 5

LARGEST_KEY = (1 << 32) - 1

LONGEST_VARINT = 10
"""Bytes: 64 bits, seven a byte."""


def varint(value: int) -> bytes:
    """A number of 64 bits; a negative one as its complement."""
    value &= (1 << 64) - 1
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def whole(field: int, value: int) -> bytes:
    """A field that holds a whole number."""
    return varint(field << 3 | VARINT) + varint(value)


def real(field: int, value: float) -> bytes:
    """A field that holds a number of single precision."""
    return varint(field << 3 | FOUR_BYTES) + struct.pack("<f", value)


def sized(field: int, value: str | Buffer) -> bytes:
    """A field that holds a text, bytes or a message."""
    data = value.encode() if isinstance(value, str) else value
    return beginning(field, len(data)) + data


def beginning(field: int, size: int) -> bytes:
    """What stands before the content of a field of `size` bytes."""
    return varint(field << 3 | SIZED) + varint(size)


def fields(message: Buffer) -> Iterator[tuple[int, int | memoryview]]:
    """The fields of a message in order: number, and the whole number or the bytes that it holds. Raises ValueError if
    it is no message, or not whole."""
    data, at = memoryview(message), 0
    while at < len(data):
        key, at = _varint(data, at)
        field, kind = key >> 3, key & 7
        # Others forget what is beyond 32 bits, and would read another field.
        if not field or key > LARGEST_KEY:
            raise ValueError("a field with an invalid number")
        if kind == VARINT:
            value, at = _varint(data, at)
            yield field, value
            continue
        if kind == SIZED:
            size, at = _varint(data, at)
        elif kind in (EIGHT_BYTES, FOUR_BYTES):
            size = 8 if kind == EIGHT_BYTES else 4
        else:
            raise ValueError("a field of an unknown kind")
        if size > len(data) - at:
            raise ValueError("a field runs past the end of its message")
        yield field, data[at : at + size]
        at += size


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place in range(LONGEST_VARINT):
        if at + place >= len(data):
            raise ValueError("a number is cut off")
        byte = data[at + place]
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError("a number of more than 64 bits")

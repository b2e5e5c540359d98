"""What the server keeps with a checksum in front of it, because it may come back damaged."""

import zlib

_SUM_BYTES = 4


def summed(data: bytes) -> bytes:
    """As it is kept."""
    return zlib.crc32(data).to_bytes(_SUM_BYTES, "little") + data


def whole(raw: bytes) -> bytes:
    """What was kept. Raises ValueError if it is not as it was."""
    data = raw[_SUM_BYTES:]
    if zlib.crc32(data) != int.from_bytes(raw[:_SUM_BYTES], "little"):
        raise ValueError("a checksum does not fit")
    return data

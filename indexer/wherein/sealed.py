"""Content with a checksum, for files whose loss only costs time: damaged content counts as lost."""

import zlib

_MAGIC = b"wherein sealed 1\n"
_START = len(_MAGIC) + 4


def sealed(content: bytes) -> bytes:
    """The content as it is kept."""
    return _MAGIC + zlib.crc32(content).to_bytes(4, "big") + content


def unsealed(kept: bytes) -> bytes | None:
    """The content; None if it is not what was kept."""
    content = kept[_START:]
    if not kept.startswith(_MAGIC) or kept[len(_MAGIC) : _START] != zlib.crc32(content).to_bytes(4, "big"):
        return None
    return content

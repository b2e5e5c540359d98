"""Bytes of a file to text."""

import codecs
import re

from wherein.skips import SkipReason

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 65_536
"""Bytes of a file in no Unicode encoding that are looked at to tell an older encoding from binary data."""
MOST_CONTROLS = 0.01
MOST_HIGH_BYTES = 0.4
"""Shares of the sample. Western text has few bytes ≥ 0x80, code in any encoding as well (they stand in comments);
prose in a multi-byte encoding has mostly such bytes, and reading it as Western would index nonsense."""

_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]")


def decode(data: bytes) -> str | SkipReason:
    """The text of a file, its line ends made `\\n` so that line numbers agree with editors; or why there is none.

    Unicode with or without byte order mark, else Windows-1252 (of which Latin-1 is the printable part) where that
    looks like text. BINARY: NULs or many control characters; ENCODING: text in an encoding that cannot be told.
    """
    text = _decode(data)
    if isinstance(text, SkipReason) or "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str | SkipReason:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
            except UnicodeDecodeError:
                return SkipReason.ENCODING
            return SkipReason.BINARY if "\0" in text else text
    if b"\0" in data:
        return SkipReason.BINARY
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_western(data)


def _decode_western(data: bytes) -> str | SkipReason:
    sample = data[:SAMPLE]
    if len(_CONTROLS.findall(sample)) > MOST_CONTROLS * len(sample):
        return SkipReason.BINARY
    if len(_HIGH_BYTES.findall(sample)) > MOST_HIGH_BYTES * len(sample):
        return SkipReason.ENCODING
    return data.decode("cp1252", "replace")

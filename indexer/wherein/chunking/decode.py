"""A file's bytes → text."""

import codecs
import re

from wherein.chunking.encodings import declared_encoding, passes_for_utf8
from wherein.skips import SkipReason

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED_XML = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))
"""XML may be in UTF-16 without a mark: its first characters tell."""
_WIDE = ("utf_16", "utf_32")
_UNMARKED_WIDE = {"utf-16-le": (2, 0), "utf-16-be": (2, 1), "utf-32-le": (4, 0), "utf-32-be": (4, 3)}
"""Bytes a character, and which of them an ASCII character is in."""
LEAST_ASCII = 0.3
"""Share of ASCII in a text in UTF-16 or UTF-32 without a mark: code has more, with comments in Chinese as well."""
MOST_OF_PAGES = 0.1
"""Share of characters that begin a page of Unicode, as a common one of Chinese does: U+4E00."""
LEAST_WIDE = 8
"""Characters by which such a text can be told."""

SAMPLE = 65_536
"""Bytes of a file in no Unicode encoding that are looked at to tell an older encoding from binary data."""
MOST_CONTROLS = 0.01
MOST_HIGH_BYTES = 0.4
"""Shares of the sample. Western text has few bytes ≥ 0x80, code in any encoding as well (they stand in comments);
prose in a multi-byte encoding has mostly such bytes, and reading it as Western would index nonsense."""
CERTAIN = 4
"""So many characters of UTF-8 beyond ASCII for each byte that is none, and it is UTF-8 whatever it is declared to be:
in other encodings such sequences come by chance, in GBK as one in four. With fewer, but no less than one, it is UTF-8
where nothing is declared."""

_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_CHARACTERS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_ALIEN = re.compile(r"[\udc80-\udcff]")
"""A byte that is no part of UTF-8, as it stands in text."""
_SHIFTS = (b"\x1b", b"~{")
"""What texts in encodings of seven bits change the alphabet with."""


def decode(data: bytes, declared: str = "") -> str | SkipReason:
    """The text of a file, its line ends made `\\n` so that line numbers agree with editors; or why there is none.

    `declared` is Python's name of an encoding that something outside of the file declares. In this order: as a byte
    order mark says; as `declared`, if that is UTF-16 or UTF-32; in seven bits, as is declared; UTF-8; as the file
    itself declares, or else `declared`; UTF-8 of which single bytes are damaged; Windows-1252, where that looks like
    text. UTF-16 and UTF-32 without a mark are told by where their NULs stand. BINARY: other NULs or many control
    characters; ENCODING: text in an encoding that cannot be told.
    """
    text = _decode(data, declared)
    if isinstance(text, SkipReason) or "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes, declared: str) -> str | SkipReason:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _marked(data, mark, encoding)
    wide = (
        declared.startswith(_WIDE) and b"\0" in data
    )  # without any, it holds no ASCII: no line's end, no code
    if wide and (text := _as_text(data, declared)) is not None:
        return text
    if b"\0" in data:
        unmarked = next((name for head, name in _UNMARKED_XML if data.startswith(head)), "")
        return _as_text(data, unmarked or _unmarked_wide(data)) or SkipReason.BINARY
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data, declared)
    return _shifted(data, declared) or text


def _unmarked_wide(data: bytes) -> str:
    """UTF-16 or UTF-32 in which a text with NULs seems to be; empty: in neither."""
    for encoding, (width, ascii_) in _UNMARKED_WIDE.items():
        count, rest = divmod(len(data), width)
        columns = [data[at : SAMPLE * width : width] for at in range(width)]
        looked_at = min(count, SAMPLE)
        if rest or count < LEAST_WIDE or columns.pop(ascii_).count(0) > MOST_OF_PAGES * looked_at:
            continue
        if all(column.count(0) >= LEAST_ASCII * looked_at for column in columns):
            return encoding
    return ""


def _shifted(data: bytes, declared: str) -> str | None:
    """The text of a file of which it is said, by itself or outside of it, that it is in an encoding of seven bits."""
    if any(shift in data for shift in _SHIFTS):
        encoding = declared_encoding(data) or declared
        return _as_text(data, encoding) if passes_for_utf8(encoding) else None
    return None


def _marked(data: bytes, mark: bytes, encoding: str) -> str | SkipReason:
    """The text of a file with a byte order mark, of which a few bytes may be damaged."""
    text = data[len(mark) :].decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")
    if "\0" in text:
        return SkipReason.BINARY
    if encoding == "utf-8":
        return _repaired(text)
    return SkipReason.ENCODING if text.count("\ufffd") > MOST_CONTROLS * len(text) else text


def _not_utf8(data: bytes, declared: str) -> str | SkipReason:
    text = data.decode("utf-8", "surrogateescape")
    aliens = len(_ALIEN.findall(text))
    others = len(_BEYOND_ASCII.findall(text)) - aliens
    if others >= CERTAIN * aliens:
        return _repaired(text)
    for encoding in (declared_encoding(data), declared):
        if encoding and encoding != "utf_8" and (found := _as_text(data, encoding)) is not None:
            return found
    if others >= aliens:
        return _repaired(text)
    sample = data[:SAMPLE]
    if len(_CONTROLS.findall(sample)) > MOST_CONTROLS * len(sample):
        return SkipReason.BINARY
    if len(_HIGH_BYTES.findall(sample)) > MOST_HIGH_BYTES * len(sample):
        return SkipReason.ENCODING
    return data.decode("cp1252", "replace")


def _as_text(data: bytes, encoding: str) -> str | None:
    """Read in an encoding; None if there is none, the bytes are none of it, or the characters no text."""
    if not encoding:
        return None
    try:
        text = data.decode(encoding)
    except UnicodeError:
        return None
    controls = len(_CONTROL_CHARACTERS.findall(text[:SAMPLE]))
    return None if "\0" in text or controls > MOST_CONTROLS * len(text[:SAMPLE]) else text


def _repaired(text: str) -> str:
    """UTF-8 with bytes that are none, each of which is taken for Windows-1252."""
    return _ALIEN.sub(lambda alien: _western(ord(alien[0]) - 0xDC00), text)


def _western(byte: int) -> str:
    return bytes((byte,)).decode("cp1252", "replace")

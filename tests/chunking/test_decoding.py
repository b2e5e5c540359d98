import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherein.chunking.decode import decode
from wherein.skips import SkipReason


@pytest.mark.parametrize(
    "data",
    [
        "naïve".encode(),
        codecs.BOM_UTF8 + "naïve".encode(),
        codecs.BOM_UTF16_LE + "naïve".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "naïve".encode("utf-16-be"),
        codecs.BOM_UTF32_LE + "naïve".encode("utf-32-le"),
        "naïve".encode("latin-1"),
    ],
)
def test_text_is_read_in_the_encodings_that_people_use(data: bytes) -> None:
    assert decode(data) == "naïve"


def test_windows_quotes_are_read_as_such() -> None:
    assert (
        decode("// “quoted” for 5 €\nint main() {}".encode("cp1252")) == "// “quoted” for 5 €\nint main() {}"
    )


def test_every_line_end_becomes_a_newline() -> None:
    assert decode(b"a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_other_separators_end_no_line() -> None:
    text = "a\u2028b\x0cc\x85d"
    assert decode(text.encode()) == text


def test_an_empty_file_is_an_empty_text() -> None:
    assert decode(b"") == ""
    assert decode(codecs.BOM_UTF8) == ""


@pytest.mark.parametrize("data", [b"\x7fELF\x00\x01", b"text\x00", b"\xff\x01\x02\x03\x04\x05\x06" * 10])
def test_binary_data_is_left_out(data: bytes) -> None:
    assert decode(data) is SkipReason.BINARY


def test_text_in_an_unknown_encoding_is_left_out() -> None:
    assert decode("これは日本語の文章です".encode("euc-jp")) is SkipReason.ENCODING
    assert decode(codecs.BOM_UTF16_LE + b"a") is SkipReason.ENCODING


def test_code_with_comments_in_another_encoding_is_kept() -> None:
    text = decode(b"def f():\n    return 1  # " + "日本".encode("shift-jis"))
    assert isinstance(text, str)
    assert text.startswith("def f():\n    return 1")


@given(st.binary())
def test_no_bytes_raise(data: bytes) -> None:
    text = decode(data)
    assert isinstance(text, SkipReason) or "\r" not in text

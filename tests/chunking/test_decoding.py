import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherein.chunking.decode import decode
from wherein.chunking.encodings import known_encoding
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


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(
    "text", ["int main() {\n  return 0;\n}\n", "// 一个注释\nint main() { return 0; }\n"]
)
def test_wide_text_without_a_mark_is_told_by_where_its_nuls_stand(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text
    table = b"".join(value.to_bytes(2, "little") for value in range(256))
    assert decode(table) is SkipReason.BINARY
    assert decode(text.encode(encoding) + b"\0" * 8) is SkipReason.BINARY


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


RUSSIAN, JAPANESE, CHINESE = (
    "Читает файл настроек",
    "設定ファイルを読み込む関数です",
    "读取配置文件并返回结果",
)


@pytest.mark.parametrize(
    ("head", "encoding", "text"),
    [
        ("# -*- coding: cp1251 -*-\n# {}\n", "cp1251", RUSSIAN),
        ("#!/usr/bin/python\n# vim: set fileencoding=koi8-r :\n# {}\n", "koi8-r", RUSSIAN),
        ("# encoding: Windows-1251\n# {}\n", "cp1251", RUSSIAN),
        (";;; a.el --- x  -*- mode: lisp; coding: iso-8859-5-unix; -*-\n; {}\n", "iso8859-5", RUSSIAN),
        ("// {}\n\n\n\n\n\n\n// vim: fenc=euc-jp ts=4\n", "euc-jp", JAPANESE),
        ("# {}\n# Local Variables:\n# coding: shift_jis\n# End:\n", "shift_jis", JAPANESE),
        ("# -*- coding: iso-2022-jp -*-\n# {}\n", "iso-2022-jp", JAPANESE),
        ('<?xml version="1.0" encoding="GB2312"?>\n<a>{}</a>\n', "gb2312", CHINESE),
        ("<!DOCTYPE html>\n<html><head><meta charset='big5'>\n<p>{}</p>\n", "big5", "讀取設定檔案並且傳回"),
        (
            '<html><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><p>{}</p>',
            "iso8859-2",
            "Zażółć gęślą jaźń",
        ),
        ('@charset "windows-1250";\n/* {} */\n', "cp1250", "Příliš žluťoučký kůň"),
        (
            "\\documentclass{{article}}\n\\usepackage[latin2]{{inputenc}}\n{}\n",
            "iso8859-2",
            "Zażółć gęślą jaźń",
        ),
    ],
)
def test_what_a_file_declares_is_believed(head: str, encoding: str, text: str) -> None:
    written = head.format(text)
    assert decode(written.encode(encoding)) == written


@pytest.mark.parametrize(
    "name", ["utf-8", "zlib", "rot13", "punycode", "unicode_escape", "idna", "nonsense", "x" * 99]
)
def test_a_declaration_that_is_wrong_or_of_no_text_counts_for_nothing(name: str) -> None:
    written = f"# -*- coding: {name} -*-\n# für\n"
    assert decode(written.encode("latin-1")) == written
    assert decode(written.encode()) == written


def test_utf8_is_believed_before_a_stale_declaration() -> None:
    written = "# -*- coding: latin-1 -*-\n# Größe, Höhe, Länge\n"
    assert decode(written.encode()) == written
    assert decode(written.encode() + b"# \xfc\n") == written + "# ü\n"


def test_what_is_declared_elsewhere_is_believed_too() -> None:
    assert decode("# Größe\r\n".encode("utf-16-le"), "utf_16_le") == "# Größe\n"
    assert decode(RUSSIAN.encode("cp1251"), "cp1251") == RUSSIAN
    assert decode(RUSSIAN.encode(), "cp1251") == RUSSIAN
    assert decode(b"abc", "utf_16_le") == "abc"
    assert decode(b"def alpha()", "utf_16") == "def alpha()"
    assert decode("# 設定を読む\n".encode("iso2022_jp"), "iso2022_jp") == "# 設定を読む\n"
    assert decode("# 读取配置\n".encode("hz"), "hz") == "# 读取配置\n"
    assert decode(b"a = x ~{ y\n", "") == "a = x ~{ y\n"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("windows1251", "cp1251"),
        ("win-1251", "cp1251"),
        ("x-cp1251", "cp1251"),
        ("koi8r", "koi8_r"),
        ("ibm-866-dos", "cp866"),
        ("cn-gb-2312", "gbk"),
        ("hebrew-iso-8bit", "iso8859_8"),
        ("greek-iso-8bit-unix", "iso8859_7"),
        ("latin-5", "cp1254"),
        ("latin-2", "iso8859_2"),
        ("x-mac-roman", "mac_roman"),
        ("windows-99999", ""),
    ],
)
def test_an_encoding_is_known_by_the_names_that_editors_give_it(name: str, encoding: str) -> None:
    assert known_encoding(name) == encoding


@pytest.mark.parametrize("bad", [b"\xfc", b"\xff", b"\xc3(", b"\xe4\xb8"])
def test_a_bad_byte_costs_itself_alone(bad: bytes) -> None:
    good = "// Prüft die Größe.\n" * 3
    text = decode(good.encode() + bad + b"\n" + good.encode())
    assert isinstance(text, str)
    assert text.startswith(good)
    assert text.endswith(good)


def test_latin_text_stays_latin() -> None:
    written = "/* für die Größe und Höhe, très élégant */\nint f(void);\n"
    assert decode(written.encode("latin-1")) == written


def test_a_damaged_mark_of_utf16_is_read_for_what_is_whole() -> None:
    text = decode(codecs.BOM_UTF16_LE + ("class A { }\n" * 50).encode("utf-16-le") + b"x")
    assert isinstance(text, str)
    assert text.startswith("class A { }\n" * 50)

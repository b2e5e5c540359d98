"""No character of a repository steers the terminal; programs get names they can use."""

import base64
import json
import logging
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherein.hit import Hit
from wherein_server.cli.jsonout import path_fields, readable, result
from wherein_server.cli.log import log_to_standard_error
from wherein_server.cli.sanitize import LONGEST_SENTENCE, piped_back, piped_name, sentence, shown, shown_name

ESC = "\x1b"


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        (f"a{ESC}[31mb", "a␛[31mb"),
        ("bell\a", "bell␇"),
        ("\x9b31m", "\ufffd31m"),
        ("del\x7f", "del␡"),
        ("cr\rover", "cr␍over"),
        ("user\u202e\u2066admin", "user\ufffd\ufffdadmin"),
        ("admin\u200b \ufeffadmin \U000e0101", "admin\ufffd \ufffdadmin \ufffd"),
        ("क्\u200dष 👩\u200d💻 ❤\ufe0f", "क्\u200dष 👩\u200d💻 ❤\ufe0f"),
        ("tab\tand\nline stay", "tab\tand\nline stay"),
        ("naïve 名前 🙂", "naïve 名前 🙂"),
        ("bad\udcff", "bad\ufffd"),
    ],
)
def test_control_characters_show_as_signs(raw, safe):
    assert shown(raw) == safe


def test_a_name_stays_on_its_line():
    assert shown_name("a\nb\tc") == "a␊b␉c"


def test_no_control_character_of_any_kind_is_left():
    everything = "".join(map(chr, range(0x300))) + "\u202a\u202e\u2066\u2069"
    left = set(shown_name(everything)) & {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))}
    assert left == set()


def test_a_message_is_one_line_whatever_names_are_in_it():
    assert sentence("x\nwherein: all is lost\u2028\u200f") == "x␊wherein: all is lost\ufffd\ufffd"
    long = sentence("a" * 5_000 + "end")
    assert len(long) < LONGEST_SENTENCE + 10
    assert long.endswith("end")


def test_a_log_line_is_one_line_and_a_traceback_stays_readable(capsys):
    log_to_standard_error("info")
    try:
        raise ValueError("of the test")
    except ValueError:
        logging.getLogger("wherein.test").exception("a name: %s", "x\nwherein: forged")
    finally:
        logging.getLogger().handlers = []
    first, *traceback = capsys.readouterr().err.splitlines()
    assert first == "wherein.test: a name: x␊wherein: forged"
    assert traceback[-1] == "ValueError: of the test"


@pytest.mark.parametrize(
    "name",
    ["plain.py", "with space.py", "名前.py", "\u200fשם.py", os.fsdecode(b"latin-\xe9.py"), 'quote".py'],
)
def test_a_name_without_controls_is_piped_byte_for_byte(name):
    assert piped_name(name) == name


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("a\nb.py", r'"a\nb.py"'),
        (f"{ESC}[31m.py", r'"\033[31m.py"'),
        ('a\t"b\\', r'"a\t\"b\\"'),
        ("\x9b.py", r'"\302\233.py"'),
        ("rtl\u202egnp.py", r'"rtl\342\200\256gnp.py"'),
        ("line\u2028sep.py", r'"line\342\200\250sep.py"'),
    ],
)
def test_a_name_with_controls_is_quoted_as_git_quotes_it(name, quoted):
    assert piped_name(name) == quoted
    assert piped_back(quoted) == name


ODD = st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from('"\\\t\x9b\x1b\udcff')


@given(st.text(ODD, max_size=9).filter(lambda name: name[:1] != '"'))
def test_a_path_as_it_is_shown_is_read_as_that_path(name):
    assert piped_back(piped_name(name)) == name


def test_json_names_the_bytes_of_a_path_that_is_no_unicode():
    raw = b"dir/\xff\xfe.py"
    fields = path_fields(os.fsdecode(raw))
    assert fields["path"] == "dir/\ufffd\ufffd.py"
    assert base64.b64decode(fields["path_bytes"]) == raw
    json.dumps(fields).encode("utf-8")


def test_json_keeps_every_other_path_as_it_is():
    assert path_fields("src/名前.py") == {"path": "src/名前.py"}
    assert readable("lone \ud800 surrogate") == "lone \ufffd surrogate"


def test_a_result_has_the_fields_of_the_contract_and_parts_only_when_asked():
    hit = Hit("r", "a.py", 1, 2, "f", "C.f", "method", "python", 0.5, "def f(): ...", {"lexical": 0.5})
    assert list(result(hit)) == [
        *("repository", "path", "start_line", "end_line", "symbol", "qualified_name"),
        *("kind", "language", "score", "text", "line", "column"),
    ]
    assert result(hit, explain=True)["parts"] == {"lexical": 0.5}

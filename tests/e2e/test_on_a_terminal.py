"""What people see: colour, snippets, progress; and what they never see."""

import io
import re
import sys

import pytest

from installed_command import COMMAND
from kept_interpreter import stand_in

if sys.platform == "win32":
    pytest.skip("pseudo terminals are a matter of Unix", allow_module_level=True)

import pexpect

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOR = re.compile(r"\x1b\[[0-9;]*3[0-9][0-9;]*m")


def on_terminal(wherein, *arguments, environment=None, width=100, begin_anew=False, interrupt_at=None):
    """Run in a pseudo terminal; what it printed and the exit code. What takes keys from it is begun anew."""
    seen = io.StringIO()
    child = pexpect.spawn(
        str(COMMAND if begin_anew or interrupt_at is not None else stand_in(COMMAND)),
        list(arguments),
        cwd=str(wherein.folder),
        env=wherein.environment | (environment or {}),
        dimensions=(40, width),
        encoding="utf-8",
        codec_errors="surrogateescape",
        timeout=60,
    )
    child.logfile_read = seen
    if interrupt_at is not None:
        child.expect(interrupt_at)
        child.sendintr()
    child.expect(pexpect.EOF)
    child.wait()  # who closes hangs up on what has not ended a tenth of a second later
    child.close()
    assert "Traceback" not in seen.getvalue(), seen.getvalue()
    return seen.getvalue(), child.exitstatus


def test_hits_have_a_header_highlighted_lines_and_the_freshness_at_the_end(indexed):
    raw, code = on_terminal(
        indexed, "search", "-n2", "where are redirects followed after a 303", begin_anew=True
    )
    assert code == 0
    assert COLOR.search(raw)
    lines = ANSI.sub("", raw).splitlines()
    assert re.fullmatch(
        r"src/courier/session\.py:25-3\d  Session\.resolve_redirects  method  \d+\.\d\d", lines[0]
    )
    assert (
        lines[1]
        == "  25 │     def resolve_redirects(self, response: Response, request: Request) -> Response:"
    )
    assert any(re.match(r"  3\d │ .*303", line) for line in lines)
    commit = indexed.git("rev-parse", "HEAD")[:7]
    assert re.search(rf"^main @ {commit} · [\d,]+ chunks · \d+ ms$", lines[-1])


def test_a_long_line_is_cut_to_the_width(indexed):
    raw, _ = on_terminal(indexed, "search", "-n1", "where are redirects followed", width=40)
    snippet = [line for line in ANSI.sub("", raw).splitlines() if " │ " in line]
    assert snippet
    assert all(len(line) <= 40 for line in snippet)


def test_a_name_that_nothing_has_is_told_of(indexed):
    raw, code = on_terminal(indexed, "symbol", "zzyzxqqq")
    assert code == 1
    assert "No definition has the name zzyzxqqq or a similar one." in raw
    raw, _ = on_terminal(indexed, "symbol", "Session", "--lang", "go")
    assert "No definition that passes the filters has the name Session or a similar one." in raw


def test_nothing_found_is_said(indexed):
    raw, code = on_terminal(indexed, "search", "--mode", "lexical", "zzyzxqqq")
    assert code == 1
    assert "\nnothing found · " in ANSI.sub("", raw).replace("\r", "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--mode", "symbol", "zzyzxqqq"), "No definition has that name or a similar one."),
        (("--mode", "symbol", "Session lang:go"), "No definition that passes the filters has that name"),
        (("session path:nowhere/*.py",), "The filters exclude everything that is indexed."),
        (("path:nowhere/*.py",), "The filters exclude everything that is indexed."),
    ],
)
def test_names_and_filters_that_keep_nothing_are_told_of(indexed, arguments, sentence):
    raw, code = on_terminal(indexed, "search", *arguments)
    assert code == 1
    assert sentence in raw


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [((), {"NO_COLOR": "1"}), (("--color", "never"), {}), ((), {"TERM": "dumb"})],
    ids=["NO_COLOR", "--color never", "dumb terminal"],
)
def test_no_escape_sequence_is_sent_where_none_is_wanted(indexed, arguments, environment):
    raw, _ = on_terminal(indexed, "search", "redirects", *arguments, environment=environment)
    assert "src/courier/session.py:" in raw
    assert "\x1b" not in raw


def test_color_always_colours_a_pipe_too_and_wins_over_no_color(indexed):
    answer = indexed("search", "redirects", "--color", "always", environment={"NO_COLOR": "1"})
    assert COLOR.search(answer.out)
    assert "\x1b" not in indexed("search", "redirects").out


def test_the_first_index_shows_a_bar_with_rate_and_time_left(wherein, many_files):
    many_files(120)
    raw, code = on_terminal(wherein, "search", "redirects followed", width=120, begin_anew=True)
    assert code == 0
    plain = ANSI.sub("", raw)
    assert re.search(r"Indexing .*\d+%.* \d+/\d+ .*ETA", plain)
    assert "files/s" in plain
    assert plain.splitlines()[-1].endswith(" ms")


def test_ctrl_c_leaves_the_terminal_as_it_was(wherein, many_files):
    many_files(300)
    raw, code = on_terminal(wherein, "index", interrupt_at="Indexing", width=120)
    assert code == 130
    assert raw.rstrip().endswith("wherein: Interrupted.")
    assert raw.rfind("\x1b[?25h") > raw.rfind("\x1b[?25l")
    assert wherein("search", "redirects followed").code == 0


def test_control_characters_of_a_repository_never_reach_the_terminal(wherein, repo):
    hostile = "\x1b]0;owned\x07\x1b[2J\x9b31m\x08\u202e"
    repo.write(f"a{hostile}.py".replace("/", ""), f"def peculiar_needle():  # {hostile}\n    return 1\n")
    repo.write(b"latin-\xe9.py", "def peculiar_needle_too():\n    return 2\n")
    raw, code = on_terminal(wherein, "search", "peculiar needle", "--color", "never")
    assert code == 0
    assert not {"\x1b", "\x07", "\x9b", "\x08", "\u202e"} & set(raw)
    assert "␛]0;owned␇" in raw
    coloured, _ = on_terminal(wherein, "search", "peculiar needle")
    assert "\x1b]" not in coloured
    assert "\x1b[2J" not in coloured
    for arguments in (("files",), ("files", "--skipped"), ("search", "-l", "peculiar needle")):
        raw, _ = on_terminal(wherein, *arguments, "--color", "never")
        assert "\x1b" not in raw


def test_an_error_about_a_hostile_name_is_shown_with_signs(indexed):
    raw, code = on_terminal(indexed, "related", "no\x1b[2Jsuch.py:1", "--color", "never")
    assert code == 2
    assert "\x1b[2J" not in raw


def test_a_home_folder_is_asked_about(wherein, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "notes.md").write_text("# Lighthouses\n\nshine\n")
    for said, code in (("n", 2), ("y", 0)):
        child = pexpect.spawn(
            str(COMMAND),
            ["search", "lighthouses"],
            cwd=str(home),
            env=wherein.environment | {"HOME": str(home)},
            encoding="utf-8",
            timeout=60,
        )
        child.expect("is your home folder: everything in it would be indexed. Go on\\?")
        child.sendline(said)
        child.expect(pexpect.EOF)
        child.wait()
        child.close()
        assert child.exitstatus == code
    assert wherein("search", "lighthouses", cwd=home, environment={"HOME": str(home)}).code == 0

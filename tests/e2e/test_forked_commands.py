"""Commands that are forked from an interpreter which has imported wherein do what those begun anew do."""

import os
import re
import shutil
import signal
import stat
import subprocess
from pathlib import Path

import pytest

import kept_interpreter
from hook_files import COMMAND, executable

MATRIX: list[tuple[str | bytes, ...]] = [
    ("--version",),
    ("search", "redirects", "--no-update"),  # of no index yet
    ("index", "--json"),
    ("search", "redirects", "--json", "--limit", "2"),
    ("search", "redirects", "--color", "always"),
    ("search", b"caf\xe9 \xff"),
    ("files", "--skipped"),
    ("search", "x", "--limit", "many"),
    ("hook", "install"),
    ("clear", "--yes"),
]
VARIABLES = [
    {"WHEREIN_LOG_LEVEL": "debug"},
    {"NO_COLOR": "1", "COLUMNS": "40", "TERM": "dumb"},
    {"PATH": "/nowhere"},
]
if "WHEREIN_TEST_LONG" in os.environ:
    MATRIX[1:1] = [("search", "--help"), ("status",), ("index",), ("search", "where are redirects followed")]
    MATRIX[-1:-1] = [
        ("search", "xyzzy"),
        ("symbol", "Session.send"),
        ("related", "src/courier/session.py:20"),
        ("callers", "send"),
        ("outline", "src/courier/models.py"),
        ("explain", "Session.send", "--dry-run"),
        ("config",),
        ("repo", "list"),
        ("completion", "bash"),
        ("search",),
        ("no-such-command",),
        ("hook", "status"),
        ("hook", "uninstall"),
        ("gc",),
    ]
    VARIABLES += [{"WHEREIN_LIMIT": "1"}, {"GIT_DIR": "/nowhere"}, {"HOME": "/nowhere"}]
TIMES = re.compile(
    r"\d+(\.\d+)? ?(ms|s\b|seconds?)|\"seconds\": [\d.]+|\d\d:\d\d(:\d\d)?(\.\d+)?|\b\d+ (kB|bytes|B)\b|:\d{3,}\b"
)


def told(answer) -> tuple[int, str, str]:
    return answer.code, TIMES.sub("…", answer.out), TIMES.sub("…", answer.err)


def modes_below(folder: Path) -> dict[str, str]:
    """What lies there, but for what a name is drawn for, and the stamps of files, kept where these are not young."""
    return {
        re.sub(r"[0-9a-f]{12,}", "…", str(path.relative_to(folder))): stat.filemode(path.lstat().st_mode)
        for path in folder.rglob("*")
        if path.suffix != ".stamps"
    }


def all_of(wherein, repo, base: Path, *, begin_anew: bool) -> list[object]:
    """What everything says, in the one place that both see, and what it leaves behind."""
    wherein.begin_anew = begin_anew
    before = base / "before"
    shutil.copytree(repo.root, before, symlinks=True)
    found: list[object] = [(words, told(wherein(*words)), modes_below(wherein.data)) for words in MATRIX]
    found.extend((each, told(wherein("search", "redirects", environment=each))) for each in VARIABLES)
    found.append(told(wherein("search", "redirects", cwd=repo.root / "src")))
    found.append(told(wherein("index", cwd=base.parent)))
    found.append(told(wherein("ask", "-", input="where are redirects followed?\n")))
    found.append((modes_below(repo.root), modes_below(wherein.data)))
    shutil.rmtree(repo.root)
    shutil.rmtree(wherein.data)
    before.rename(repo.root)
    return found


@pytest.fixture(autouse=True)
def _forked_all_the_same(monkeypatch):
    """In the long form no command is forked elsewhere."""
    monkeypatch.delenv("WHEREIN_TEST_LONG", raising=False)


def test_they_say_do_and_leave_behind_what_those_begun_anew_do(wherein, repo, tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    forked = all_of(wherein, repo, base, begin_anew=False)
    begun = all_of(wherein, repo, base, begin_anew=True)
    for one, other in zip(forked, begun, strict=True):
        assert one == other


@pytest.fixture
def stand_in(wherein):
    """stand_in("watch"): the command as a program starts it that knows nothing of forks."""
    begun = []

    def start(*words, **environment):
        begun.append(
            subprocess.Popen(
                [str(kept_interpreter.stand_in(COMMAND)), *words],
                cwd=wherein.folder,
                env=wherein.environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        )
        return begun[-1]

    yield start
    for each in begun:
        each.kill()
        each.communicate()


def test_a_stand_in_says_what_the_command_says_and_ends_as_it_does(stand_in, wherein):
    usual, elsewhere = {}, {"LANG": "en_US.UTF-8"}  # which is another start
    for environment in (usual, elsewhere):
        process = stand_in("search", "--no-such-option", **environment)
        said, _ = process.communicate(timeout=60)
        assert (process.returncode, said.decode()) == (2, wherein("search", "--no-such-option").err)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stand_in_passes_signals_on(stand_in, number):
    process = stand_in("watch")
    for line in process.stdout:
        if b"Files below" in line:
            break
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode in (0, 130)


def test_what_a_stand_in_began_ends_with_it(stand_in):
    process = stand_in("watch")
    process.stdout.readline()
    process.kill()
    process.communicate(timeout=60)  # until nobody holds the output
    assert process.returncode == -signal.SIGKILL


LOOK = r"""#!/bin/sh
# In the place of git: what the process that asks was given. Of two that are begun together, the second looks.
[ "$1" = rev-parse ] || exit 1
parent=/proc/$PPID
{
    grep -E '^(Umask|SigIgn|SigCgt|Groups|NoNewPrivs)' $parent/status
    grep SigBlk /proc/self/status
    for each in $parent/fd/[0-9]*; do readlink "$each" | sed 's/:.*//'; done | sort | uniq -c
    readlink $parent/cwd
    cut -d' ' -f2- $parent/limits
    cut -d')' -f2 $parent/stat | cut -d' ' -f4,5,6
    env | grep -vE '^(_|PWD|SHLVL|OLDPWD)=' | sed 's/=none-.*/=none-…/' | sort
} >"$LOOKED_AT" 2>&1
exit 1
"""


def test_they_are_given_what_those_begun_anew_are(wherein, tmp_path):
    executable(tmp_path / "bin/git", LOOK)
    seen = []
    for begin_anew in (False, True):
        wherein.begin_anew = begin_anew
        place = tmp_path / f"looked at {begin_anew}"
        before = os.umask(0o027)
        try:
            wherein(
                "status", environment={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "LOOKED_AT": str(place)}
            )
        finally:
            os.umask(before)
        seen.append(place.read_text().replace(str(place), "PLACE"))
    assert seen[0].splitlines() == seen[1].splitlines()
    assert "Umask:\t0027" in seen[0]

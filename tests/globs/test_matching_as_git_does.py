"""Patterns mean what they mean to git, for any pattern and any path; and no pattern takes long."""

import subprocess
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wherein.git.ignore.patterns import IgnorePatterns
from wherein.globs import MOST_WILDCARDS, Globs, problem

BRACKETS = (
    "[ab] [!a] [^b-] []a] [a-c] [c-a] [[:alpha:]] [[:nope:]] [[:x] [\\]a] [a-\\c] [/] [a/] [--a] [[] [:a:]"
)
OTHERS = "a b ab é . / / * ** *** /**/ **/ /** **\\/ ? [ ] ! - # \\ \\* \\a"
pieces = st.sampled_from([*BRACKETS.split(), *OTHERS.split(), " ", "\\ ", "\t"])
lines = st.lists(pieces, min_size=1, max_size=7).map("".join)
names = st.text("aab.é-]![c", min_size=1, max_size=5).filter(lambda name: name.strip("."))
paths = st.lists(names, min_size=1, max_size=5).map("/".join)


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    folder = tmp_path_factory.mktemp("globs")
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


def of_git(folder, lines, paths):
    """Path → number of the line that decides and whether it ignores."""
    (folder / ".gitignore").write_bytes("".join(f"{line}\n" for line in lines).encode())
    given = "".join(f"./{path}\0" for path in paths).encode()
    command = ["git", "-C", folder, "check-ignore", "--no-index", "-z", "-v", "-n", "--stdin"]
    fields = (
        subprocess.run(command, input=given, capture_output=True, check=False).stdout.decode().split("\0")
    )
    answers = {}
    for number, pattern, path in zip(fields[1::4], fields[2::4], fields[3::4], strict=True):
        answers[path[2:]] = int(number) if number and not pattern.startswith("!") else None
    return answers


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lines, min_size=1, max_size=6), st.lists(paths, min_size=1, max_size=8, unique=True))
@example(["\\[a\\]", "a\\/b", "/\\a\\*/", "\\!b\\"], ["[a]", "a/b", "x/a/b", "a*/c", "!b", "!b\\"])
@example(["a**/b", "a*/**/b", "**/a", "!b/"], ["ab", "a/b", "a/x/b", "aa/b/c", "b", "b/a"])
def test_the_line_that_ignores_a_path_is_the_one_that_git_names(repository, lines, paths):
    patterns = IgnorePatterns()
    patterns.add("", "".join(f"{line}\n" for line in lines), ".gitignore")
    found = {path: patterns.match(path) for path in paths}
    ours = {
        path: int(match.rule.split(":")[1]) if match and match.ignored else None
        for path, match in found.items()
    }
    assert ours == of_git(repository, lines, paths)


@pytest.mark.parametrize(
    "pattern",
    [
        "*a" * 2_000 + "b",
        "**/a/" * 2_000 + "b",
        "a**/" * 2_000 + "b",
        "*?" * 2_000 + "[!a]",
        "[" + "a-z" * 3_000 + "]*" + "a" * 3_000 + "b",
    ],
)
def test_no_pattern_takes_more_than_a_step_for_each_byte_of_a_path(pattern):
    globs = Globs([pattern])
    deep, wide = "a/" * 2_000 + "a", "a" * 4_000
    globs.last(deep, folder=False)
    began = time.process_time()
    for path in (deep, wide):
        assert globs.last(path, folder=False) is None
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("written", ["x{}", "/\\[x\\]/\\*{}"], ids=["plain", "escaped"])
def test_names_without_wildcards_may_be_a_hundred_thousand(written):
    began = time.process_time()
    globs = Globs([written.format(number) for number in range(100_000)])
    assert time.process_time() - began < 2
    assert globs.left_out == 0
    found = "deep/x99999" if written == "x{}" else "[x]/*99999"
    assert globs.last(found, folder=False) == 99_999
    assert globs.last("deep/y", folder=False) is None


def test_patterns_with_wildcards_beyond_the_bound_are_left_out_and_counted():
    many = [f"*{number:09}*" for number in range(MOST_WILDCARDS // 11 + 5)]
    globs = Globs([*many, "plain"])
    assert globs.left_out == len(many) - MOST_WILDCARDS // 11
    assert globs.last("a000000001b", folder=False) == 1
    assert globs.last("plain", folder=False) == len(many)


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("!", "names nothing"),
        ("/", "names nothing"),
        ("[z-a]", "wrong way round"),
        ("a[", "never closed"),
        ("[]", "never closed"),
        ("[[:nope:]]", "class of characters"),
        ("a\\", "escapes nothing"),
        ("[[]", ""),
        ("[]]", ""),
        ("\\[", ""),
    ],
)
def test_what_is_wrong_with_a_pattern_is_said(pattern, part):
    assert part in problem(pattern)
    assert bool(problem(pattern)) is bool(part)

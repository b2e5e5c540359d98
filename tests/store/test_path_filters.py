import pytest

from wherein.errors import ConfigError
from wherein.store.globs import path_matcher

PATHS = ["a.py", "src/a.py", "src/deep/b.py", "src/deep/c.go", "docs/a.md", "lib/src/x.py", "sp ace/é.py"]


def passing(paths=(), exclude=()):
    matches = path_matcher(paths, exclude)
    return PATHS if matches is None else [path for path in PATHS if matches(path)]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["*.py"], ["a.py", "src/a.py", "src/deep/b.py", "lib/src/x.py", "sp ace/é.py"]),
        (["/*.py"], ["a.py"]),
        (["src/**"], ["src/a.py", "src/deep/b.py", "src/deep/c.go"]),
        (["src/"], ["src/a.py", "src/deep/b.py", "src/deep/c.go", "lib/src/x.py"]),
        (["./src/a.py"], ["src/a.py"]),
        (["src/*.py"], ["src/a.py"]),
        (["**/deep"], ["src/deep/b.py", "src/deep/c.go"]),
        (["*.go", "docs"], ["src/deep/c.go", "docs/a.md"]),
        (["sp ace/*"], ["sp ace/é.py"]),
        (["[ab].py"], ["a.py", "src/a.py", "src/deep/b.py"]),
        (["nothing"], []),
    ],
)
def test_patterns_match_as_in_gitignore(patterns, expected):
    assert passing(paths=patterns) == expected
    assert passing(exclude=patterns) == [path for path in PATHS if path not in expected]


def test_a_path_must_match_one_pattern_and_no_excluded_one():
    assert passing(["*.py"], ["src/", "sp*"]) == ["a.py"]


@pytest.mark.parametrize("blank", [(), ("",), ("  ",), (".",), ("./",)])
def test_blank_patterns_let_everything_pass(blank):
    assert path_matcher(blank, blank) is None


def test_a_pattern_that_git_would_refuse_is_a_mistake():
    with pytest.raises(ConfigError, match="pattern"):
        path_matcher(["!"], [])

"""What users type for filters and files is understood, or refused with a sentence."""

from pathlib import Path

import pytest

from wherein.errors import ConfigError
from wherein.search.inline_filters import KINDS, checked_kinds
from wherein_server.cli.paths import relative_path
from wherein_server.cli.patterns import checked_languages, checked_query, patterns


@pytest.fixture
def repo(tmp_path, monkeypatch):
    root = tmp_path / "repo"
    (root / ".git").mkdir(parents=True)
    (root / "src").mkdir()
    (root / "src" / "a.py").write_text("a = 1\n")
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize(
    "glob", ["*.py", "src/**", "/src/a.py", "docs/", "[ab].py", "[]].py", r"\[.py", "a b/*"]
)
def test_a_pattern_as_in_gitignore_is_taken_as_it_is(repo, glob):
    assert patterns([glob], repo) == (glob,)


def test_a_leading_dot_slash_and_an_absolute_path_are_understood(repo):
    assert patterns(["./src/*.py", f"{repo}/src/a.py", str(repo)], repo) == ("src/*.py", "/src/a.py", "**")


@pytest.mark.parametrize(
    ("glob", "part"),
    [
        ("../other/*.py", "leads out of the repository"),
        ("src/../../x", "leads out of the repository"),
        ("/etc/passwd", "is outside the repository"),
        ("", "is not a pattern"),
        ("[ab", "its [ is never closed"),
        ("!*.py", "takes back an exclusion"),
    ],
)
def test_a_bad_pattern_is_refused_with_a_sentence(repo, glob, part):
    with pytest.raises(ConfigError) as error:
        patterns([glob], repo)
    assert part in str(error.value)


def test_an_unknown_language_or_kind_names_the_nearest_ones():
    with pytest.raises(ConfigError) as error:
        checked_languages(["pyton"])
    assert "python" in error.value.remedy
    with pytest.raises(ConfigError) as error:
        checked_kinds(["functon"])
    assert "function" in error.value.remedy
    with pytest.raises(ConfigError) as error:
        checked_kinds(["zzzz"])
    assert "section" in error.value.remedy
    assert checked_kinds(["Function"]) == ("function",)


def test_a_path_may_be_relative_to_where_one_stands_to_the_root_or_absolute(repo, monkeypatch):
    monkeypatch.chdir(repo / "src")
    for typed in ("a.py", "./a.py", "src/a.py", "../src/a.py", str(repo / "src" / "a.py")):
        assert relative_path(typed, Path(), repo) == "src/a.py"


def test_a_file_that_is_not_there_may_still_be_asked_about(repo):
    assert relative_path("src/gone.py", repo, repo) == "src/gone.py"


@pytest.mark.parametrize("typed", ["/etc/passwd", "../../x", "link/passwd"])
def test_a_path_outside_the_repository_is_refused(repo, typed):
    (repo / "link").symlink_to("/etc")
    with pytest.raises(ConfigError, match="is outside the repository"):
        relative_path(typed, repo, repo)


def test_a_link_itself_is_in_the_repository(repo):
    (repo / "passwd").symlink_to("/etc/passwd")
    assert relative_path("passwd", repo, repo) == "passwd"


def test_every_kind_that_a_language_defines_can_be_asked_for():
    import re

    import wherein

    queries = Path(wherein.__file__).parent.glob("languages/*/*.scm")
    kinds = {
        kind for query in queries for kind in re.findall(r"@definition\.(\w+)", query.read_text("utf-8"))
    }
    assert len(kinds) > 10
    assert kinds <= set(KINDS)


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [
        ("net/a.py", ("/src/net/a.py",)),
        ("net/**", ("/src/net/**",)),
        ("./net/*.py", ("/src/net/*.py",)),
        ("../docs", ("/docs",)),
        ("../docs/*.md", ("/docs/*.md",)),
        ("..", ("**",)),
        (".", ("/src",)),
        ("docs/*.md", ("docs/*.md",)),
        ("src/net/a.py", ("src/net/a.py",)),
        ("nowhere/*.py", ("/src/nowhere/*.py", "nowhere/*.py")),
        ("*.py", ("*.py",)),
        ("**/a.py", ("**/a.py",)),
        ("top.py", ("/src/top.py",)),
        ("[x].py", (r"/src/\[x].py",)),
        ("#h.py", ("/src/#h.py",)),
    ],
)
def test_from_a_folder_a_pattern_means_what_is_seen_from_there(repo, monkeypatch, typed, pattern):
    for path in ("src/net/a.py", "docs/guide.md", "src/top.py", "src/[x].py", "src/#h.py"):
        (repo / path).parent.mkdir(exist_ok=True)
        (repo / path).write_text("x = 1\n")
    monkeypatch.chdir(repo / "src")
    assert patterns([typed], repo, Path()) == pattern


def test_a_pattern_may_not_climb_out_of_the_repository(repo, monkeypatch):
    monkeypatch.chdir(repo / "src")
    with pytest.raises(ConfigError, match="leads out"):
        patterns(["../../other/*.py"], repo, Path())


def test_places_inside_a_query_are_read_alike(repo, monkeypatch):
    monkeypatch.chdir(repo / "src")
    assert checked_query("open -path:a.py lang:python", repo, Path()) == "open -path:/src/a.py lang:python"
    with pytest.raises(ConfigError, match="is not a kind"):
        checked_query("open kind:methid", repo)

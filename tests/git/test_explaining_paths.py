import os

import pytest

from wherein.errors import ConfigError
from wherein.git.paths import repository_path
from wherein.skips import SkipReason


def why(place, path, **settings):
    source = place.source(**settings)
    try:
        return source.explain(repository_path(source.root, place.root / path))
    finally:
        source.close()


def test_a_listed_file_is_included(repo, folder):
    repo.commit({"a.py": "1\n"})
    folder.write("a.py")
    for explanation in (why(repo, "a.py"), why(folder, "a.py")):
        assert explanation.included
        assert explanation.reason is None
        assert "a.py" in explanation.sentence


def test_the_rule_of_a_gitignore_is_named(repo, folder):
    for place in (repo, folder):
        place.write("sub/.gitignore", "# first\n*.log\nbuild/\n")
        place.write("sub/x.log")
        place.write("sub/build/deep/y.py")
        log, built = why(place, "sub/x.log"), why(place, "sub/build/deep/y.py")
        assert (log.included, log.reason) == (False, SkipReason.IGNORED)
        assert "sub/.gitignore:2: *.log" in log.sentence
        assert built.reason is SkipReason.IGNORED
        assert "sub/.gitignore:3: build/" in built.sentence


@pytest.mark.parametrize("name", [":(top)x", "*?[x]", "new\nline", "-dash", "\udcff", " "], ids=ascii)
def test_the_rule_is_found_for_any_name(repo, name):
    repo.write(".gitignore", "ignored/\n")
    repo.write(f"ignored/{name}")
    assert ".gitignore:1: ignored/" in why(repo, f"ignored/{name}").sentence
    repo.write(".gitignore", "*\n")
    repo.write(name)
    assert ".gitignore:1: *" in why(repo, name).sentence


def test_the_rule_of_a_whereinignore_is_named(repo, folder):
    for place in (repo, folder):
        place.write(".whereinignore", "docs/\n")
        place.write("docs/a.md")
        explanation = why(place, "docs/a.md")
        assert explanation.reason is SkipReason.IGNORED
        assert ".whereinignore:1: docs/" in explanation.sentence


@pytest.mark.parametrize("ref", [None, "main"])
def test_each_other_reason_names_its_rule(repo, make_repo, ref):
    inner = make_repo("inner")
    inner.commit({"b.py": "2\n"})
    repo.git("submodule", "--quiet", "add", str(inner.root), "lib")
    (repo.root / "out").symlink_to("../x")
    (repo.root / "in").symlink_to("a.py")
    repo.commit(
        {
            ".gitattributes": "gen.py linguist-generated\nven.py linguist-vendored\n",
            **dict.fromkeys(
                ("a.py", "gen.py", "ven.py", "yarn.lock", "node_modules/x.js", "j.min.js", "a.snap"), ""
            ),
            "big.py": b"x" * 1001,
        }
    )
    expected = {
        "gen.py": (SkipReason.GENERATED, "linguist-generated"),
        "ven.py": (SkipReason.VENDORED, "linguist-vendored"),
        "yarn.lock": (SkipReason.GENERATED, "yarn.lock is written by a tool"),
        "node_modules/x.js": (SkipReason.VENDORED, "node_modules/ is a folder of third-party code"),
        "j.min.js": (SkipReason.MINIFIED, ".min.js"),
        "a.snap": (SkipReason.IGNORED, "index.exclude: *.snap"),
        "big.py": (SkipReason.TOO_LARGE, "1,001 bytes, and the limit is 1,000"),
        "lib": (SkipReason.SUBMODULE, "lib is a"),
        "out": (SkipReason.SYMLINK_OUTSIDE, "link to ../x"),
        "in": (None, "link to a.py"),
    }
    for path, (reason, words) in expected.items():
        explanation = why(repo, path, ref=ref, max_file_bytes=1000, exclude=("*.snap",), submodules="skip")
        assert not explanation.included
        assert (path, explanation.reason) == (path, reason)
        assert words in explanation.sentence
        assert explanation.sentence.endswith(".")


def test_what_the_explanation_says_is_what_the_listing_does(repo, folder):
    for place in (repo, folder):
        for path in ("a.py", "x.min.js", "vendor/a.go", "yarn.lock", "sub/b.py"):
            place.write(path)
        os.mkfifo(place.root / "pipe")
        (place.root / "out").symlink_to("..")
        listing = place.listing()
        for path in ("a.py", "x.min.js", "vendor/a.go", "yarn.lock", "sub/b.py", "out"):
            explanation = why(place, path)
            assert explanation.included is (path in listing.files)
            assert explanation.reason is None or explanation.reason in listing.skipped.values()


@pytest.mark.parametrize("ref", [None, "main"])
def test_what_is_no_file_is_said(repo, ref):
    repo.commit({"sub/a.py": "1\n"})
    for path, words in {
        "missing.py": "is not in main" if ref else "does not exist",
        "sub": "is a folder",
    }.items():
        explanation = why(repo, path, ref=ref)
        assert (explanation.included, explanation.reason) == (False, None)
        assert words in explanation.sentence


def test_a_path_outside_the_repository_is_said(repo, tmp_path):
    repo.commit({"a.py": "1\n"})
    (repo.root / "way_out").symlink_to(tmp_path)
    for path in (tmp_path / "x.py", "/etc/passwd", repo.root / "../x.py", repo.root / "way_out/x.py"):
        with pytest.raises(ConfigError, match="is outside the repository"):
            repository_path(repo.source().root, path)


def test_paths_are_relative_to_the_current_folder_and_resolved(repo, monkeypatch):
    repo.commit({"a.py": "1\n", "sub/b.py": "2\n"})
    (repo.root / "link").symlink_to("sub")
    monkeypatch.chdir(repo.root / "sub")
    source = repo.source()
    for given in ("b.py", "../sub/b.py", "./b.py", "../link/b.py", str(repo.root / "sub/b.py")):
        explanation = source.explain(repository_path(source.root, given))
        assert (explanation.path, explanation.included) == ("sub/b.py", True)
    for given, path in {"../a.py": "a.py", "..": "", ".": "sub"}.items():
        assert repository_path(source.root, given) == path


def test_a_path_outside_the_opened_folder_is_said(repo):
    repo.commit({"a.py": "1\n", "sub/b.py": "2\n"})
    explanation = repo.source("sub").explain("a.py")
    assert not explanation.included
    assert "outside sub/" in explanation.sentence


def test_paths_of_a_bare_repository_are_its_own(repo, clone):
    repo.commit({"sub/a.py": "1\n"})
    source = clone(repo, "bare.git", "--bare").source()
    assert source.explain("sub/a.py").included
    assert "is a folder" in source.explain("sub").sentence
    source.close()


def test_files_below_a_submodule_are_explained(repo, make_repo):
    inner = make_repo("inner")
    inner.commit({"b.py": "2\n", ".gitignore": "*.o\n"})
    repo.git("submodule", "--quiet", "add", str(inner.root), "lib")
    repo.write("lib/b.o")
    assert why(repo, "lib/b.py").included
    assert ".gitignore:1: *.o" in why(repo, "lib/b.o").sentence
    left_out = why(repo, "lib/b.py", submodules="skip")
    assert left_out.reason is SkipReason.SUBMODULE
    assert "lib is a separate repository" in left_out.sentence


def test_files_of_git_itself_are_not_among_those_that_it_shows(repo):
    repo.commit({"a.py": "1\n"})
    explanation = why(repo, ".git/config")
    assert (explanation.included, explanation.reason) == (False, None)

"""A large worktree is looked at once; after that, only what is different is."""

import os
import time

import pytest

from wherein.git import second_look
from wherein.git.stat_changes import SETTLED_NS
from wherein.git.worktree import WorktreeSource

TOGETHER = 12
"""Repositories that are made at once, for they have to grow old."""


@pytest.fixture(scope="module")
def beginnings(tmp_path_factory):
    """Gives repositories whose files are old enough to be believed."""
    from tests.conftest import Place, use_only_our_configuration

    made: list[Place] = []

    def make() -> None:
        folder = tmp_path_factory.mktemp("old")
        for number in range(TOGETHER):
            place = Place(folder / str(number))
            place.root.mkdir()
            place.git("init", "--quiet")
            place.commit(
                {"a.py": "one\n", "sub/b.py": "two\n", "c.min.js": "three\n", "vendor/d.py": "four\n"}
            )
            (place.root / "link").symlink_to("a.py")
            made.append(place)
        time.sleep(SETTLED_NS / 1e9 + 0.1)

    def beginning() -> Place:
        if not made:
            with pytest.MonkeyPatch.context() as patched:
                use_only_our_configuration(tmp_path_factory.mktemp("home"), patched)
                make()
        return made.pop()

    return beginning


@pytest.fixture
def old_repo(beginnings, only_our_configuration, monkeypatch, tmp_path):
    """One of them, looked at once."""
    monkeypatch.setattr(second_look, "LEAST_FILES", 2)
    repo = beginnings()
    looked_at(repo, tmp_path)
    return repo


def looked_at(repo, tmp_path):
    return repo.listing(stamp_cache=tmp_path / "stamps")


@pytest.fixture
def never_wholly(old_repo, monkeypatch):
    def refuse(self, last):
        raise AssertionError("all was looked at")

    monkeypatch.setattr(WorktreeSource, "_whole", refuse)


@pytest.mark.usefixtures("never_wholly")
def test_what_is_unchanged_is_not_looked_at(old_repo, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr("wherein.git.beneath.lstat", lambda place: seen.append(place) or os.lstat(place))
    listing = looked_at(old_repo, tmp_path)
    assert dict(listing.files) == {path: old_repo.blob(path) for path in ("a.py", "sub/b.py")}
    assert dict(listing.skipped) == {"c.min.js": "minified", "vendor/d.py": "vendored"}
    assert [os.path.basename(place) for place in seen] == ["link"]  # noqa: PTH119


@pytest.mark.usefixtures("never_wholly")
def test_files_that_differ_are_found_whatever_their_times_and_sizes_say(old_repo, tmp_path):
    file = old_repo.root / "a.py"
    before = file.stat()
    file.write_text("ONE\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    (old_repo.root / "sub/b.py").unlink()
    old_repo.write("new.py", "new\n")
    listing = looked_at(old_repo, tmp_path)
    assert listing.base is not None
    assert dict(listing.files) == {"a.py": old_repo.blob("a.py"), "new.py": old_repo.blob("new.py")}
    assert {path: blob for path, blob in listing.differs.items() if blob} == dict(listing.files)
    assert listing.differs["sub/b.py"] is None
    assert set(listing.skipped) == {"c.min.js", "vendor/d.py"}


def test_what_git_cannot_look_at_is_no_longer_shown(old_repo, tmp_path):
    (old_repo.root / "sub/b.py").unlink()
    (old_repo.root / "sub").rmdir()
    (old_repo.root / "sub").symlink_to("sub")  # git complains, and says nothing of what lay there
    assert set(looked_at(old_repo, tmp_path).files) == {"a.py"}


def test_a_file_that_appears_outside_of_a_sparse_checkout_is_shown(old_repo, tmp_path):
    old_repo.git("sparse-checkout", "set", "elsewhere")
    assert "sub/b.py" not in looked_at(old_repo, tmp_path).files
    time.sleep(SETTLED_NS / 1e9 + 0.1)
    looked_at(old_repo, tmp_path)
    old_repo.write("sub/b.py", "there all the same\n")
    assert dict(looked_at(old_repo, tmp_path).files) == dict(old_repo.listing().files)
    assert "sub/b.py" in looked_at(old_repo, tmp_path).files


@pytest.mark.usefixtures("never_wholly")
def test_a_commit_of_what_is_there_needs_no_whole_look_where_git_s_index_stays(old_repo, tmp_path):
    old_repo.git("commit", "--quiet", "--allow-empty", "--message", "another")
    listing = looked_at(old_repo, tmp_path)
    assert listing.commit == old_repo.git("rev-parse", "HEAD").strip()
    assert set(listing.files) == {"a.py", "sub/b.py"}


@pytest.mark.usefixtures("never_wholly")
def test_what_git_ignores_from_now_on_is_gone(old_repo, tmp_path):
    old_repo.write("new.py", "new\n")
    assert "new.py" in looked_at(old_repo, tmp_path).files
    old_repo.write(".git/info/exclude", "new.py\n")
    assert "new.py" not in looked_at(old_repo, tmp_path).files


@pytest.mark.parametrize("edited", [False, True])
def test_a_young_or_edited_file_that_git_ignores_from_now_on_is_gone_too(repo, tmp_path, monkeypatch, edited):
    monkeypatch.setattr(second_look, "LEAST_FILES", 2)
    repo.commit({"a.py": "one\n", "b.py": "two\n", "c.py": "three\n"})
    repo.write("new.py", "new\n")
    if edited:
        time.sleep(SETTLED_NS / 1e9 + 0.1)
    assert "new.py" in looked_at(repo, tmp_path).files
    if edited:
        repo.write("new.py", "edited\n")
    repo.write(".git/info/exclude", "new.py\n")
    monkeypatch.setattr(WorktreeSource, "_whole", None)
    assert set(looked_at(repo, tmp_path).files) == {"a.py", "b.py", "c.py"}


@pytest.mark.parametrize(
    ("file", "text", "left"),
    [
        (".whereinignore", "a.py\n", {"sub/b.py", ".whereinignore"}),
        (".gitattributes", "sub/* linguist-generated\n", {"a.py", ".gitattributes"}),
        (".git/info/attributes", "sub/* linguist-vendored\n", {"a.py"}),
        ("sub/.package-lock.json", "{}\n", {"a.py", "sub/b.py", "sub/.package-lock.json"}),
    ],
)
def test_a_file_that_steers_others_is_heeded(old_repo, tmp_path, file, text, left):
    old_repo.write(file, text)
    assert set(looked_at(old_repo, tmp_path).files) == left
    (old_repo.root / file).unlink()
    assert set(looked_at(old_repo, tmp_path).files) == {"a.py", "sub/b.py"}


@pytest.mark.parametrize("kind", [".look", ".found", ".numbers"])
def test_what_is_remembered_and_damaged_is_made_anew(old_repo, tmp_path, kind):
    for damage in (
        lambda kept: b"",
        lambda kept: kept[: len(kept) // 2],
        lambda kept: kept[:-4] + b"\0\0\0\0",
    ):
        [file] = (tmp_path / "stamps").glob(f"*{kind}")
        file.write_bytes(damage(file.read_bytes()))
        listing = looked_at(old_repo, tmp_path)
        assert dict(listing.files) == {path: old_repo.blob(path) for path in ("a.py", "sub/b.py")}


def test_no_filter_and_no_monitor_of_a_repository_runs(old_repo, tmp_path):
    ran = tmp_path / "ran"
    old_repo.git("config", "filter.evil.clean", f"touch '{ran}'")
    old_repo.git("config", "core.fsmonitor", f"touch '{ran}'")
    old_repo.write(".git/info/attributes", "* filter=evil\n")
    looked_at(old_repo, tmp_path)
    os.utime(old_repo.root / "a.py", (4_000_000_000, 4_000_000_000))
    (old_repo.root / "sub/b.py").write_text("new\n")
    looked_at(old_repo, tmp_path)
    looked_at(old_repo, tmp_path)
    assert not ran.exists()

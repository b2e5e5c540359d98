"""What a path leads to is decided once: no link at any of its parts, a regular file, no waiting."""

import itertools
import os
import threading
import time
from pathlib import Path

import pytest

from wherein.git import beneath
from wherein.git.beneath import Beneath, ThroughLink
from wherein.skips import SkipReason


@pytest.fixture(params=["dir_fd", "looked at"])
def way(request, monkeypatch):
    """Both ways of opening, whatever this system has."""
    if request.param == "dir_fd" and not beneath.HAS_DIR_FD:
        pytest.skip("this system opens nothing relative to a folder")
    monkeypatch.setattr(beneath, "HAS_DIR_FD", request.param == "dir_fd")


@pytest.fixture
def root(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    (inside / "a/b").mkdir(parents=True)
    (outside / "b").mkdir(parents=True)
    (inside / "a/b/c.py").write_text("in\n")
    (outside / "b/c.py").write_text("out\n")
    return inside


def test_a_regular_file_is_read(root, way):
    assert Beneath(root).read("a/b/c.py") == b"in\n"
    assert Beneath(root).lstat("a/b/c.py").st_size == 3


@pytest.mark.parametrize("link", ["a", "a/b", "a/b/c.py"])
def test_a_link_at_any_part_is_not_followed(root, way, link):
    place = root / link
    place.rename(root.parent / "moved")
    place.symlink_to(root.parent / "outside" / link.removeprefix("a").lstrip("/"))
    assert (root / "a/b/c.py").read_text() == "out\n"
    files = Beneath(root)
    with pytest.raises(OSError, match=r"link|regular"):
        files.read("a/b/c.py")
    if link != "a/b/c.py":
        for attempt in (files.read, files.lstat):
            with pytest.raises(ThroughLink) as refused:
                attempt("a/b/c.py")
            assert refused.value.filename == link


def test_a_link_that_stays_inside_is_not_followed_either(root, way):
    (root / "z").symlink_to("a")
    with pytest.raises(ThroughLink):
        Beneath(root).read("z/b/c.py")


def test_a_folder_swapped_for_a_link_after_it_was_looked_at_is_not_read(root, way):
    files = Beneath(root)
    assert files.lstat("a/b/c.py").st_size == 3
    (root / "a").rename(root.parent / "moved")
    (root / "a").symlink_to("../outside")
    with pytest.raises(ThroughLink):
        files.read("a/b/c.py")


def test_a_folder_swapped_all_the_time_never_shows_what_lies_outside(root):
    (root.parent / "link").symlink_to("outside")
    done = threading.Event()

    def swap() -> None:
        here, there, link = root / "a", root.parent / "a", root.parent / "link"
        while not done.is_set():
            here.rename(there)
            link.rename(here)
            here.rename(link)
            there.rename(here)

    swapping = threading.Thread(target=swap)
    swapping.start()
    seen: set[bytes] = set()
    try:
        until = time.monotonic() + 20
        for turn in itertools.count():
            if (turn > 3000 and len(seen) > 1) or time.monotonic() > until:
                break
            try:
                seen.add(Beneath(root).read("a/b/c.py"))
            except OSError:
                seen.add(b"refused")
    finally:
        done.set()
        swapping.join()
    assert b"in\n" in seen
    assert b"out\n" not in seen


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../outside/b/c.py", "a/../../outside/b/c.py", "a/./b", "a//b", "a\0b", ".."]
)
def test_what_is_no_path_of_a_listing_is_not_there(root, way, path):
    for attempt in (Beneath(root).read, Beneath(root).lstat):
        with pytest.raises(FileNotFoundError):
            attempt(path)


def test_nothing_waits_for_a_fifo_and_no_device_is_opened(root, way):
    os.mkfifo(root / "pipe")
    (root / "null").symlink_to(os.devnull)
    for path in ("pipe", "null", "a"):
        with pytest.raises(OSError, match="regular"):
            Beneath(root).read(path)


def test_no_more_is_read_than_the_limit(root, way):
    os.truncate(root / "a/b/c.py", 1 << 40)
    with pytest.raises(OSError, match="more than 1,000 bytes"):
        Beneath(root).read("a/b/c.py", 1000)
    os.truncate(root / "a/b/c.py", 1000)
    assert len(Beneath(root).read("a/b/c.py", 1000)) == 1000


def test_no_descriptor_stays_open(root, way):
    (root / "link").symlink_to("a")
    os.mkfifo(root / "pipe")
    before = len(list(Path("/dev/fd").iterdir()))
    for path in ("a/b/c.py", "link/b/c.py", "pipe", "a", "a/missing/c.py", "a/b/c.py/d"):
        try:
            Beneath(root).read(path)
        except OSError:
            continue
    assert len(list(Path("/dev/fd").iterdir())) == before


def outside_of(repo) -> Path:
    """A folder beside the repository with a file and a repository in it."""
    outside = repo.root.parent / "outside"
    inner = type(repo)(outside / "sub")
    inner.root.mkdir(parents=True)
    inner.git("init", "--quiet")
    inner.commit({"inner.py": "secret = 2\n"})
    (outside / "secret.py").write_text("secret = 1\n")
    return outside


@pytest.mark.parametrize("bit", ["--skip-worktree", "--assume-unchanged", "conflict"])
@pytest.mark.parametrize("sparse", ["true", "false"])
def test_files_tracked_behind_a_link_are_left_out(repo, bit, sparse):
    repo.commit({"a.py": "1\n"})
    outside_of(repo)
    blob = repo.blob("a.py")
    repo.git("config", "core.sparseCheckout", sparse)
    if bit == "conflict":
        stages = "".join(f"100644 {blob} {stage}\tlink/secret.py\n" for stage in (1, 2, 3))
        repo.git("update-index", "--index-info", given=stages.encode())
    else:
        repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob},link/secret.py")
        repo.git("update-index", bit, "link/secret.py")
    (repo.root / "link").symlink_to("../outside")
    source = repo.source()
    listing = source.listing()
    assert set(listing.files) == {"a.py"}
    assert set(listing.skipped.values()) <= {SkipReason.SYMLINK_OUTSIDE}
    assert not source.explain("link/secret.py").included
    with pytest.raises(ThroughLink):
        source.read("link/secret.py")


def test_a_submodule_behind_a_link_is_not_entered(repo):
    repo.commit({"a.py": "1\n"})
    inner = type(repo)(outside_of(repo) / "sub").git("rev-parse", "HEAD").strip()
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{inner},link/sub")
    (repo.root / "link").symlink_to("../outside")
    listing = repo.listing()
    assert set(listing.files) == {"a.py"}
    assert listing.skipped == {"link": SkipReason.SYMLINK_OUTSIDE, "link/sub": SkipReason.SUBMODULE}


def test_a_submodule_whose_git_folder_is_a_link_is_not_entered(repo):
    repo.commit({"a.py": "1\n"})
    outside = outside_of(repo)
    inner = type(repo)(outside / "sub").git("rev-parse", "HEAD").strip()
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{inner},lib")
    (repo.root / "lib").mkdir()
    (repo.root / "lib/.git").symlink_to(outside / "sub/.git")
    listing = repo.listing()
    assert set(listing.files) == {"a.py"}
    assert listing.skipped == {"lib": SkipReason.SUBMODULE}


def test_pattern_files_behind_links_are_not_read(repo):
    repo.commit({"a.py": "1\n", "b/c.py": "2\n"})
    (outside_of(repo) / "rules").write_text("*.py\n")
    (repo.root / ".whereinignore").symlink_to("../outside/rules")
    assert set(repo.listing().files) == {"a.py", "b/c.py"}

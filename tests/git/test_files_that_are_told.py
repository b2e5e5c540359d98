"""A look at the files that are told to have changed sees what a look at all files sees."""

import os
import random
import time
from pathlib import Path

import pytest

from histories import World
from histories.steps import STEPS
from wherein.git import reported_changes, second_look, stamps
from wherein.git.open import open_source
from wherein.git.source import SourceSettings

CHANGES = (
    *(
        "edit",
        "edit",
        "edit_unseen",
        "replace_file",
        "swap_files",
        "delete",
        "rename_case",
        "mode",
        "other_kind",
    ),
    *("gitignore", "gitattributes", "whereinignore", "editorconfig", "manifest", "nested", "keep_times"),
)
"""Steps of random histories that leave git's own files alone, but for `nested`."""

STEPS_EACH = 20
TICK = 0.012


@pytest.fixture
def world(tmp_path, only_our_configuration, monkeypatch):
    monkeypatch.setattr(second_look, "LEAST_FILES", 0)
    monkeypatch.setattr(second_look, "RACY_NS", -10_000_000_000)
    monkeypatch.setattr(stamps, "RACY_NS", -10_000_000_000)
    made = World.made(tmp_path, ())
    made.root = made.main
    time.sleep(2.2)  # so that a look is remembered
    return made


@pytest.fixture
def looks(monkeypatch):
    """How many looks were content with what was told."""
    seen = []

    def noted(known, paths):
        reported_changes.look_at(known, paths)
        seen.append(paths)

    monkeypatch.setattr("wherein.git.worktree.look_at", noted)
    return seen


def settings(world, cache):
    return SourceSettings(stamp_cache=world.folder / cache if cache else None)


def on_disk(root):
    """Path → numbers, of all files and folders."""
    found = {}
    for folder, names, files in os.walk(root):
        if ".git" in names:
            names.remove(".git")
        for name in [*names, *files]:
            place = Path(folder, name)
            status = place.lstat()
            numbers = (
                (status.st_mode, status.st_ino)
                if place.is_dir()
                else (*tuple(status)[:7], status.st_ctime_ns)
            )
            found[place.relative_to(root).as_posix()] = numbers
    return found


def shown(listing):
    return dict(listing.files), dict(listing.skipped), listing.commit, listing.branch


@pytest.mark.parametrize("seed", range(2))
def test_it_sees_what_a_look_at_all_files_sees(world, looks, seed):
    drawn = random.Random(seed)
    source = open_source(world.root, settings=settings(world, "kept"))
    source.listing()  # a whole one
    source.listing()
    before = on_disk(world.root)
    for number in range(STEPS_EACH):
        time.sleep(TICK)
        name = drawn.choice(CHANGES)
        STEPS[name].work(world, random.Random(drawn.randrange(2**32)))
        now = on_disk(world.root)
        changed = [path for path in before.keys() | now.keys() if before.get(path) != now.get(path)]
        before = now
        seen = source.listing(told=changed)
        expected = open_source(world.root, settings=settings(world, None)).listing()
        assert shown(seen) == shown(expected), f"{name}, step {number}: {changed}"
        if seen.base is not None:
            together = {**seen.base.files, **seen.differs}
            assert {path: blob for path, blob in together.items() if blob} == dict(seen.files)
        source.listing()  # as one follows soon
    assert looks


def test_what_nobody_told_of_is_seen_by_the_next_look_at_all(world, looks):
    source = open_source(world.root, settings=settings(world, "kept"))
    source.listing()
    source.listing()
    (world.root / "a.py").write_text("def told(): pass\n")
    (world.root / "b.py").write_text("def untold(): pass\n")
    (world.root / "new.py").write_text("def new(): pass\n")
    before = source.listing().files
    (world.root / "a.py").write_text("def told_again(): pass\n")
    (world.root / "b.py").write_text("def untold_again(): pass\n")
    seen = source.listing(told=["a.py"]).files
    assert len(looks) == 1
    assert seen["a.py"] != before["a.py"]
    assert seen["b.py"] == before["b.py"]
    assert "new.py" in seen
    assert source.listing().files["b.py"] != before["b.py"]


def test_of_thousands_of_files_that_are_told_all_are_looked_at(world, looks):
    source = open_source(world.root, settings=settings(world, "kept"))
    source.listing()
    source.listing()
    (world.root / "many").mkdir()
    for number in range(reported_changes.MOST_TOLD + 1):
        (world.root / "many" / f"{number}.py").write_text(f"def f{number}(): pass\n")
    assert f"many/{reported_changes.MOST_TOLD}.py" in source.listing(told=["many"]).files
    assert looks == []

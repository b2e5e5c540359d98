"""Whatever stands in the place of a file of ours, no command waits for it, fails in an odd way or answers otherwise."""

import os
import shutil
import time

import pytest

NESTED = b"[" * 100_000


@pytest.fixture
def used(wherein, repo):
    """The command, where it has left all files that it keeps; what it answers."""
    repo.write("old.py", "def told_apart():\n    return 1\n")
    for path in repo.root.rglob("*.py"):
        os.utime(path, (time.time() - 60, time.time() - 60))
    assert wherein("index").code == 0
    assert wherein("hook", "install").code == 0
    time.sleep(2.1)  # then files are remembered by their numbers
    assert wherein("search", "follow redirects").code == 0
    return wherein, wherein("search", "follow redirects").out


def a_pipe(file):
    os.mkfifo(file)


def a_folder(file):
    file.mkdir()


def nested_json(file):
    file.write_bytes(NESTED)


def no_end(file):
    file.touch()
    os.truncate(file, 1 << 40)


@pytest.mark.skipif(os.name != "posix", reason="pipes as files are POSIX's")
@pytest.mark.parametrize("put", [a_pipe, a_folder, nested_json, no_end])
def test_what_is_no_file_of_ours_in_the_place_of_one_changes_no_answer(used, tmp_path, put):
    wherein, right = used
    whole = tmp_path / "whole"
    shutil.copytree(wherein.data, whole)
    own = [path.relative_to(whole) for path in whole.rglob("*") if path.is_file()]
    assert {path.parts[0] for path in own} >= {"stamps", "hooks", "indexes", "measured", "names.json"}
    for name in own:
        if name.parts[0] == "indexes" and name.suffix != ".sums":
            continue  # see tests/store/test_damaged_files.py
        shutil.rmtree(wherein.data)
        shutil.copytree(whole, wherein.data)
        (wherein.data / name).unlink()
        put(wherein.data / name)
        found = wherein("search", "follow redirects")
        assert (found.code, found.out) == (0, right) or found.code in (3, 4), (name, found)
        told = wherein("hook", "status")
        assert told.code in (0, 1, 2), (name, told)
        assert "should not" not in found.err + told.err, (name, found, told)


@pytest.mark.skipif(os.name != "posix", reason="pipes as files are POSIX's")
def test_settings_that_cannot_be_read_are_told_and_not_passed_over(wherein, tmp_path):
    config = tmp_path / "config.toml"
    os.mkfifo(config)
    assert "not a regular file" in wherein("search", "redirects").err
    config.unlink()
    config.symlink_to(tmp_path / "nowhere.toml")
    told = wherein("search", "redirects")
    assert (told.code, told.err.splitlines()[0]) == (
        2,
        f"wherein: {config} is a broken symbolic link.",
    )
    config.unlink()
    config.symlink_to(os.devnull)
    assert wherein("search", "redirects").code == 0

"""What wherein keeps is its owner's alone, whatever the umask and whoever made it."""

import os
import stat
from pathlib import Path

import pytest

import wherein
from wherein import private
from wherein.config import Settings
from wherein_server.explain import cache

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


@pytest.fixture(params=[0o000, 0o022, 0o777])
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture(autouse=True)
def seen_anew():
    private._told.clear()


def open_to_others(folder: Path) -> list[str]:
    places = [folder, *folder.rglob("*")]
    return [str(place) for place in places if stat.S_IMODE(place.lstat().st_mode) & 0o077]


def test_everything_in_the_data_folder_is_private_whatever_the_umask(repo, data_dir, tmp_path, umask):
    os.umask(0o022)  # the repository is for everybody
    repo.commit({"a.py": "def alpha():\n    return 1\n"})
    repo.write("b.py", "def beta():\n    return 2\n")
    os.umask(umask)
    os.utime(repo.root / "b.py", (1e9, 1e9))
    new = tmp_path / "made" / "with" / "data"
    with wherein.open_index(repo.root, settings=Settings(data_dir=new)) as index:
        index.update()
        index.search("alpha")
        assert list((new / "indexes").glob("*.db-wal"))
        assert open_to_others(tmp_path / "made") == []
        cache.keep(new / "answers", "key", {"text": "an answer"})
        index.update(force=True)
    assert {place.name for place in new.iterdir()} >= {"indexes", "answers", "names.json"}
    assert open_to_others(tmp_path / "made") == []


def test_what_an_older_version_left_open_is_closed(repo, data_dir):
    repo.commit({"a.py": "def alpha():\n    return 1\n"})
    settings = Settings(data_dir=data_dir)
    with wherein.open_index(repo.root, settings=settings) as index:
        index.update()
    for place in [data_dir, *data_dir.rglob("*")]:
        place.chmod(0o777 if place.is_dir() else 0o666)
    private._told.clear()
    with wherein.open_index(repo.root, settings=settings):
        assert open_to_others(data_dir) == []


def test_a_folder_that_holds_other_things_is_left_as_it_is_and_told(repo, data_dir, caplog):
    repo.commit({"a.py": "def alpha():\n    return 1\n"})
    data_dir.mkdir(mode=0o755)
    (data_dir / "letters.txt").write_text("")
    data_dir.chmod(0o777)
    with wherein.open_index(repo.root, settings=Settings(data_dir=data_dir)) as index:
        index.update()
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o777
    assert open_to_others(data_dir / "indexes") == []
    assert "can be written to by other users" in caplog.text


def test_what_another_keeps_under_a_name_of_ours_in_a_shared_folder_is_not_touched(repo, data_dir):
    repo.commit({"a.py": "def alpha():\n    return 1\n"})
    theirs = [data_dir / "models" / "mine.gguf", data_dir / "hooks" / "deploy", data_dir / "stamps" / "1.png"]
    for file in (*theirs, data_dir / "letters.txt"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("theirs")
        file.chmod(0o664)
        file.parent.chmod(0o775)
    with wherein.open_index(repo.root, settings=Settings(data_dir=data_dir)) as index:
        index.update()
        index.search("alpha")
    assert [stat.S_IMODE(file.stat().st_mode) for file in theirs] == [0o664] * 3
    assert stat.S_IMODE((data_dir / "models").stat().st_mode) == 0o775
    assert open_to_others(data_dir / "indexes") == []


def test_the_names_of_what_is_ours_are_known(repo, data_dir):
    repo.commit({"a.py": "def alpha():\n    return 1\n"})
    with wherein.open_index(repo.root, settings=Settings(data_dir=data_dir)) as index:
        index.update()
        index.search("alpha")
        cache.keep(data_dir / "answers", "key", {"text": "an answer"})
    (data_dir / "letters.txt").write_text("")
    for part in data_dir.iterdir():
        assert part.is_file() or private._is_ours(part), list(part.iterdir())


def test_a_link_into_a_place_that_everybody_may_write_to_is_told(tmp_path, data_dir, caplog):
    public = tmp_path / "public"
    (public / "planted").mkdir(parents=True, mode=0o700)
    public.chmod(0o1777)
    data_dir.symlink_to(public / "planted")
    private.mend(data_dir)
    assert "in a folder that every user can write to" in caplog.text


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_folder_of_another_user_is_told(data_dir, caplog):
    data_dir.mkdir()
    os.chown(data_dir, 65534, 65534)
    private.mend(data_dir)
    assert "belongs to another user" in caplog.text


def test_a_file_is_put_in_place_whole_and_through_no_link(tmp_path):
    target = tmp_path / "target"
    target.write_text("theirs")
    scratch = tmp_path / f".own.{os.getpid()}"
    scratch.symlink_to(target)
    private.write(tmp_path / "own", b"ours")
    assert ((tmp_path / "own").read_bytes(), target.read_text()) == (b"ours", "theirs")
    assert not scratch.exists()


def test_of_a_folder_only_files_of_our_names_go(tmp_path):
    for number in range(5):
        for name in (f"{number:024x}", f"photo {number}.jpg", f"{number}"):
            (tmp_path / name).write_text("")
            os.utime(tmp_path / name, (number, number))
    (tmp_path / f"{9:024x}").mkdir()
    private.keep_newest(tmp_path, 2, "[0-9a-f]{24}")
    left = {file.name for file in tmp_path.iterdir()}
    others = {name for number in range(5) for name in (f"photo {number}.jpg", f"{number}")}
    assert left == others | {f"{3:024x}", f"{4:024x}", f"{9:024x}"}

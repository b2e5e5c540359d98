"""Outside of a repository nothing is indexed unasked: no home folder, none of the system, none of very many files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import wherein
from wherein.config import Settings
from wherein.skips import SkipReason
from wherein.unasked import places


@pytest.fixture
def at(data_dir):
    """at(folder): its index; closed at the end."""
    opened = []

    def make(folder):
        opened.append(wherein.open_index(folder, settings=Settings(data_dir=data_dir)))
        return opened[-1]

    yield make
    for index in opened:
        index.close()


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "people" / "ada"
    folder.mkdir(parents=True)
    (folder / "notes.md").write_text("# Notes\n\nabout lighthouses\n")
    monkeypatch.setenv("HOME", str(folder))
    return folder


def test_the_home_folder_is_indexed_when_its_user_says_so_which_is_remembered(home, at):
    index = at(home)
    for look in (index.update, index.skipped, lambda: index.why("notes.md")):
        with pytest.raises(
            wherein.NotAgreed, match="is your home folder: everything in it would be indexed"
        ) as told:
            look()
    assert told.value.remedy == "wherein index --yes"
    index.agree()
    assert index.update().files_added == 1
    assert at(home).update().files_added == 0
    with pytest.raises(wherein.NotAgreed, match="holds home folders"):
        at(home.parent).update()


def test_a_folder_of_very_many_files_is_counted_no_further_than_needed(folder, at, monkeypatch):
    monkeypatch.setattr("wherein.unasked.ask_first.MOST_UNASKED", 20)
    for number in range(20):
        folder.write(f"f{number}.txt", "x\n")
    folder.write(".gitignore", "ignored/\n.gitignore\n")
    for number in range(50):
        folder.write(f"ignored/{number}.txt", "x\n")
        folder.write(f"node_modules/{number}.js", "x\n")
    assert at(folder.root).update().files_added == 20
    for number in range(50):
        folder.write(f"more/{number}/a.txt", "x\n")
    assert at(folder.root).update().files_added == 50  # what is indexed may grow
    with pytest.raises(wherein.NotAgreed, match="holds more than 20 files"):
        at(folder.root / "more").update()


@pytest.mark.skipif(os.name != "posix", reason="places of POSIX")
def test_system_folders_and_the_root_are_asked_about_and_scratch_folders_are_not():
    for place in ("/", "/usr", "/usr/share/doc", "/etc", "/var/lib", "/opt/x", "/bin", "/tmp", "/var/tmp"):
        assert places.asked_about(Path(place)), place
    for place in ("/srv/code", "/tmp/x", "/var/tmp/x", "/data/etc"):
        assert not places.asked_about(Path(place)), place


@pytest.mark.skipif(os.name != "posix", reason="places of POSIX")
def test_homes_of_others_and_what_programs_keep_in_one_s_own_are_asked_about(home):
    for place in ("/home", "/home/bob", "/Users/bob", "/root", home / ".ssh", home / ".mozilla/firefox"):
        assert places.asked_about(Path(place)), place
    assert places.asked_about(home / ".config") == "holds what programs keep for you"
    for place in (
        "/home/bob/notes",
        home / "notes",
        home / ".config/nvim",
        home / ".vim",
        home / ".dotfiles",
    ):
        assert not places.asked_about(Path(place)), place


def test_files_of_repositories_in_a_folder_count(folder, at, monkeypatch):
    monkeypatch.setattr("wherein.unasked.ask_first.MOST_UNASKED", 20)
    for number in range(3):
        for file in range(8):
            folder.write(f"p{number}/{file}.txt", "x\n")
        subprocess.run(["git", "init", "-q", folder.root / f"p{number}"], check=True)
    with pytest.raises(wherein.NotAgreed, match="holds more than 20 files"):
        at(folder.root).update()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc")
def test_what_the_system_shows_of_itself_is_never_indexed(at):
    for place in ("/proc", "/proc/self/fd", "/sys", "/dev"):
        if not Path(place).is_dir():
            continue
        index = at(place)
        index.agree()
        with pytest.raises(wherein.ConfigError, match="nothing there is indexed"):
            index.update()
    assert places.never(Path("/proc/self/net").resolve())
    assert not places.never(Path("/home"))


def test_a_repository_in_the_home_folder_is_a_repository(home, at):
    subprocess.run(["git", "init", "-q", home], check=True)
    assert at(home).update().files_added == 1


def with_a_mount(folder, below: str, look: str) -> str:
    """What Python says in a folder in which a file system is mounted, after a command made files in that."""
    script = f'mount -t tmpfs none mounted && {below} && exec "$0" -c "$1"'
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", script, sys.executable, look],
        cwd=folder.root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 and ("unshare" in done.stderr or "mount" in done.stderr):
        pytest.skip("mounting is not permitted here")
    return done.stdout.strip()


def test_mounts_below_are_not_entered(folder):
    folder.write("a.txt", "x\n")
    folder.write("mounted/b.txt", "x\n")
    look = (
        "import wherein; from wherein.git.open import open_source; l = open_source('.').listing();"
        "print(sorted(l.files), dict(l.skipped))"
    )
    said = with_a_mount(folder, "echo x > mounted/c.txt", look)
    assert said == f"['a.txt'] {dict.fromkeys(['mounted/'], SkipReason.OTHER_FILE_SYSTEM)}"


def test_where_a_file_system_is_mounted_is_asked_about_and_what_lies_in_it_is_not(folder):
    (folder.root / "mounted").mkdir()
    look = (
        "from pathlib import Path; from wherein.unasked.places import asked_about;"
        "print([asked_about(Path(each).resolve()) for each in ('mounted', 'mounted/inner', '.')])"
    )
    said = with_a_mount(folder, "mkdir mounted/inner", look)
    assert said == "['is where another file system begins', '', '']"

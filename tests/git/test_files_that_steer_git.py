"""What git reads as settings, patterns or attributes may be a pipe, or larger than memory: a sentence comes at once,
little memory is taken, and no process is left behind."""

import os
import resource
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from wherein.errors import NotARepository
from wherein.git import blobs, command, running, steering
from wherein.git.blobs import BlobReader
from wherein.git.command import Git

GIANT = 20_000_000_000

ENDS_WITHIN = 10.0
"""Seconds; a machine under load included."""

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


def children() -> set[str]:
    """The git processes that this process started and that are still there; none where there is no /proc."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # ended meanwhile
            name, _, facts = stat.read_text().rpartition(")")
            if "(git" in name and facts.split()[1] == str(os.getpid()):
                found.add(stat.parent.name)
    return found


@pytest.fixture(autouse=True)
def nothing_is_left_behind():
    before = children()
    yield
    assert children() <= before


def refusal(repo, **options) -> str:
    """What is said of a repository that is not listed, and that it is said soon."""
    begun = time.monotonic()
    with pytest.raises(NotARepository) as refused:
        repo.listing(**options)
    assert time.monotonic() - begun < ENDS_WITHIN
    assert "\n" not in refused.value.message
    assert refused.value.remedy
    return refused.value.message


def include(repo, path: str) -> None:
    with (repo.root / ".git/config").open("a") as file:
        file.write(f"[include]\n\tpath = {path}\n")


@pytest.mark.parametrize(
    "name", [".gitignore", ".gitattributes", ".git/info/exclude", ".git/info/attributes"]
)
@pytest.mark.parametrize("kind", ["pipe", "giant", "link to a pipe", "link to a giant"])
def test_what_git_would_wait_for_or_read_whole_is_named(repo, name, kind):
    repo.commit({"a.py": "1\n"})
    place = repo.root / name
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    target = repo.root.parent / "target" if kind.startswith("link") else place
    if kind.endswith("pipe"):
        os.mkfifo(target)
    else:
        target.touch()
        os.truncate(target, GIANT)
    if target != place:
        place.symlink_to(target)
    assert str(place) in refusal(repo)


@pytest.mark.parametrize("name", ["refs/heads/main", "refs/heads/deep/er"])
def test_a_giant_in_the_place_of_what_head_leads_to_is_named(repo, name):
    repo.commit({"a.py": "1\n"})
    (repo.root / ".git/HEAD").write_text("ref: refs/heads/first\n")
    (repo.root / ".git/refs/heads/first").write_text(f"ref: {name}\n")
    place = repo.root / ".git" / name
    place.parent.mkdir(exist_ok=True)
    place.touch()
    os.truncate(place, GIANT)
    assert str(place) in refusal(repo)


def test_folders_that_objects_are_borrowed_from_are_a_few(repo):
    repo.commit({"a.py": "1\n"})
    place = repo.root / ".git/objects/info/alternates"
    place.parent.mkdir(exist_ok=True)
    place.write_text("nowhere\n" * 20_000)
    assert str(place) in refusal(repo)


def test_a_giant_ref_that_is_asked_for_is_found_while_git_reads_it(repo, monkeypatch):
    repo.commit({"a.py": "1\n"})
    place = repo.root / ".git/refs/heads/giant"
    place.touch()
    os.truncate(place, 1 << 40)
    monkeypatch.setattr("wherein.git.running.PATIENCE", 0.05)
    assert str(place) in refusal(repo, ref="giant")


@pytest.mark.parametrize("setting", ["core.excludesFile", "core.attributesFile"])
@pytest.mark.parametrize("relative", [True, False])
def test_so_is_what_the_configuration_names(repo, setting, relative):
    repo.commit({"a.py": "1\n"})
    os.mkfifo(repo.root / "pipe")
    repo.git("config", setting, "pipe" if relative else str(repo.root / "pipe"))
    assert str(repo.root / "pipe") in refusal(repo)


def test_an_included_pipe_is_named(repo):
    repo.commit({"a.py": "1\n"})
    os.mkfifo(repo.root / ".git/inc")
    (repo.root / ".git/first").write_text(
        '[includeIf "gitdir:**"] path = "in\\c" ; a comment\n'.replace("\\c", "c")
    )
    include(repo, "first")
    assert str(repo.root / ".git/inc") in refusal(repo)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom"])
def test_an_included_device_is_named(repo, device):
    repo.commit({"a.py": "1\n"})
    include(repo, device)
    assert device in refusal(repo)


def test_a_file_that_includes_itself_ends(repo):
    repo.commit({"a.py": "1\n"})
    include(repo, "config")
    assert "include depth" in refusal(repo)


def test_what_is_included_and_is_a_file_or_nothing_is_fine(repo):
    repo.commit({"a.py": "1\n"})
    (repo.root / ".git/more").write_text("[some]\n\tkey = value\n")
    for path in ("more", "missing", os.devnull):
        include(repo, path)
    assert set(repo.listing().files) == {"a.py"}


@pytest.mark.parametrize(
    "name", ["config", "HEAD", "index", "packed-refs", "shallow", "objects/info/alternates", "commondir"]
)
def test_a_pipe_among_gits_own_files_is_named(repo, name):
    repo.commit({"a.py": "1\n"})
    place = repo.root / ".git" / name
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    begun = time.monotonic()
    with pytest.raises(NotARepository):
        repo.listing()
    assert time.monotonic() - begun < ENDS_WITHIN


def test_a_pipe_that_git_meets_deep_in_the_worktree_is_found_while_git_waits(repo, monkeypatch):
    monkeypatch.setattr(running, "PATIENCE", 0.3)
    repo.commit({"a.py": "1\n"})
    (repo.root / "new/deep").mkdir(parents=True)
    repo.write("new/deep/b.py")
    os.mkfifo(repo.root / "new/deep/.gitignore")
    assert str(repo.root / "new/deep/.gitignore") in refusal(repo)


def test_a_pipe_that_nobody_finds_has_a_limit_of_time(repo, monkeypatch):
    monkeypatch.setattr(running, "PATIENCE", 0.2)
    monkeypatch.setattr(running, "MOST_SECONDS", 0.8)
    monkeypatch.setattr(running, "waits_for_pipe", lambda process: False)
    monkeypatch.setattr(steering, "IN_FOLDERS", ())
    monkeypatch.setattr(command, "hang_cause", lambda root, worktree: "")
    repo.commit({"a.py": "1\n"})
    os.mkfifo(repo.root / ".gitignore")
    assert "was stopped after" in refusal(repo)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process waits for")
def test_that_git_waits_for_a_pipe_is_seen_wherever_it_is(repo, monkeypatch):
    monkeypatch.setattr(running, "PATIENCE", 0.3)
    monkeypatch.setattr(steering, "IN_FOLDERS", ())
    monkeypatch.setattr(command, "hang_cause", lambda root, worktree: "")
    repo.commit({"a.py": "1\n"})
    os.mkfifo(repo.root / ".gitignore")
    assert "is waiting for a pipe" in refusal(repo)


def test_a_pipe_in_the_place_of_a_branch_is_named(repo, monkeypatch):
    monkeypatch.setattr(running, "PATIENCE", 0.3)
    repo.commit({"a.py": "1\n"})
    branch = repo.root / ".git/refs/heads/main"
    branch.unlink()
    os.mkfifo(branch)
    assert str(branch) in refusal(repo)


@pytest.mark.parametrize("name", [".gitignore", ".gitattributes", ".git/info/exclude"])
def test_a_pattern_over_which_git_never_ends_is_named(repo, monkeypatch, name):
    monkeypatch.setattr(running, "PATIENCE", 0.3)
    monkeypatch.setattr(running, "MOST_WORK", 0.5)
    repo.commit({"a.py": "1\n"})
    repo.write("/".join(["a"] * 100) + "/x.py")
    pattern = "**/a/" * 9 + "b"
    repo.write(name, f"{pattern} linguist-generated\n" if "attributes" in name else f"{pattern}\n")
    said = ""
    try:
        repo.listing()
    except NotARepository as named:
        said = named.message
    if not said:
        pytest.skip("this git comes to an end with it")
    assert f"{repo.root / name}: {pattern}" in said


def test_a_kept_process_that_does_not_answer_is_ended(repo, monkeypatch):
    monkeypatch.setattr(blobs, "MOST_SECONDS", 0.5)
    monkeypatch.setattr(blobs, "_TICK", 0.1)
    commit = repo.commit({"a.py": "1\n"})
    blob = repo.git("rev-parse", "HEAD:a.py").strip()
    reader = BlobReader(Git(repo.root, worktree=True))
    assert reader.read(blob, 100) == b"1\n"
    place = repo.root / ".git/objects" / commit[:2] / commit[2:]
    place.unlink()
    os.mkfifo(place)
    with pytest.raises(OSError, match="cannot read the object"):
        reader.read(commit, 1000)
    assert reader.read(blob, 100) == b"1\n"
    reader.close()


def test_no_more_of_an_object_is_read_than_is_wanted(repo):
    repo.commit({"a.py": "1\n" * 1000})
    reader = BlobReader(Git(repo.root, worktree=True))
    blob = repo.git("rev-parse", "HEAD:a.py").strip()
    with pytest.raises(OSError, match="cannot read the object"):
        reader.read(blob, 1999)
    assert len(reader.read(blob, 2000)) == 2000
    reader.close()


def test_a_tree_of_trees_of_trees_has_an_end(repo, monkeypatch):
    """Thirteen objects that say ten thousand million files."""
    monkeypatch.setattr(running, "MOST_OUTPUT", 1_000_000)
    blob = repo.git("hash-object", "-w", "--stdin", given=b"1\n").strip()
    tree = repo.git("mktree", given=f"100644 blob {blob}\tf.py\n".encode()).strip()
    for _ in range(10):
        lines = "".join(f"040000 tree {tree}\td{number}\n" for number in range(10))
        tree = repo.git("mktree", given=lines.encode()).strip()
    repo.git("update-ref", "refs/heads/main", repo.git("commit-tree", "-m", "bomb", tree).strip())
    assert "printed more than" in refusal(repo, ref="main")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process's memory")
def test_git_has_its_limit_as_soon_as_it_is_begun(repo):
    ours = resource.getrlimit(resource.RLIMIT_DATA)
    process = begun_python(repo, "input(); import resource; print(resource.getrlimit(resource.RLIMIT_DATA))")
    told = process.communicate(b"\n")[0].decode()
    assert told == f"({running.MOST_MEMORY}, {running.MOST_MEMORY})\n"
    assert resource.getrlimit(resource.RLIMIT_DATA) == ours


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process's memory")
def test_a_lower_limit_of_memory_stays(repo):
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    lower = 3_000_000_000
    resource.setrlimit(resource.RLIMIT_DATA, (lower, hard))
    try:
        process = begun_python(
            repo, "input(); import resource; print(resource.getrlimit(resource.RLIMIT_DATA)[0])"
        )
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
    assert int(process.communicate(b"\n")[0]) == lower


def begun_python(repo, code):
    return running.begin(
        [sys.executable, "-S", "-c", code], repo.root, dict(os.environ), subprocess.PIPE, subprocess.DEVNULL
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process's memory")
def test_git_may_not_take_all_memory(repo, monkeypatch):
    """Given a giant that is not seen beforehand, git is refused the memory."""
    repo.commit({"a.py": "1\n"})
    (repo.root / "new").mkdir()
    repo.write("new/b.py")
    giant = repo.root / "new/.gitignore"
    giant.touch()
    os.truncate(giant, GIANT)
    # of each process what the one that began it held is counted, too
    before = max(
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    with suppress(NotARepository):  # some releases of git ignore such a file
        repo.listing()
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 500_000)


def test_a_giant_list_of_patterns_of_ours_is_ignored_with_a_warning(repo, caplog):
    repo.commit({"a.py": "1\n"})
    (repo.root / ".whereinignore").write_text("*.py\n")
    os.truncate(repo.root / ".whereinignore", GIANT)
    assert set(repo.listing().files) == {"a.py"}
    assert ".whereinignore is ignored: it has more than" in caplog.text


def test_a_pipe_as_a_list_of_patterns_of_ours_is_none(repo):
    repo.commit({"a.py": "1\n"})
    os.mkfifo(repo.root / ".whereinignore")
    assert set(repo.listing().files) == {"a.py"}


def test_giant_attributes_in_a_tree_are_not_asked_for(repo, monkeypatch):
    from wherein.git import objects

    monkeypatch.setattr(objects, "MOST_BYTES", 100)
    repo.commit({"a.js": "1\n", ".gitattributes": "*.js linguist-generated\n", "b/a.js": "2\n"})
    assert set(repo.listing(ref="main").skipped) == {"a.js", "b/a.js"}
    repo.commit({"b/.gitattributes": "*.js -linguist-generated\n" * 50})
    assert set(repo.listing(ref="main").skipped) == {"a.js", "b/a.js"}


def test_the_whole_command_ends_soon_answers_from_what_is_there_and_leaves_no_process(repo, tmp_path):
    """As a user meets it: the deep pipe, the real limits."""

    def search():
        return subprocess.run(
            [str(Path(sys.executable).parent / "wherein"), "search", "alpha"],
            cwd=repo.root,
            env={**os.environ, "WHEREIN_DATA_DIR": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    repo.commit({"a.py": "def alpha(): pass\n"})
    assert search().returncode == 0
    (repo.root / "new").mkdir()
    repo.write("new/b.py")
    os.mkfifo(repo.root / "new/.gitignore")
    done = search()
    assert (done.returncode, done.stdout) == (0, "a.py:1:5: alpha  def alpha(): pass\n")
    assert f"{repo.root}/new/.gitignore is not a regular file" in done.stderr
    assert "from the index as it was" in done.stderr
    assert not [place for place in Path("/proc").glob("[0-9]*/cwd") if _leads_to(place, repo.root)]


def _leads_to(link: Path, place: Path) -> bool:
    with suppress(OSError):
        return link.readlink() == place
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the process in /proc")
@pytest.mark.parametrize("end", ["leave(0)", "end_at_latest(0, 0.1); time.sleep(60)"])
def test_who_exits_while_a_thread_waits_for_git_leaves_no_git_behind(repo, end):
    repo.commit({"sub/a.py": "1\n"})
    os.mkfifo(repo.root / "sub/.gitignore")
    program = f"""
import sys, time
from pathlib import Path
from wherein.git.command import Git
from wherein.git.running import leave
from wherein_server.cli.interrupts import end_at_latest
git = Git(Path(sys.argv[1]), worktree=True)
waiting = git.process("ls-files", "--others", "--exclude-standard", stdin=-3)
print(waiting.pid, flush=True)
{end}
"""
    done = subprocess.run(
        [sys.executable, "-c", program, repo.root], capture_output=True, timeout=30, check=True
    )
    until = time.monotonic() + 10
    while (place := Path("/proc", done.stdout.decode().strip())).exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not place.exists()

"""Where git looks for hooks, in every kind of repository, and what is no place for them."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import wherein
from hook_files import COMMAND, Beside, snapshot
from wherein.config.load import load_settings
from wherein.errors import ConfigError, NotARepository, WhereinError
from wherein.hooks.place import BARE_EVENTS
from wherein.hooks.status import hooks_status

TRUE = [shutil.which("true")]


def installed_in(folder: Path) -> bool:
    return (folder / "post-commit").exists()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("{tmp}/a file", "not a folder: git runs no hooks"),
        ("{tmp}/nowhere/at all", "does not exist"),
        ("/dev/null", "not a folder: git runs no hooks"),
        ("{tmp}/a file/below", "Not a directory"),
        ("~nobody-of-this-name/hooks", "expand user dir"),
        ("{tmp}/loop", "symbolic links"),
    ],
)
def test_a_hooks_path_that_is_no_folder_is_told(repo, hooks, tmp_path, value, says):
    (tmp_path / "a file").write_text("text\n")
    (tmp_path / "loop").symlink_to("loop")
    repo.git("config", "core.hooksPath", value.format(tmp=tmp_path))
    before = snapshot(repo.root)
    with pytest.raises(WhereinError, match=says):
        hooks.install(repo)
    with suppress(NotARepository):  # of a name that git cannot read
        assert not hooks.uninstall(repo).changes
    with suppress(NotARepository):
        assert not hooks_status(repo.root, load_settings(repo.root)).installed
    assert snapshot(repo.root) == before


def test_relative_paths_and_those_with_a_tilde_and_blanks_are_taken_as_git_takes_them(
    repo, hooks, only_our_configuration
):
    home = only_our_configuration
    repo.git("config", "core.hooksPath", "~/my  hooks'")
    (home / "my  hooks'").mkdir()
    hooks.install(repo)
    repo.commit({"a.py": "def alpha(): pass\n"})
    hooks.wait_for_commit(repo)
    hooks.uninstall(repo)
    assert not list((home / "my  hooks'").iterdir())
    repo.git("config", "core.hooksPath", ".git/other hooks")
    (repo.root / ".git/other hooks").mkdir()
    hooks.install(repo)
    assert installed_in(repo.root / ".git/other hooks")


def test_hooks_that_a_later_setting_hides_are_told_and_taken_out(repo, hooks, command):
    hooks.install(repo)
    (repo.root / ".git/others").mkdir()
    repo.git("config", "core.hooksPath", ".git/others")
    told = command(repo, "hook", "status")
    assert told.returncode == 1
    assert "core.hooksPath makes git look in" in told.stdout
    hooks.uninstall(repo)
    assert not installed_in(repo.root / ".git/hooks")


def test_a_link_in_the_place_of_the_hooks_counts_for_where_it_leads(repo, hooks):
    shutil.rmtree(repo.root / ".git/hooks")
    repo.commit({"githooks/post-commit.txt": "text\n"})
    (repo.root / ".git/hooks").symlink_to("../githooks")
    with pytest.raises(ConfigError, match="others get too"):
        hooks.install(repo)


def test_a_worktree_has_the_hooks_of_its_repository(repo, hooks, command):
    repo.commit({"a.py": "def alpha(): pass\n"})
    repo.git("worktree", "add", "--quiet", str(repo.root.parent / "beside"))
    beside = Beside(repo.root.parent / "beside")
    hooks.install(beside, command=TRUE)
    assert installed_in(repo.root / ".git/hooks")
    assert command(repo, "hook", "status").returncode == 0
    hooks.uninstall(beside)
    assert not installed_in(repo.root / ".git/hooks")


def test_a_submodule_has_hooks_of_its_own(repo, hooks, make_repo):
    part = make_repo("part")
    part.commit({"p.py": "def part(): pass\n"})
    repo.git("submodule", "--quiet", "add", str(part.root), "part")
    repo.commit()
    inside = Beside(repo.root / "part")
    hooks.install(inside)
    assert installed_in(repo.root / ".git/modules/part/hooks")
    assert not installed_in(repo.root / ".git/hooks")
    (inside.root / "q.py").write_text("def quick(): pass\n")
    inside.git("add", "q.py")
    inside.git("commit", "--quiet", "--message", "x")
    hooks.wait_for_commit(inside)


def test_a_bare_repository_follows_pushes_with_its_head_and_what_was_indexed(make_repo, hooks):
    bare = make_repo("bare.git", "--bare")
    work = make_repo("work")
    work.commit({"a.py": "def alpha(): pass\n"})
    work.git("remote", "add", "origin", str(bare.root))
    work.git("push", "--quiet", "origin", "main", "main:side", "main:other")
    with wherein.open_index(bare.root, view="side") as index:
        index.update(processes=0)
    hooks.install(bare)
    assert all((bare.root / "hooks" / event).exists() for event in BARE_EVENTS)
    work.commit({"b.py": "def beta(): pass\n"})
    done = subprocess.run(
        ["git", "push", "origin", "main", "main:side", "main:other"],
        cwd=work.root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "remote:" not in done.stderr
    hooks.wait_for_runs(1)
    for view in (None, "side"):
        with wherein.open_index(bare.root, view=view) as index:
            assert index.symbols("beta", exact=True)
    with wherein.open_index(bare.root) as index:
        assert {record.name for record in index.views() if "@" not in record.name} == {"ref:HEAD", "ref:side"}
    work.git("push", "--quiet", "origin", "--delete", "side")
    lines = hooks.wait_for_runs(2)
    assert " done " in lines[-1]
    hooks.uninstall(bare)
    assert not (bare.root / "hooks/post-receive").exists()


def test_worktrees_of_a_bare_repository_are_followed(make_repo, hooks, make_folder):
    bare = make_repo("bare.git", "--bare")
    hooks.install(bare)
    bare.git("worktree", "add", "--quiet", "--orphan", "-b", "main", "../tree", check=False)
    if not (bare.root.parent / "tree").exists():  # a git without --orphan
        empty = bare.git("commit-tree", "-m", "x", bare.git("mktree").strip()).strip()
        bare.git("branch", "main", empty)
        bare.git("worktree", "add", "--quiet", "../tree", "main")
    tree = Beside(bare.root.parent / "tree")
    (tree.root / "a.py").write_text("def alpha(): pass\n")
    tree.git("add", "a.py")
    tree.git("commit", "--quiet", "--message", "x")
    hooks.wait_for_commit(tree)


def test_outside_of_a_repository_there_are_no_hooks(folder, command):
    for verb in ("install", "uninstall", "status"):
        done = command(folder, "hook", verb)
        assert done.returncode == 2
        assert "is not in a git repository, so it has no hooks" in done.stderr


def test_status_names_the_command_that_helps_and_none_where_none_does(repo, hooks, command):
    assert command(repo, "hook", "status").stderr.endswith("(try: wherein hook install).\n")
    (repo.root / ".githooks").mkdir()
    repo.git("config", "core.hooksPath", ".githooks")
    assert command(repo, "hook", "status").stderr.endswith("(try: wherein hook install --shared).\n")
    repo.git("config", "core.hooksPath", "")
    told = command(repo, "hook", "status")
    assert "core.hooksPath of" in told.stdout
    assert "is empty: git runs no hooks" in told.stdout
    assert "--show-origin core.hooksPath" in told.stderr
    for verb in ("install", "install --shared"):
        assert "is empty" in command(repo, "hook", *verb.split(), "--files").stderr
    assert not list(repo.root.glob("post-*"))
    repo.git("config", "core.hooksPath", "/dev/null")
    assert command(repo, "hook", "status").stdout.count("missing") == 4


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_somebody_else_is_refused(repo, hooks, tmp_path):
    for path in (repo.root, *repo.root.rglob("*")):
        os.chown(path, 65534, 65534)
    with pytest.raises(NotARepository, match="belongs to another user"):
        hooks.install(repo)
    assert not hooks.data.exists()
    mine = tmp_path / "mine"
    mine.mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=mine, check=True)
    (tmp_path / "theirs").mkdir()
    os.chown(tmp_path / "theirs", 65534, 65534)
    place = Beside(mine)
    place.git("config", "core.hooksPath", str(tmp_path / "theirs"))
    with pytest.raises(ConfigError, match="belongs to another user"):
        hooks.install(place)


AS_SOMEBODY = """\
import os, sys
from pathlib import Path
from wherein.errors import WhereinError
from wherein.hooks.install import install
install(Path(sys.argv[3]), Path(sys.argv[4]), ["/bin/true"], in_files=True)  # so that all modules are there
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
try:
    install(Path(sys.argv[1]), Path(sys.argv[2]), ["/bin/true"], in_files=True)
except WhereinError as error:
    print(error.message)
else:
    print("installed")
"""


def as_somebody(root: Path, data: Path, given: list[Path]) -> str:
    """What comes of it for a user without root's rights, to whom these belong."""
    if os.geteuid() == 0:
        for path in given:
            os.chown(path, 65534, 65534)
    before = root.parent / "before"
    subprocess.run(["git", "init", "--quiet", str(before)], check=True)
    arguments = [str(path) for path in (root, data, before, root.parent / "data of before")]
    done = subprocess.run(
        [sys.executable, "-c", AS_SOMEBODY, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def open_to_all(tmp_path, only_our_configuration):
    """Folders above a test's that everybody may pass."""
    for path in (tmp_path, *tmp_path.parents, only_our_configuration, *only_our_configuration.parents):
        if path.stat().st_uid == os.geteuid() and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o055)


def test_a_folder_of_hooks_that_cannot_be_written_to_is_told(repo, hooks, open_to_all):
    everything = [repo.root, *repo.root.rglob("*")]
    (repo.root / ".git/hooks").chmod(0o555)
    said = as_somebody(repo.root, repo.root / ".git/data", everything)
    assert said.endswith("cannot be changed: Permission denied.")
    assert not installed_in(repo.root / ".git/hooks")


def test_a_data_folder_that_cannot_be_made_is_told_before_anything_is_written(
    repo, hooks, open_to_all, tmp_path
):
    (tmp_path / "closed").mkdir(mode=0o500)
    said = as_somebody(repo.root, tmp_path / "closed/data", [repo.root, *repo.root.rglob("*")])
    assert "cannot be written: Permission denied" in said
    assert not installed_in(repo.root / ".git/hooks")


def test_names_that_no_shell_would_like(make_repo, hooks):
    repo = make_repo('it\'s $HOME `x` "q"\n second; line')
    hooks.install(repo)
    repo.commit({"a.py": "def alpha(): pass\n"})
    hooks.wait_for_commit(repo)
    assert [line for line in hooks.runs() if "done" in line]
    hooks.uninstall(repo)
    assert not installed_in(repo.root / ".git/hooks")


def test_what_starts_wherein_never_lies_in_the_current_folder(repo, hooks, tmp_path):
    """A folder called wherein in a repository, this one for one, must not be what is run."""
    mark = tmp_path / "mark"
    repo.write("wherein/__init__.py", f"open({str(mark)!r}, 'w')\n")
    repo.write("wherein_server/cli/__main__.py", f"open({str(mark)!r}, 'w')\n")
    repo.write("wherein_server/__init__.py", "")
    repo.write("wherein_server/cli/__init__.py", "")
    repo.write("click.py", f"open({str(mark)!r}, 'w')\n")
    hooks.install(repo, command=[sys.executable, "-P", "-m", "wherein_server.cli"])
    repo.commit()
    hooks.wait_for_commit(repo)
    assert not mark.exists()


def test_a_wherein_in_path_that_lies_in_the_repository_is_not_run(repo, hooks, tmp_path, monkeypatch):
    repo.write("node_modules/.bin/wherein", f"#!/bin/sh\ntouch '{tmp_path}/mark'\n").chmod(0o755)
    monkeypatch.setenv("PATH", f"{repo.root}/node_modules/.bin:{os.environ['PATH']}")
    hooks.install(repo, command=[str(tmp_path / "moved/wherein")])
    repo.commit()
    monkeypatch.setenv("PATH", f"{COMMAND.parent}:{os.environ['PATH']}")
    repo.commit({"a.py": "def alpha(): pass\n"})
    hooks.wait_for_commit(repo)  # the one that is in PATH is taken in the place of one that was moved
    assert not (tmp_path / "mark").exists()

"""No command of a repository runs, whichever git there is: those of Debian's releases, and one without the guard that
newer ones have."""

import os
import subprocess
from pathlib import Path

import pytest

from old_gits import RELEASES, debian_git, named_gits
from wherein.errors import WhereinError
from wherein.git import guard
from wherein.git.command import SAFE_VARIABLES, git_executable
from wherein.hooks import configured
from wherein.hooks.place import here


def unguarded(folder: Path) -> Path:
    """The git of this machine, that fetches whatever it is told."""
    folder.mkdir()
    script = folder / "git"
    script.write_text(f'#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nexec "{git_executable()}" "$@"\n')
    script.chmod(0o755)
    return folder


@pytest.fixture(params=["this machine's", "without the guard", *RELEASES, *map(str, named_gits())])
def old_git(request, tmp_path, monkeypatch):
    """Its version; it is the one that wherein uses. Repositories are made by this machine's."""
    folder = Path(git_executable()).parent
    if request.param == "without the guard":
        folder = unguarded(tmp_path / "unguarded")
    elif request.param in RELEASES:
        try:
            folder = debian_git(request.param)
        except LookupError as reason:
            pytest.skip(str(reason))
    elif "/" in request.param:
        folder = Path(request.param)
    executable = str(folder / "git")
    said = subprocess.run([executable, "version"], capture_output=True, text=True, check=False)
    if said.returncode < 0 and request.param in RELEASES:
        pytest.skip(f"the libraries of {request.param} do not run on this system")
    assert said.returncode == 0, said.stderr
    return Old(request.param, executable, said.stdout.split()[2])


class Old:
    def __init__(self, name: str, executable: str, version: str) -> None:
        self.name, self.executable, self.version = name, executable, version

    def use(self, monkeypatch) -> None:
        monkeypatch.setenv("PATH", f"{Path(self.executable).parent}{os.pathsep}{os.environ['PATH']}")
        git_executable.cache_clear()
        assert git_executable() == self.executable


@pytest.fixture(autouse=True)
def _the_usual_git_afterwards():
    yield
    git_executable.cache_clear()


def lacking(repo, mark: Path, url: str) -> str:
    """A repository whose commit is missing, with a remote that promises it; its helper leaves a mark. The commit."""
    commit = repo.commit({"a.py": "def alpha(): pass\n"})
    (repo.root / ".git/objects" / commit[:2] / commit[2:]).unlink()
    repo.git("config", "remote.origin.url", url)
    helper = url.partition("::")[0]
    repo.git("config", f"alias.remote-{helper}", f"!echo run >> '{mark}'; false")
    return commit


PROMISES = [
    ("remote.origin.promisor", "true"),
    ("remote.origin.promisor", "7"),
    ("remote.origin.partialCloneFilter", "blob:none"),
    ("extensions.partialClone", "origin"),
]


@pytest.mark.parametrize(("key", "value"), PROMISES)
@pytest.mark.parametrize("url", ["::x", "any::x"])
def test_what_a_repository_lacks_is_not_fetched(repo, tmp_path, monkeypatch, old_git, key, value, url):
    mark = tmp_path / "mark"
    commit = lacking(repo, mark, url)
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", key, value)
    naive = {**os.environ, "GIT_ALLOW_PROTOCOL": url.partition("::")[0]}
    subprocess.run(
        [old_git.executable, "cat-file", "-p", commit],
        cwd=repo.root,
        env=naive,
        capture_output=True,
        check=False,
    )
    assert mark.exists(), "git itself runs it"
    mark.unlink()
    old_git.use(monkeypatch)
    for options in ({}, {"ref": "main"}, {"ref": commit}):
        try:
            source = repo.source(**options)
            source.listing()
            source.explain("a.py")
            source.ignored()
            source.close()
        except WhereinError as refused:  # some gits can, others cannot
            said = str(refused)
            assert "\n" not in said
    assert not mark.exists()


def test_a_partial_clone_is_refused_where_git_cannot_be_kept_from_fetching(repo, monkeypatch, old_git):
    repo.commit({"a.py": "1\n"})
    repo.git("config", "remote.origin.promisor", "true")
    old_git.use(monkeypatch)
    if not guard.keeps_from_fetching():
        with pytest.raises(WhereinError, match="cannot be kept from running"):
            repo.source()
        assert old_git.name in ("without the guard", "bullseye", *map(str, named_gits()))
    else:
        assert set(repo.listing().files) == {"a.py"}


def test_so_is_a_repository_with_objects_elsewhere(repo, make_repo, monkeypatch, old_git):
    other = make_repo("other")
    other.commit({"b.py": "2\n"})
    repo.commit({"a.py": "1\n"})
    (repo.root / ".git/objects/info/alternates").write_text("../../../other/.git/objects\n")
    old_git.use(monkeypatch)
    if old_git.name in ("without the guard", "bullseye"):
        with pytest.raises(WhereinError, match="keeps its objects elsewhere"):
            repo.source()
    elif old_git.name in ("this machine's", "bookworm", "trixie"):
        assert set(repo.listing().files) == {"a.py"}


def test_objects_below_the_repository_itself_are_its_own(repo, tmp_path, monkeypatch):
    repo.commit({"a.py": "1\n"})
    more = repo.root / ".git/more"
    (more / "info").mkdir(parents=True)
    (repo.root / ".git/objects/info/alternates").write_text(f"# a comment\n\n{more}\n../more\n")
    Old("without", str(unguarded(tmp_path / "unguarded") / "git"), "").use(monkeypatch)
    assert set(repo.listing().files) == {"a.py"}
    (more / "info/alternates").write_text("../../../elsewhere\n")
    with pytest.raises(WhereinError, match="keeps its objects elsewhere"):
        repo.source()


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c", "\u2028"])
def test_where_objects_lie_is_read_by_the_lines_that_git_reads(repo, make_repo, tmp_path, monkeypatch, mark):
    other = make_repo("other")
    other.commit({"b.py": "2\n"})
    repo.commit({"a.py": "1\n"})
    objects = repo.root / ".git/objects"
    (objects / f"l{mark}m").symlink_to(other.root / ".git/objects")
    (objects / "info/alternates").write_text(f"l{mark}m\n")
    assert repo.git("cat-file", "-t", other.git("rev-parse", "HEAD").strip()).strip() == "commit"
    Old("without", str(unguarded(tmp_path / "unguarded") / "git"), "").use(monkeypatch)
    with pytest.raises(WhereinError, match="keeps its objects elsewhere"):
        repo.source()


def test_an_ordinary_repository_is_listed_whatever_git_there_is(repo, monkeypatch, old_git):
    repo.commit({"a.py": "1\n", "b/c.py": "2\n"})
    repo.write("new.py", "3\n")
    old_git.use(monkeypatch)
    assert set(repo.listing().files) == {"a.py", "b/c.py", "new.py"}
    assert set(repo.listing(ref="main").files) == {"a.py", "b/c.py"}


def test_whether_git_is_guarded_is_asked_once(repo, monkeypatch):
    guard._known.clear()
    asked = []
    real = guard._tries_to_fetch
    monkeypatch.setattr(guard, "_tries_to_fetch", lambda **options: asked.append(options) or real(**options))
    repo.commit({"a.py": "1\n"})
    repo.listing()
    assert asked == []
    repo.git("config", "remote.origin.promisor", "true")
    for _ in range(3):
        repo.listing()
    assert len(asked) == 2


def test_no_protocol_is_allowed_that_somebody_could_have_named(repo):
    allowed = SAFE_VARIABLES["GIT_ALLOW_PROTOCOL"]
    assert ":" not in allowed
    assert len(allowed) > 30


@pytest.mark.parametrize("setting", [("alias.hook", ""), ("alias.hooks", "-1"), ("alias.hook.command", "")])
def test_a_command_that_git_lacks_is_none_of_the_repository(repo, tmp_path, monkeypatch, old_git, setting):
    """git knows `hook` since 2.36; what it does not know may be an alias, or be corrected to one."""
    repo.commit({"a.py": "1\n"})
    mark = tmp_path / "mark"
    name, corrected = setting
    repo.git("config", name, f"!echo run >> '{mark}'; true")
    if corrected:
        repo.git("config", "help.autocorrect", corrected)
    naive = [old_git.executable, "-C", str(repo.root), "hook", "list", "post-commit"]
    old = tuple(map(int, old_git.version.split(".")[:2])) < (2, 36)
    subprocess.run(naive, capture_output=True, check=False)
    assert mark.exists() == (old and name != "alias.hook.command"), "git itself runs it"
    mark.unlink(missing_ok=True)
    old_git.use(monkeypatch)
    assert configured.is_understood(here(repo.root)) == (
        tuple(map(int, old_git.version.split(".")[:2])) > (2, 53)
    )
    assert not configured.is_listed(here(repo.root), "post-commit")
    assert not mark.exists()

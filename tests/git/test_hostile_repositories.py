"""Each test plants a command that leaves a marker when it is run, shows that git itself would run it, and then that
nothing of wherein does."""

import os
import subprocess
from pathlib import Path

import pytest

from wherein.errors import NotARepository, WhereinError
from wherein.git.blob import blob_id
from wherein.skips import SkipReason


class Trap:
    """A command that notes that it was run."""

    def __init__(self, folder: Path) -> None:
        self.marker = folder / "marker"
        self.command = self._script(folder / "trap.sh", "exit 1")
        self.filter = self._script(folder / "filter.sh", "exec cat")

    def _script(self, place: Path, last: str) -> str:
        place.write_text(f"#!/bin/sh\necho run >> '{self.marker}'\n{last}\n")
        place.chmod(0o755)
        return str(place)

    def disarm(self) -> bool:
        """Whether it was run since the last time."""
        sprung = self.marker.exists()
        self.marker.unlink(missing_ok=True)
        return sprung


@pytest.fixture
def trap(tmp_path):
    (tmp_path / "trap").mkdir()
    return Trap(tmp_path / "trap")


def use_all(place, **options):
    """Do all that can be done with a source."""
    source = place.source(**options)
    try:
        listing = source.listing()
        for path in listing.files:
            source.read(path)
        for path in (*listing.files, *listing.skipped, "missing.py"):
            source.explain(path)
        source.ignored()
    finally:
        source.close()
    return listing


def make_racy(repo, *paths):
    """Give files new times but their old content, so that git looks into them."""
    for path in paths:
        os.utime(repo.root / path, (1_700_000_000, 1_700_000_000))


def test_fsmonitor_is_not_run(repo, trap):
    repo.commit({"a.py": "1\n"})
    repo.git("config", "core.fsmonitor", trap.command)
    repo.git("status")
    assert trap.disarm()
    assert set(use_all(repo).files) == {"a.py"}
    use_all(repo, ref="main")
    assert not trap.disarm()


@pytest.mark.parametrize("driver", ["plain", "with=sign", "With.Dots"])
@pytest.mark.parametrize("kind", ["clean", "process"])
def test_filter_drivers_are_not_run(repo, trap, driver, kind):
    repo.commit({"a.py": "1\n", "b.py": "2\n"})
    repo.git("config", f"filter.{driver}.{kind}", trap.filter if kind == "clean" else trap.command)
    repo.git("config", f"filter.{driver}.required", "true")
    repo.write(".gitattributes", f"*.py filter={driver}\n")
    repo.write("new.py", "3\n")
    repo.write("b.py", "4\n")
    make_racy(repo, "a.py", "b.py")
    repo.git("status", check=False)
    assert trap.disarm()
    files = use_all(repo).files
    assert not trap.disarm()
    assert files["a.py"] == blob_id(b"1\n")
    assert files["b.py"] == blob_id(b"4\n")
    assert files["new.py"] == blob_id(b"3\n")


def test_filters_given_by_an_included_file_are_not_run(repo, trap):
    repo.commit({".gitattributes": "*.py filter=sly\n", "a.py": "1\n"})
    (repo.root / ".git/more").write_text(f'[filter "sly"]\n\tclean = {trap.filter}\n')
    repo.git("config", "include.path", "more")
    repo.write("a.py", "2\n")
    repo.git("status")
    assert trap.disarm()
    use_all(repo)
    assert not trap.disarm()


def test_a_file_behind_a_filter_has_the_id_of_what_is_on_disk(repo):
    repo.git("config", "filter.rot.clean", "tr a-z n-za-m")
    repo.git("config", "filter.rot.smudge", "tr a-z n-za-m")
    repo.commit({".gitattributes": "*.txt filter=rot\n", "plain.txt": "uryyb\n", "a.py": "1\n"})
    assert repo.git("show", "HEAD:plain.txt") == "hello\n"
    source = repo.source()
    assert source.listing().files["plain.txt"] == blob_id(b"uryyb\n") == blob_id(source.read("plain.txt"))
    assert repo.listing(ref="main").files["plain.txt"] == blob_id(b"hello\n")


def test_filters_of_submodules_are_not_run(repo, make_repo, trap):
    inner = make_repo("inner")
    inner.commit({".gitattributes": "*.py filter=sly\n", "b.py": "2\n"})
    repo.git("submodule", "--quiet", "add", str(inner.root), "lib")
    repo.commit({"a.py": "1\n"})
    checked_out = type(repo)(repo.root / "lib")
    checked_out.git("config", "filter.sly.clean", trap.filter)
    checked_out.git("config", "core.fsmonitor", trap.command)
    make_racy(checked_out, "b.py")
    repo.git("status")
    assert trap.disarm()
    make_racy(checked_out, "b.py")
    assert "lib/b.py" in use_all(repo).files
    assert not trap.disarm()


def test_hooks_are_not_run(repo, trap):
    repo.commit({"a.py": "1\n", ".gitattributes": "*.js linguist-generated\n"})
    for name in (
        "post-index-change",
        "post-checkout",
        "pre-auto-gc",
        "reference-transaction",
        "fsmonitor-watchman",
    ):
        hook = repo.root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.symlink_to(trap.command)
    os.utime(repo.root / "a.py")
    repo.git("update-index", "--refresh", check=False)
    assert trap.disarm()
    os.utime(repo.root / "a.py")
    use_all(repo)
    use_all(repo, ref="main")
    assert not trap.disarm()


def test_pagers_editors_diffs_and_prompts_are_not_run(repo, trap, monkeypatch):
    repo.commit({"a.py": "1\n", ".gitattributes": "*.py diff=sly\n"})
    for key in (
        "core.pager", "core.editor", "sequence.editor", "core.askPass", "diff.external", "diff.sly.textconv",
        "diff.sly.command", "interactive.diffFilter", "credential.helper", "gpg.program", "core.sshCommand",
        "core.alternateRefsCommand", "core.gitProxy", "uploadpack.packObjectsHook", "pager.ls-files", "pager.config",
        "alias.ls-files", "alias.config", "alias.diff-files",
    ):  # fmt: skip
        repo.git("config", key, f"!{trap.command}" if key.startswith("alias") else trap.command)
    for variable in ("GIT_PAGER", "GIT_EDITOR", "GIT_ASKPASS", "GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND"):
        monkeypatch.setenv(variable, trap.command)
    repo.write("a.py", "2\n")
    repo.git("diff", check=False)
    assert trap.disarm()
    use_all(repo)
    use_all(repo, ref="main")
    assert not trap.disarm()


def test_a_partial_clone_fetches_nothing(repo, clone, trap):
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    repo.commit({"a.py": "old\n"})
    repo.commit({"a.py": "new\n", "b.py": "same\n"})
    partial = clone(repo, "partial", "--filter=blob:none")
    missing = repo.git("rev-parse", "HEAD~1:a.py").strip()
    partial.git("config", "remote.origin.uploadpack", trap.command)
    partial.git("cat-file", "blob", missing, check=False)
    assert trap.disarm()
    assert set(use_all(partial).files) == {"a.py", "b.py"}
    listing = use_all(partial, ref="HEAD~1")
    assert listing.files == {}
    assert listing.skipped == {"a.py": SkipReason.UNREADABLE}
    source = partial.source(ref="HEAD~1")
    with pytest.raises(OSError, match="object"):
        source._blobs.read(missing, 1000)
    source.close()
    assert not trap.disarm()


def test_the_objects_that_a_partial_clone_has_are_listed_and_read(repo, clone):
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.commit({"a.py": "old\n", "kept.py": "kept\n"})
    repo.commit({"a.py": "new\n"})
    partial = clone(repo, "partial", "--filter=blob:none")
    source = partial.source(ref="HEAD~1")
    assert set(source.listing().files) == {"kept.py"}
    assert source.read("kept.py") == b"kept\n"
    assert "lacks" in source.explain("a.py").sentence
    source.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_repository_of_another_user_is_refused_in_one_sentence(repo):
    repo.commit({"a.py": "1\n"})
    for place in (repo.root, repo.root / ".git"):
        os.chown(place, 12345, 12345)
    with pytest.raises(NotARepository, match=r"^git does not trust .* another user\.$") as refused:
        repo.source()
    assert refused.value.remedy == f"git config --global --add safe.directory '{repo.root}'"
    subprocess.run(["git", "config", "--global", "--add", "safe.directory", str(repo.root)], check=True)
    assert set(repo.listing().files) == {"a.py"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_trust_given_by_environment_is_honoured(repo, monkeypatch):
    repo.commit({"a.py": "1\n"})
    for place in (repo.root, repo.root / ".git"):
        os.chown(place, 12345, 12345)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "*")
    assert set(repo.listing().files) == {"a.py"}


@pytest.mark.parametrize("head", ["nonsense\n", "ref: nowhere\n", ""])
def test_a_folder_that_only_looks_like_a_repository_has_no_answers_of_the_one_above(repo, head):
    repo.git("remote", "add", "origin", "https://example.org/acme/web.git")
    repo.commit({"a.py": "1\n", ".gitignore": "modules\n"})
    inner = repo.root / "modules" / "evil"
    for name in ("objects", "refs"):
        (inner / ".git" / name).mkdir(parents=True)
    (inner / ".git/HEAD").write_text(head)
    (inner / ".git/config").write_text("[core]\n\trepositoryformatversion = 0\n")
    (inner / "a.py").write_text("def hostile(): pass\n")
    for ref in (None, "main"):
        with pytest.raises(NotARepository, match="not a git repository"):
            repo.listing("modules/evil", ref=ref)


def test_a_damaged_index_is_one_sentence(repo):
    repo.commit({"a.py": "1\n"})
    (repo.root / ".git/index").write_bytes(b"DIRC\0\0\0\2truncated")
    with pytest.raises(NotARepository, match=r"^git cannot read .*index.*\.$") as failed:
        repo.listing()
    assert "\n" not in str(failed.value)


def test_a_damaged_configuration_is_one_sentence(repo):
    repo.commit({"a.py": "1\n"})
    with (repo.root / ".git/config").open("a") as file:
        file.write("[core\nnonsense = = =\n")
    with pytest.raises(NotARepository) as failed:
        repo.source()
    assert "\n" not in str(failed.value)


def test_a_git_file_that_leads_nowhere_is_one_sentence(folder):
    folder.write(".git", "gitdir: /nowhere/at/all\n")
    with pytest.raises(NotARepository, match=r"\.git points to a repository that does not exist"):
        folder.source()


def test_a_worktree_of_a_repository_that_does_not_know_it_is_refused(make_repo, make_folder):
    private = make_repo("private")
    private.commit({"secret.py": "def hidden(): pass\n"})
    thief = make_folder("thief")
    thief.write(".git/HEAD", "ref: refs/heads/main\n")
    thief.write(".git/commondir", f"{private.root}/.git\n")
    for ref in (None, "main"):
        with pytest.raises(NotARepository, match="does not know of it"):
            thief.listing(ref=ref)
    moved = make_folder("moved")
    moved.root.rmdir()
    private.git("worktree", "add", "--quiet", "--detach", f"{moved.root}-not-yet")
    Path(f"{moved.root}-not-yet").rename(moved.root)
    assert set(moved.listing().files) == {"secret.py"}


def test_a_git_that_ignores_our_settings_is_not_used(repo, tmp_path, monkeypatch):
    from wherein.git.command import git_executable

    repo.commit({"a.py": "1\n"})
    real = git_executable()
    (tmp_path / "bin").mkdir()
    old = tmp_path / "bin/git"
    old.write_text(f'#!/bin/sh\nunset GIT_CONFIG_PARAMETERS\nexec "{real}" "$@"\n')
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{old.parent}{os.pathsep}{os.environ['PATH']}")
    git_executable.cache_clear()
    try:
        with pytest.raises(WhereinError) as refused:
            repo.source()
    finally:
        git_executable.cache_clear()
    assert "2.30" in refused.value.remedy


@pytest.mark.parametrize("entry", [".", "", "bin"])
def test_a_git_in_the_repository_is_not_taken_for_git(repo, trap, monkeypatch, entry):
    from wherein.git.command import git_executable

    repo.commit({"a.py": "1\n"})
    for place in ("git", "bin/git"):
        (repo.root / place).parent.mkdir(exist_ok=True)
        (repo.root / place).symlink_to(trap.command)
    monkeypatch.chdir(repo.root)
    monkeypatch.setenv("PATH", f"{entry}{os.pathsep}{os.environ['PATH']}")
    subprocess.run(["git", "status"], check=False, capture_output=True)
    assert trap.disarm()
    git_executable.cache_clear()
    try:
        assert "a.py" in use_all(repo).files
    finally:
        git_executable.cache_clear()
    assert not trap.disarm()


def test_without_git_there_is_one_sentence(repo, without_git):
    with pytest.raises(WhereinError, match=r"^git was not found\.$") as missing:
        repo.source()
    assert "install git" in missing.value.remedy

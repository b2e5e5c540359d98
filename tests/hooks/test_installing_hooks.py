"""Hook files: written, kept beside what is there, and taken out without a trace."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hook_files import executable, snapshot
from wherein.errors import ConfigError
from wherein.hooks.block import BEGIN, END
from wherein.hooks.place import EVENTS
from wherein.hooks.script import command_in

THEIRS = """\
echo "theirs: $0 $*"
echo "the input: $(cat)"
exit 3
"""

FOREIGN = f"""\
#!{sys.executable}
import os, sys
print("theirs:", os.path.basename(sys.argv[0]), *sys.argv[1:], "input:", sys.stdin.read())
sys.path[:0] = [os.path.dirname(os.path.realpath(__file__))]
import beside
sys.exit(4)
"""


def script(repo):
    executable(repo.root / ".git/hooks/post-checkout", f"#!/bin/sh\nset -eu\n{THEIRS}")


def bash_by_env(repo):
    executable(repo.root / ".git/hooks/post-checkout", f"#!/usr/bin/env -S bash -eu\n{THEIRS}")


def no_first_line(repo):
    executable(repo.root / ".git/hooks/post-checkout", THEIRS)


def no_last_line_end(repo):
    executable(repo.root / ".git/hooks/post-checkout", f"#!/bin/sh\n{THEIRS}".rstrip())


def nothing_but_a_first_line(repo):
    executable(repo.root / ".git/hooks/post-checkout", "#!/bin/sh\n")


def windows_line_ends(repo):
    executable(repo.root / ".git/hooks/post-checkout", f"#!/bin/sh\n{THEIRS}".replace("\n", "\r\n"))


def another_language(repo):
    executable(repo.root / ".git/hooks/post-checkout", FOREIGN)
    (repo.root / ".git/hooks/beside.py").write_text("print('a neighbour is found')\n")


def two_languages(repo):
    text = "#!/bin/sh\n''':'\nexec python3 \"$0\" \"$@\"\n'''\nimport sys\nprint('theirs', sys.argv[1:])\nsys.exit(5)\n"
    executable(repo.root / ".git/hooks/post-checkout", text)


def binary(repo):
    executable(repo.root / ".git/hooks/post-checkout", Path("/bin/false").read_bytes())


def not_executable(repo):
    executable(repo.root / ".git/hooks/post-checkout", f"#!/bin/sh\n{THEIRS}").chmod(0o644)


def link(repo):
    executable(repo.root / "scripts/on-checkout", f"#!/bin/sh\n{THEIRS}")
    (repo.root / ".git/hooks/post-checkout").symlink_to("../../scripts/on-checkout")


def link_to_nowhere(repo):
    (repo.root / ".git/hooks/post-checkout").symlink_to("../nowhere")


def unreadable_without_rights(repo):
    executable(repo.root / ".git/hooks/post-checkout", f"#!/bin/sh\n{THEIRS}").chmod(0o751)


def no_folder(repo):
    for path in (repo.root / ".git/hooks").iterdir():
        path.unlink()
    (repo.root / ".git/hooks").rmdir()


def empty_folder(repo):
    no_folder(repo)
    (repo.root / ".git/hooks").mkdir()


KINDS = [
    script,
    bash_by_env,
    no_first_line,
    no_last_line_end,
    nothing_but_a_first_line,
    windows_line_ends,
    another_language,
    two_languages,
    binary,
    not_executable,
    link,
    link_to_nowhere,
    unreadable_without_rights,
    no_folder,
    empty_folder,
]


def checkout(repo) -> tuple[int, str]:
    """What a checkout says and ends with, whatever file of a hook speaks."""
    done = subprocess.run(
        ["git", "checkout", "-"], cwd=repo.root, input=b"", capture_output=True, check=False
    )
    said = re.sub(
        r"\S*(hooks/\S*)?post-checkout(\.before-wherein)?", "HOOK", os.fsdecode(done.stderr + done.stdout)
    )
    said = re.sub(r"(?m)^hint: .*\n", "", said)
    return done.returncode, re.sub(
        r"(HOOK: )?line \d+|HOOK: \d+:|exec: |error: cannot (run|exec).*", "", said
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_hook_that_is_there_goes_on_as_it_was_and_comes_back_as_it_was(repo, hooks, kind, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")  # by a hook in Python, beside it
    repo.commit({"a.py": "def alpha(): pass\n"})
    repo.git("checkout", "--quiet", "-b", "other")
    (repo.root / ".git/hooks").mkdir(exist_ok=True)
    kind(repo)
    before = snapshot(repo.root / ".git/hooks") if (repo.root / ".git/hooks").exists() else None
    monkeypatch.setenv("WHEREIN_SKIP_HOOK", "1")
    alone = [checkout(repo) for _ in range(2)]
    hooks.install(repo, command=[shutil.which("true")])
    beside = [checkout(repo) for _ in range(2)]
    if kind is windows_line_ends:  # it cannot run: who says so differs
        assert all(status for status, _ in alone + beside)
    else:
        assert beside == alone
    monkeypatch.delenv("WHEREIN_SKIP_HOOK")
    checkout(repo)
    hooks.wait_for(lambda: (hooks.state / "requests").exists())

    installed = snapshot(repo.root / ".git/hooks")
    assert not hooks.install(repo, command=[shutil.which("true")]).changes
    assert snapshot(repo.root / ".git/hooks") == installed
    hooks.uninstall(repo)
    after = snapshot(repo.root / ".git/hooks") if (repo.root / ".git/hooks").exists() else None
    assert after == before


def test_the_index_follows_commits_checkouts_merges_and_rebases(repo, hooks, command):
    assert command(repo, "hook", "install", "--files").returncode == 0
    repo.commit({"a.py": "def alpha(): pass\n"})
    hooks.wait_for_commit(repo)
    repo.git("checkout", "--quiet", "-b", "other")
    repo.commit({"b.py": "def beta(): pass\n"})
    hooks.wait_for_commit(repo)
    assert hooks.found(repo, "beta")
    repo.git("checkout", "--quiet", "main")
    hooks.wait_for_commit(repo)
    assert not hooks.found(repo, "beta")
    repo.git("merge", "--quiet", "other")
    hooks.wait_for_commit(repo)
    assert hooks.found(repo, "beta")
    repo.write("b.py", "def gamma(): pass\n")
    repo.git("commit", "--quiet", "--all", "--amend", "--no-edit")
    hooks.wait_for_commit(repo)
    assert hooks.found(repo, "gamma")
    told = command(repo, "hook", "status")
    assert told.returncode == 0
    assert told.stdout.count("whole") == len(EVENTS)
    assert "1 file changed" in told.stdout
    assert "in the way" not in told.stdout


def test_what_is_written_is_printed_and_a_dry_run_only_prints_it(repo, hooks, command):
    before = snapshot(repo.root)
    told = command(repo, "hook", "install", "--files", "--dry-run")
    assert snapshot(repo.root) == before
    assert not hooks.data.exists()
    done = command(repo, "hook", "install", "--files")
    assert done.stdout == told.stdout
    after = snapshot(repo.root)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert {line.split(":")[0] for line in done.stdout.splitlines() if line.startswith(str(repo.root))} == {
        str(repo.root / path) for path in changed
    }
    for line in (repo.root / ".git/hooks/post-merge").read_text().splitlines():
        assert line == "#!/bin/sh" or line.replace("this file was made by wherein; ", "") in done.stdout
    told = command(repo, "hook", "uninstall", "--dry-run")
    assert snapshot(repo.root) == after
    assert command(repo, "hook", "uninstall").stdout == told.stdout
    assert snapshot(repo.root) == before


def test_uninstalling_where_nothing_is_installed_does_nothing(repo, hooks, command):
    executable(repo.root / ".git/hooks/post-commit", "#!/bin/sh\necho theirs\n")
    before = snapshot(repo.root)
    done = command(repo, "hook", "uninstall")
    assert done.returncode == 0
    assert "no hooks of wherein" in done.stdout
    assert snapshot(repo.root) == before
    told = command(repo, "hook", "status")
    assert (told.returncode, "wherein hook install" in told.stderr) == (1, True)


def test_another_wherein_takes_the_place_of_the_one_before(repo, hooks, tmp_path):
    older = executable(tmp_path / "older/wherein", '#!/bin/sh\ntouch "$0.ran"\n')
    hook = repo.root / ".git/hooks/post-commit"
    executable(hook, "#!/bin/sh\necho theirs\n")
    hooks.install(repo)
    text = hook.read_bytes()
    hook.write_bytes(re.sub(rb"(?m)^\[.*\n", b"# as an older release had it\nolder-wherein &\n", text))
    hooks.install(repo)
    assert hook.read_bytes() == text
    from wherein.hooks.install import install

    install(repo.root, hooks.data, [str(older)], in_files=True)
    repo.commit()
    hooks.wait_for(lambda: older.with_name("wherein.ran").exists())
    hooks.install(repo)
    repo.commit({"a.py": "def alpha(): pass\n"})
    hooks.wait_for_commit(repo)
    assert hook.read_bytes().count(BEGIN) == 1
    hooks.uninstall(repo)
    assert hook.read_text() == "#!/bin/sh\necho theirs\n"


def test_hooks_that_ask_with_another_data_folder_are_told(repo, hooks, command):
    hooks.install(repo)
    told = command(repo, "hook", "status", WHEREIN_DATA_DIR=str(hooks.data.parent / "another"))
    assert told.returncode == 1
    assert told.stdout.count("another's") == len(EVENTS)
    assert command(repo, "hook", "status").returncode == 0


def test_a_request_by_hand_leaves_the_wherein_that_hooks_start(repo, hooks, command, tmp_path):
    stand_in = executable(tmp_path / "wherein", "#!/bin/sh\n")
    hooks.install(repo, command=[str(stand_in)])
    assert command(repo, "hook", "request").returncode == 0
    assert command_in(hooks.state) == [str(stand_in)]
    stand_in.unlink()
    repo.commit({"a.py": "def alpha(): pass\n"})
    assert command(repo, "hook", "request").returncode == 0
    hooks.wait_for_commit(repo)


def test_lines_that_somebody_added_to_our_file_stay(repo, hooks):
    hooks.install(repo)
    hook = repo.root / ".git/hooks/post-merge"
    hook.write_text(hook.read_text() + "echo mine\n")
    hooks.uninstall(repo)
    assert hook.read_text() == "#!/bin/sh\necho mine\n"
    assert os.access(hook, os.X_OK)


def test_lines_of_which_the_end_is_gone_are_left_to_their_user(repo, hooks):
    hooks.install(repo)
    hook = repo.root / ".git/hooks/post-merge"
    hook.write_bytes(hook.read_bytes().replace(END, b"# something else"))
    assert any("by hand" in note for note in hooks.uninstall(repo).notes)
    assert hook.exists()
    assert not (repo.root / ".git/hooks/post-commit").exists()


def test_what_is_no_hook_at_all_is_told(repo, hooks):
    (repo.root / ".git/hooks/post-merge").mkdir()
    with pytest.raises(ConfigError, match="post-merge is not a file"):
        hooks.install(repo)
    assert not (repo.root / ".git/hooks/post-commit").exists()


def test_hard_links_to_a_hook_do_not_see_ours(repo, hooks, tmp_path):
    executable(tmp_path / "template", "#!/bin/sh\necho theirs\n")
    (repo.root / ".git/hooks/post-commit").hardlink_to(tmp_path / "template")
    hooks.install(repo)
    assert BEGIN not in (tmp_path / "template").read_bytes()

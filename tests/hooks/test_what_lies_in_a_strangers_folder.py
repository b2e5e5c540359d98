"""A folder of hooks, and the files that tools read, may come with a stranger's repository: nothing there is waited for,
read without end, or written through."""

import os
import sys

import pytest

from wherein.config.load import load_settings
from wherein.errors import ConfigError
from wherein.hooks import changes
from wherein.hooks.managers import asked_by
from wherein.hooks.status import hooks_status

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX")


@pytest.mark.timeout(60)
def test_a_pipe_in_the_place_of_a_hook_is_told_and_not_waited_for(repo, hooks):
    os.mkfifo(repo.root / ".git/hooks/post-commit")
    with pytest.raises(ConfigError, match="post-commit is not a file"):
        hooks.install(repo)
    assert not hooks_status(repo.root, load_settings(repo.root)).installed


@pytest.mark.timeout(60)
@pytest.mark.parametrize("place", ["lefthook.yml", ".git/hooks/pre-push"])
def test_devices_and_pipes_beside_a_hook_are_not_read(repo, hooks, place):
    hook = repo.root / ".git/hooks/post-commit"
    hook.write_text("#!/bin/sh\ncall_lefthook run post-commit # LEFTHOOK\n")
    hook.chmod(0o755)
    for make in (os.mkfifo, lambda path: path.symlink_to("/dev/zero")):
        make(repo.root / place)
        assert asked_by(hook.parent, "post-commit", repo.root) == ""
        hooks.install(repo)
        hooks.uninstall(repo)
        (repo.root / place).unlink()


def test_a_hook_is_not_written_through_a_link_that_waits_for_it(tmp_path):
    mine = tmp_path / "mine"
    mine.write_text("mine\n")
    hook = tmp_path / "hooks/post-commit"
    hook.parent.mkdir()
    (hook.parent / f".{hook.name}.{os.getpid()}").symlink_to(mine)
    changes.write(hook, b"#!/bin/sh\n", "written").do()
    assert mine.read_text() == "mine\n"
    assert hook.read_bytes() == b"#!/bin/sh\n"
    assert sorted(path.name for path in hook.parent.iterdir()) == ["post-commit"]

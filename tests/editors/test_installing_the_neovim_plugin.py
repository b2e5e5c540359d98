"""`./install neovim` in a home of its own, and a Neovim that is started there as its user does."""

import shutil
import subprocess
from pathlib import Path

import pytest

from neovim_plugin import clean, found

INSTALL = Path(__file__).resolve().parents[2] / "install"


@pytest.fixture
def home(tmp_path):
    """A home whose nvim is the newest."""
    command, needed = found("newest")
    home = tmp_path / "a home"
    program = home / "bin" / "nvim"
    program.parent.mkdir(parents=True)
    quoted = " ".join(f"'{word}'" for word in command)
    settings = " ".join(f"{name}='{value}'" for name, value in needed.items())
    program.write_text(f'#!/bin/sh\n{settings} exec {quoted} "$@"\n')
    program.chmod(0o755)
    return home


def run(home, *command):
    environment = clean(home, home / "data")
    environment["PATH"] = f"{home / 'bin'}:{environment['PATH']}"
    environment.pop("NVIM", None)
    return subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, timeout=60)


def test_the_plugin_is_put_where_neovim_finds_it_and_taken_out_again(home):
    done = run(home, str(INSTALL), "neovim")
    assert done.returncode == 0, done.stderr
    folder = home / ".local/share/nvim/site/pack/wherein/start/wherein"
    assert f"Installed the Neovim plugin in {folder}" in done.stderr
    assert ":checkhealth wherein" in done.stderr
    assert (folder / "doc/tags").exists()
    found = run(
        home, "nvim", "--headless", "+lua io.stderr:write(vim.fn.exists(':Wherein'))", "+help wherein", "+qa!"
    )
    assert found.returncode == 0
    assert found.stderr.strip() == "2"
    again = run(home, str(INSTALL), "neovim")  # an update
    assert again.returncode == 0
    assert [each.name for each in folder.parent.iterdir()] == ["wherein"]
    removed = run(home, str(INSTALL), "neovim", "--remove")
    assert removed.stderr == f"Removed {folder}\n"
    assert not folder.exists()
    assert run(home, str(INSTALL), "neovim", "--remove").returncode == 1


def test_what_is_there_already_is_left_alone_and_a_missing_neovim_is_told(home):
    folder = home / ".local/share/nvim/site/pack/wherein/start/wherein"
    folder.mkdir(parents=True)
    (folder / "mine").touch()
    done = run(home, str(INSTALL), "neovim")
    assert done.returncode == 1
    assert "move it away first" in done.stderr
    assert (folder / "mine").exists()
    (folder / "mine").unlink()
    folder.rmdir()
    (home / "bin/nvim").write_text("#!/bin/sh\nexit 127\n")
    done = run(home, str(INSTALL), "neovim")
    assert done.returncode == 0, done.stderr
    assert "No nvim was found; the plugin needs Neovim 0.10 or newer" in done.stderr
    assert (folder / "plugin/wherein.lua").exists()


def test_the_readmes_lines_for_vim_pack_bring_the_commands_and_their_help(home, tmp_path):
    clone = tmp_path / "wherein"
    shutil.copytree(INSTALL.parent / "editors/neovim", clone / "editors/neovim")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        git = ["git", "-C", str(clone), "-c", "user.name=a", "-c", "user.email=a@example.org"]
        assert run(home, *git, *arguments).returncode == 0
    readme = (INSTALL.parent / "editors/neovim/README.md").read_text()
    lines = readme.partition("vim.pack.add(")[2].partition("\n-- none")[0]
    agreed = lines.replace("}, {", "}, { confirm = false,", 1).replace("/path/to/wherein", str(clone))
    settings = home / ".config/nvim/init.lua"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"vim.pack.add({agreed}")
    told = "+lua io.stderr:write(vim.fn.exists(':Wherein') .. vim.fn.expand('%:t'))"
    for _ in range(2):  # it is cloned, then it is there
        done = run(home, "nvim", "--headless", "+helptags ALL", "+help wherein", told, "+qa!")
        assert done.returncode == 0
        assert "2wherein.txt" in done.stderr

"""`./install` and the virtual environment below it, with nothing fetched from a network."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from wherein import __version__

ROOT = Path(__file__).parents[2]
SHELL_TOOLS = ("cp", "dirname", "id", "ln", "mkdir", "mktemp", "readlink", "rm", "sh")


@pytest.fixture
def newcomer(tmp_path):
    """The environment of someone with a home folder and no more than a shell on their PATH."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in SHELL_TOOLS:
        (tools / tool).symlink_to(shutil.which(tool))
    (tmp_path / "home").mkdir()
    return {"PATH": str(tools), "HOME": str(tmp_path / "home"), "PYTHON": sys.executable}


@pytest.fixture
def without_ensurepip(newcomer, tmp_path):
    """As Debian's python3 comes, but where there is no apt either."""
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    return newcomer | {"PYTHONPATH": str(tmp_path)}


def run(*command, env):
    done = subprocess.run(
        [str(part) for part in command], env=env, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def make_environment(folder):
    """What `scripts/make-venv` makes, but with the libraries of the environment that runs the tests."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    variables = {"base": str(folder), "platbase": str(folder)}
    libraries = Path(sysconfig.get_path("purelib", "venv", vars=variables))
    (libraries / "of-the-tests.pth").write_text(sysconfig.get_path("purelib") + "\n")


def test_installing_twice_leaves_a_command_that_runs_and_is_taken_out_with_a_word_on_what_stays(newcomer):
    home = Path(newcomer["HOME"])
    make_environment(home / ".local/share/wherein-app")
    offline = newcomer | {
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_NO_COMPILE": "1",
    }
    command = home / ".local/bin/wherein"
    for extras in ((), ("redis",)):
        code, out, err = run(ROOT / "install", *extras, env=offline)
        assert (code, out) == (0, "")
        assert f"Installed wherein {__version__} as {command}" in err
    assert f'export PATH="{command.parent}:$PATH"' in err
    code, out, _ = run(command, "--version", env=newcomer)
    assert code == 0
    assert __version__ in out
    assert f"`import wherein` there is {home}/.local/share/wherein-app/bin/python" in err
    (home / ".local/share/wherein/hooks").mkdir(parents=True)
    (home / ".local/share/wherein/hooks/request").touch()
    assert run(home / ".local/bin/wherein", "mcp", "install", "codex", env=newcomer)[0] == 0
    code, _, err = run(ROOT / "install", "--remove", env=newcomer)
    assert code == 0
    assert f"Codex still tries to start it: take the entry wherein out of {home}/.codex/config.toml\n" in err
    assert "Claude" not in err
    assert "Its hooks in repositories do nothing any more" in err
    assert err.rstrip().endswith(f"  {home}/.local/share/wherein")
    assert not (home / ".local/share/wherein-app").exists()
    assert not (home / ".local/bin/wherein").is_symlink()
    assert run(ROOT / "install", "--remove", env=newcomer)[0] == 1


def test_an_installation_that_fails_says_why_and_does_not_claim_to_be_one(newcomer, tmp_path):
    home = Path(newcomer["HOME"])
    make_environment(home / ".local/share/wherein-app")
    code, _, err = run(ROOT / "install", env=newcomer | {"PIP_NO_INDEX": "1", "PIP_NO_CACHE_DIR": "1"})
    assert code == 1
    assert "ERROR: " in err
    assert "Installed" not in err


def test_a_python_that_is_too_old_is_refused_in_one_sentence(newcomer, tmp_path):
    code, _, err = run(ROOT / "scripts/make-venv", tmp_path / "venv", env=newcomer | {"PYTHON": "false"})
    assert code == 2
    assert err.count("\n") == 1
    assert "needs Python 3.11 or newer" in err
    assert "PYTHON=" in err


def test_without_pip_and_without_apt_the_command_that_helps_is_told(without_ensurepip, tmp_path):
    code, _, err = run(ROOT / "scripts/make-venv", tmp_path / "venv", env=without_ensurepip)
    assert code == 2
    assert err.count("\n") == 1
    assert "apt-get install python3-venv" in err


def test_an_environment_that_fits_is_kept(newcomer, tmp_path):
    make_environment(tmp_path / "venv")
    (tmp_path / "venv/kept").touch()
    assert run(ROOT / "scripts/make-venv", tmp_path / "venv", env=newcomer) == (0, "", "")
    assert (tmp_path / "venv/kept").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(without_ensurepip, tmp_path):
    make_environment(tmp_path / "venv")
    (tmp_path / "venv/stale").touch()
    (tmp_path / "venv/bin/python").unlink()
    run(ROOT / "scripts/make-venv", tmp_path / "venv", env=without_ensurepip)
    assert (tmp_path / "venv/bin/python").exists()
    assert not (tmp_path / "venv/stale").exists()


def test_a_folder_that_is_no_environment_keeps_its_files(without_ensurepip, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter").touch()
    run(ROOT / "scripts/make-venv", tmp_path / "mine", env=without_ensurepip)
    assert (tmp_path / "mine/letter").exists()

"""What an extra brings is installed by a command that names no package of our own name: that may be a stranger's."""

import shlex
import sys
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from wherein import extras

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture
def stated(monkeypatch):
    """The metadata that an installation of now has."""
    lines = [
        f"{each}; extra == '{extra}'"
        for extra, needs in PROJECT["optional-dependencies"].items()
        for each in needs
    ]
    monkeypatch.setattr(extras, "requires", lambda name: [*PROJECT["dependencies"], *lines])


@pytest.mark.parametrize("extra", [name for name in PROJECT["optional-dependencies"] if name != "test"])
def test_the_command_installs_all_that_an_extra_brings_and_never_our_own_name(stated, extra):
    program, *rest = shlex.split(extras.install_command(extra))
    assert (program, rest[:3]) == (sys.executable, ["-m", "pip", "install"])
    own = [each for each in PROJECT["optional-dependencies"][extra] if not each.startswith("wherein[")]
    assert set(own) <= set(rest[3:])
    assert not [each for each in rest if each.startswith("wherein")]


def test_an_extra_that_brings_another_one_installs_both(stated):
    assert PROJECT["optional-dependencies"]["mcp"][0] in shlex.split(extras.install_command("serve"))


def test_without_metadata_the_clone_is_named(monkeypatch):
    def lost(name):
        raise PackageNotFoundError

    monkeypatch.setattr(extras, "requires", lost)
    assert extras.install_command("serve") == "./install serve, in the clone of wherein"

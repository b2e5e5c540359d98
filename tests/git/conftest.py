"""What only tests of the git layer need; repositories are made by tests/conftest.py."""

import shutil

import pytest


@pytest.fixture(autouse=True)
def _nobody_elses_configuration(only_our_configuration):
    """Also where a test makes no repository."""


@pytest.fixture
def without_git(monkeypatch, tmp_path):
    """A PATH on which there is no git."""
    from wherein.git.command import git_executable

    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    git_executable.cache_clear()
    assert shutil.which("git") is None
    yield
    git_executable.cache_clear()

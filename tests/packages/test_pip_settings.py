"""Where packages come from is what pip is told, in the order in which pip believes it."""

import os
import subprocess
import sys

import pytest

from wherein.errors import ConfigError
from wherein.packages.pip_settings import pip_settings


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """No configuration file of this machine counts."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "site"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    return tmp_path


def test_without_a_word_it_is_the_usual_index(nowhere):
    said = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--help"], capture_output=True, text=True, check=True
    ).stdout
    (index,) = pip_settings({"PIP_CONFIG_FILE": os.devnull}).indexes
    assert index in "".join(said.split())


def test_where_there_is_no_pip_either_it_is_said_what_to_set(nowhere, monkeypatch):
    monkeypatch.setitem(sys.modules, "pip._internal.models.index", None)
    with pytest.raises(ConfigError, match="No package index is configured") as caught:
        pip_settings({"PIP_CONFIG_FILE": os.devnull})
    assert "PIP_INDEX_URL" in caught.value.remedy
    assert pip_settings({"PIP_INDEX_URL": "https://a.example", "PIP_CONFIG_FILE": os.devnull}).indexes


def test_variables_count_more_than_files_and_the_users_file_more_than_the_systems(nowhere):
    for folder, text in (
        (
            "site/pip",
            "[global]\nindex-url = https://site.example/simple\nclient-cert = /site.pem\nproxy = http://p:1\n",
        ),
        (
            "home/.config/pip",
            "[global]\nindex_url = https://own.example/simple\n[install]\nproxy = http://other:1\n",
        ),
    ):
        (nowhere / folder).mkdir(parents=True)
        (nowhere / folder / "pip.conf").write_text(text)
    found = pip_settings({})
    assert found.indexes[0] == "https://own.example/simple"
    assert (found.client_certificate, found.proxy) == ("/site.pem", "http://p:1")
    told = {
        "PIP_INDEX_URL": "https://now.example/simple",
        "PIP_EXTRA_INDEX_URL": "https://a.example https://b.example",
    }
    assert pip_settings(told).indexes == (
        "https://now.example/simple",
        "https://a.example",
        "https://b.example",
    )


def test_what_counts_for_downloads_alone_counts_here(nowhere):
    (nowhere / "pip.conf").write_text(
        "[download]\nindex-url = https://d.example\n[global]\nindex-url = https://g.example\n"
    )
    assert pip_settings({"PIP_CONFIG_FILE": str(nowhere / "pip.conf")}).indexes == ("https://d.example",)


def test_no_index_leaves_folders_alone(nowhere):
    found = pip_settings(
        {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels ~/more"}
    )
    assert (found.indexes, found.find_links) == ((), ("/wheels", "~/more"))


@pytest.mark.parametrize("content", [b"index-url = x\n", b"\xff\xfe", b"[global\n"])
def test_a_file_that_is_no_configuration_is_named(nowhere, content):
    (nowhere / "pip.conf").write_bytes(content)
    with pytest.raises(ConfigError, match=r"pip\.conf") as caught:
        pip_settings({"PIP_CONFIG_FILE": str(nowhere / "pip.conf")})
    assert caught.value.remedy


def test_what_is_no_number_of_seconds_is_the_usual_one(nowhere):
    told = {"PIP_CONFIG_FILE": os.devnull, "PIP_DEFAULT_TIMEOUT": "soon"}
    assert pip_settings(told).timeout == pip_settings({"PIP_CONFIG_FILE": os.devnull}).timeout
    assert pip_settings(told | {"PIP_TIMEOUT": "60"}).timeout == 60

"""farm.toml: what it may say, and what is wrong with one that says something else."""

import pytest

from wherein.errors import ConfigError
from wherein_server.farm.farm import _headers
from wherein_server.farm.farmfile import FarmFile, read_farm_file

WHOLE = """
repositories = ["https://git.example.org/a/b", { url = "git@git.example.org:a/c.git", branch = "dev", name = "a/c" }]
protocols = ["https"]
max_megabytes = 10
poll_minutes = 0.5
deep_part_chunks = 7
[tokens]
"Git.example.org" = "GIT_TOKEN"
[[organisations]]
forge = "github"
name = "acme"
token_env = "HUB_TOKEN"
exclude = ["*-x"]
"""


def written(tmp_path, text):
    path = tmp_path / "farm.toml"
    path.write_text(text)
    return path


def test_a_file_is_read_whole(tmp_path):
    found = read_farm_file(written(tmp_path, WHOLE))
    assert found.repositories[0].url == "https://git.example.org/a/b"
    assert (found.repositories[1].branch, found.repositories[1].name) == ("dev", "a/c")
    assert (found.max_megabytes, found.poll_minutes, found.deep_part_chunks) == (10, 0.5, 7)
    assert found.organisations[0].api == "https://api.github.com"
    assert found.given


def test_tokens_go_to_the_host_that_they_are_for_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_TOKEN", "one")
    monkeypatch.setenv("HUB_TOKEN", "two")
    found = _headers(read_farm_file(written(tmp_path, WHOLE)))
    assert set(found) == {"https://git.example.org/", "https://github.com/"}
    assert "one" not in str(found)
    monkeypatch.delenv("HUB_TOKEN")
    assert set(_headers(read_farm_file(written(tmp_path, WHOLE)))) == {"https://git.example.org/"}


def test_without_a_file_the_defaults_hold(monkeypatch):
    monkeypatch.delenv("WHEREIN_FARM_FILE", raising=False)
    assert read_farm_file(None) == FarmFile()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("repositorys = []", "repositorys"),
        ("repositories = 1", "repositories"),
        ("repositories = [1]", "neither a URL"),
        ('repositories = [{ url = "x", color = 1 }]', "neither a URL"),
        ("tries = 0", "tries"),
        ("tries = true", "tries"),
        ("tries = 1.5", "tries"),
        ("per_host = '4'", "per_host"),
        ('protocols = ["ext"]', "protocols"),
        ("protocols = []", "protocols"),
        ("[tokens]\nx = 1", "tokens"),
        ('[[organisations]]\nforge = "svn"\nname = "a"', "forge"),
        ('[[organisations]]\nforge = "gitea"\nname = "a"', "api"),
        ('[[organisations]]\nforge = "gitea"\nname = "a"\napi = "file:///etc"', "api"),
        ('[[organisations]]\nforge = "github"\nname = "a"\ncolor = 1', "keys other than"),
        ("a = [", "TOML"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(tmp_path, text, says):
    with pytest.raises(ConfigError, match=says):
        read_farm_file(written(tmp_path, text))


@pytest.mark.parametrize("broken", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_told(tmp_path, broken):
    path = tmp_path / "farm.toml"
    if broken is not None:
        path.write_bytes(broken)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_farm_file(path)


def test_a_farm_without_a_redis_says_so(farm):
    answer = farm("status", WHEREIN_STORE=f"sqlite://{farm.folder}")
    assert answer.code == 2
    assert "no Redis is configured" in answer.err
    answer = farm("status", WHEREIN_STORE="redis://127.0.0.1:1")
    assert answer.code == 4

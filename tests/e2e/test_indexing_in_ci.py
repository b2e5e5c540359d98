"""`wherein index --view` where there is no worktree, or little history; what is kept from one run to the next."""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from wherein_server.cli.main import cli

URL = "https://example.org/acme/courier.git"


@pytest.fixture
def bare(repo, tmp_path):
    repo.git("clone", "--quiet", "--bare", str(repo.root), str(tmp_path / "courier.git"))
    return tmp_path / "courier.git"


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(params=["embedded", "redis"])
def on(request, wherein):
    """The command on a store of each kind."""
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")
        wherein.environment = wherein.environment | {"WHEREIN_STORE": url}
    return wherein


def test_a_bare_clone_is_enough_and_nothing_is_written_into_it(on, bare, repo):
    before = everything(bare)
    assert on("index", "--repo", str(bare), "--view", "main").code == 0
    found = on("symbol", "--repo", str(bare), "--view", "main", "basic_auth_header", "--json").json
    assert [each["symbol"] for each in found["results"]] == ["basic_auth_header"]
    assert found["index"]["commit"] == repo.git("rev-parse", "HEAD").strip()
    assert everything(bare) == before


@pytest.mark.parametrize("view", ["main", "HEAD"])
def test_a_shallow_checkout_is_enough(on, repo, tmp_path, view):
    """As CI makes them: the last commit alone, a branch or no branch checked out."""
    repo.write("src/courier/late.py", "def arrives_late(): pass\n")
    repo.commit()
    checkout = tmp_path / "checkout"
    repo.git("clone", "--quiet", "--depth", "1", repo.root.as_uri(), str(checkout))
    if view == "HEAD":
        repo.git("-C", str(checkout), "checkout", "--quiet", "--detach")
    assert on("index", "--view", view, cwd=checkout).code == 0
    found = on("symbol", "--view", view, "arrives_late", "--json", cwd=checkout).json
    assert [each["path"] for each in found["results"]] == ["src/courier/late.py"]
    assert (checkout / ".git/shallow").exists()


def test_a_branch_that_a_checkout_lacks_is_told_and_can_be_made(wherein, repo, tmp_path):
    checkout = tmp_path / "checkout"
    repo.git("clone", "--quiet", "--depth", "1", repo.root.as_uri(), str(checkout))
    repo.git("-C", str(checkout), "checkout", "--quiet", "--detach")
    repo.git("-C", str(checkout), "branch", "--quiet", "-D", "main")
    refused = wherein("index", "--view", "main", cwd=checkout)
    assert refused.code == 2
    assert "main" in refused.err
    repo.git("-C", str(checkout), "branch", "--force", "main", "HEAD")
    assert wherein("index", "--view", "main", cwd=checkout).code == 0


def test_with_the_data_folder_of_the_last_run_only_what_changed_is_read(wherein, repo, tmp_path):
    """Each run is another machine: a fresh checkout without history, in the usual place, and a copy of the data."""

    def run(number: int) -> dict[str, int]:
        checkout = tmp_path / "builds" / "courier"
        repo.git("clone", "--quiet", "--depth", "1", repo.root.as_uri(), str(checkout))
        repo.git("-C", str(checkout), "remote", "set-url", "origin", URL)
        kept = tmp_path / f"data{number}"
        if number:
            shutil.copytree(tmp_path / f"data{number - 1}", kept)
        environment = {"WHEREIN_DATA_DIR": str(kept)}
        report = wherein("index", "--view", "HEAD", "--json", cwd=checkout, environment=environment).json
        shutil.rmtree(checkout)
        return report["report"]

    assert run(0)["files_embedded"] > 5
    assert run(1)["files_embedded"] == 0
    repo.write("src/courier/late.py", "def arrives_late(): pass\n")
    repo.commit()
    assert run(2)["files_embedded"] == 1


def test_what_the_page_shows_can_be_run():
    page = (Path(__file__).resolve().parents[2] / "docs/hooks.md").read_text()
    blocks = re.findall(r"```(\w+)\n(.*?)```", page, re.DOTALL)
    assert all(yaml.safe_load(text) for kind, text in blocks if kind == "yaml")
    text = "".join(text for _, text in blocks)
    beginning = r"(?m)^(?:\s*- (?:run: )?)?wherein "
    commands = re.findall(rf"{beginning}([a-z]+(?: install| uninstall| status)?)", text)
    assert len(commands) > 4
    for each in commands:
        assert CliRunner().invoke(cli, [*each.split(), "--help"]).exit_code == 0, each

"""The installed language server, real repositories, and clients of it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kept_interpreter
from raw_client import RawClient
from shop import SHOP

COMMAND = Path(sys.executable).parent / "wherein"


def begin(environment, log, *arguments, command=None, begin_anew=False, **options):
    """A server on pipes, with a client; what it says on standard error is in the file `client.log`.

    It is forked from an interpreter that has imported it, unless it is to be begun anew, or otherwise than usual.
    """
    with log.open("wb") as errors:
        if not (command or begin_anew or options) and kept_interpreter.can_take(environment):
            process = kept_interpreter.start(
                COMMAND,
                ["lsp", *arguments],
                folder=Path.cwd(),
                environment=environment,
                errors=errors.fileno(),
            )
        else:
            process = subprocess.Popen(
                [*(command or (str(COMMAND), "lsp")), *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment,
                **options,
            )
    client = RawClient(process.stdout, process.stdin, process)
    client.log = log
    return client


def place_in(root):
    def place(path, line, character=0):
        """The arguments that name a place, by 1-based line."""
        return {"uri": (root / path).as_uri(), "position": {"line": line - 1, "character": character}}

    return place


def clean(home, data):
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "WHEREIN_DATA_DIR": str(data),
        "LANG": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def commit_shop(root, environment):
    for path, text in SHOP.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for arguments in (["add", "--all"], [*who, "commit", "--quiet", "-m", "shop"]):
        subprocess.run(["git", *arguments], cwd=root, env=environment, check=True)


@pytest.fixture(scope="session")
def reading(tmp_path_factory):
    """A session in a shop that is indexed, for tests that change nothing; `root` and `at` belong to it."""
    base = tmp_path_factory.mktemp("reading")
    root = base / "shop"
    environment = clean(base, base / "data")
    root.mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=root, env=environment, check=True)
    commit_shop(root, environment)
    client = begin(environment, base / "stderr")
    client.root, client.at = root, place_in(root)
    client.initialize(root)
    client.indexed()
    yield client
    client.close()


@pytest.fixture(scope="session")
def committed_shop(tmp_path_factory, empty_repository):
    """A repository to be copied."""
    base = tmp_path_factory.mktemp("copied")
    shutil.copytree(empty_repository, base / "shop/.git")
    when = "2024-01-01T00:00:00Z"
    commit_shop(
        base / "shop", clean(base, base / "data") | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    )
    return base / "shop"


@pytest.fixture
def shop(make_folder, committed_shop):
    """A small repository."""
    place = make_folder("shop")
    shutil.copytree(committed_shop, place.root, dirs_exist_ok=True)
    return place


@pytest.fixture
def environment(data_dir, only_our_configuration):
    """Of the server: nothing of the tester's own."""
    return clean(only_our_configuration, data_dir)


@pytest.fixture
def start(environment, tmp_path):
    """start("--log-file", …, environment={…}): as `begin`, ended with the test."""
    clients = []

    def started(*arguments, **options):
        log = tmp_path / f"stderr-{len(clients)}"
        clients.append(begin(environment | options.pop("environment", {}), log, *arguments, **options))
        return clients[-1]

    yield started
    for client in clients:
        client.close()


@pytest.fixture
def client(start, shop):
    """A session in the shop, which is indexed."""
    client = start()
    client.initialize(shop.root)
    client.indexed()
    return client


@pytest.fixture
def at(shop):
    return place_in(shop.root)

"""Real repositories, made by the git on PATH, with no configuration but the one below; and indexes of them."""

import gc
import itertools
import os
import random
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

import wherein
from redis_servers import RedisServer
from rewritten_once import rewrite_once
from wherein.config.sections import IndexSettings
from wherein.config.settings import Settings
from wherein.git.open import open_source
from wherein.git.source import SourceSettings

USER_CONFIGURATION = """\
[user]
    name = Ada
    email = ada@example.org
[init]
    defaultBranch = main
[protocol "file"]
    allow = always
[commit]
    gpgSign = false
[maintenance]
    auto = false
"""
"""Without maintenance, which is a process more for each commit."""

MADE_BEFORE_COLLECTING = 20_000
"""Objects, instead of 700: looking for cycles that often takes 3 to 9 % of what tests in one process take."""

WORKERS_A_CORE = 2
"""A fourteenth of the tests, one after the other, took 89 s of processor time, and for 61 s more nothing of theirs ran:
by reckoning, three workers keep two cores busy for three quarters of the time, and four for nine tenths."""


def pytest_addoption(parser):
    group = parser.getgroup("histories")
    group.addoption("--histories", type=int, help="play so many random histories, longer than otherwise")
    group.addoption("--first-history", type=int, help="the seed of the first of them; else it is drawn")
    group.addoption("--history", type=int, metavar="SEED", help="play this one alone")


def pytest_configure(config):
    if (
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    ):  # begun with `&` by a script: what is begun here would inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if config.getoption("--histories") and config.getoption("--first-history") is None:
        given = getattr(config, "workerinput", {})
        config.option.first_history = given.get("first_history") or random.SystemRandom().randrange(2**30)


def pytest_report_header(config):
    first = config.getoption("--first-history")
    return None if first is None else f"histories: --first-history {first}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """`-n auto`: for two fifths of their time tests wait, for timers, locks and other processes."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return WORKERS_A_CORE * cores


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config, specs):
    rewrite_once(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    node.workerinput["first_history"] = node.config.getoption("--first-history")


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """All that collection makes stays: looking for what is unreachable takes a sixth of it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish():
    """Thousands of tests lie in memory from now on: the collector need not look through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BEFORE_COLLECTING, *gc.get_threshold()[1:])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """Remove the folders of all tests at once, where none failed; else they are there until the next run.

    Removed one by one they cost a tenth of the processor time: ext4 without a journal passes by the inodes that were
    removed within seconds, one after the other, for each file that is made.
    """
    folder = session.config._tmp_path_factory._basetemp
    ours = session.config.option.basetemp is None  # of a worker it is a part of the first process's
    if ours and folder is not None and exitstatus == pytest.ExitCode.OK:
        subprocess.run(["rm", "-rf", "--", folder], stderr=subprocess.DEVNULL, check=False)


@pytest.fixture
def only_our_configuration(tmp_path_factory, monkeypatch):
    return use_only_our_configuration(tmp_path_factory.mktemp("home"), monkeypatch)


def use_only_our_configuration(home: Path, monkeypatch) -> Path:
    (home / ".gitconfig").write_text(USER_CONFIGURATION)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2024-01-01T00:00:00Z")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2024-01-01T00:00:00Z")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return home


class Place:
    """A folder to write into and, usually, a repository."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(
        self,
        *arguments: str,
        given: bytes = b"",
        check: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            input=given,
            env=environment,
            capture_output=True,
            check=False,
        )
        assert not check or done.returncode == 0, os.fsdecode(done.stderr)
        return os.fsdecode(done.stdout)

    def write(self, path: str, content: str | bytes = "text\n") -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return place

    def commit(self, files: dict[str, str | bytes] | None = None) -> str:
        for path, content in (files or {}).items():
            self.write(path, content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a commit")
        return self.head()

    def head(self) -> str:
        """The id of the last commit; read from git's files, where they are plain ones."""
        folder = self.root / ".git"
        try:
            kind, _, ref = (folder / "HEAD").read_text("utf-8").strip().partition(" ")
            return (folder / ref).read_text("ascii").strip() if kind == "ref:" else kind
        except (OSError, UnicodeDecodeError):
            return self.git("rev-parse", "HEAD").strip()

    def blob(self, path: str) -> str:
        """The id that git itself gives to the content on disk."""
        return self.git("hash-object", "--", path).strip()

    def source(self, below: str = "", *, ref: str | None = None, name: str | None = None, **settings):
        return open_source(self.root / below, ref=ref, name=name, settings=SourceSettings(**settings))

    def listing(self, below: str = "", *, ref: str | None = None, **settings):
        source = self.source(below, ref=ref, **settings)
        try:
            return source.listing()
        finally:
            source.close()


@pytest.fixture
def make_folder(tmp_path, only_our_configuration):
    def make(name: str) -> Place:
        (tmp_path / name).mkdir(parents=True)
        return Place(tmp_path / name)

    return make


@pytest.fixture(scope="session")
def empty_repository(tmp_path_factory):
    """What `git init` makes, without hooks that are samples. To be copied: a fifth of the time, thousands of times."""
    home = tmp_path_factory.mktemp("beginning")
    template = home / "template"
    (template / "hooks").mkdir(parents=True)
    (template / "info").mkdir()
    (template / "info" / "exclude").write_text("")
    (home / ".gitconfig").write_text(USER_CONFIGURATION)
    environment = {"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
    Place(home).git("init", "--quiet", f"--template={template}", "empty", environment=environment)
    return home / "empty" / ".git"


@pytest.fixture
def make_repo(make_folder, empty_repository):
    def make(name: str, *options: str) -> Place:
        place = make_folder(name)
        if options:
            place.git("init", "--quiet", *options)
        else:
            shutil.copytree(empty_repository, place.root / ".git")
        return place

    return make


@pytest.fixture
def repo(make_repo):
    return make_repo("project")


@pytest.fixture
def folder(make_folder):
    return make_folder("plain")


@pytest.fixture
def clone(tmp_path):
    def make(source: Place, name: str, *options: str) -> Place:
        url = source.root.as_uri() if options else str(source.root)
        subprocess.run(["git", "clone", "--quiet", *options, url, str(tmp_path / name)], check=True)
        return Place(tmp_path / name)

    return make


@pytest.fixture
def data_dir(tmp_path):
    """Where the indexes of a test lie."""
    return tmp_path / "data"


@pytest.fixture
def open_index(data_dir):
    """open_index(place, "folder", view=…, exclude=…): an index of its own data folder, closed at the end."""
    opened: list[wherein.Index] = []

    def make(place: Place, below: str = "", *, view: str | None = None, **index) -> wherein.Index:
        settings = Settings(data_dir=data_dir, index=IndexSettings(**index))
        opened.append(wherein.open_index(place.root / below, view=view, settings=settings))
        return opened[-1]

    yield make
    for index in opened:
        index.close()


EXPLANATION = (
    "This",
    " function",
    " follows",
    " redirects",
    " [1],",
    " calling",
    " `send`",
    " [2]",
    " and",
    " nothing",
    " else",
    " [99].",
    "\n\n",
    "```python",
    "\nstatus[1]",
    "\n```",
)
"""What the model of `llama` says: two sources, a number that is none, and code that only looks like a citation."""


@pytest.fixture(scope="session")
def llama():
    """A real llama-server whose model says EXPLANATION; for tests that leave it running and in one piece."""
    from llama_server import LlamaServer, Recital  # not for the tests that need none: it takes a while

    with LlamaServer(Recital(EXPLANATION)) as server:
        yield server


@pytest.fixture(scope="session")
def redis_server():
    """A real Redis with search, one a worker process, empty at first; nobody changes its settings."""
    with RedisServer() as server:
        yield server


_tenants = itertools.count(1)


@pytest.fixture
def redis_url(redis_server):
    """The URL of a store that no other test sees."""
    return f"{redis_server.url}?tenant=t{next(_tenants)}"


@pytest.fixture
def redis_url_from_afar(redis_server):
    """The same through the network, as a server on another machine."""
    return f"{redis_server.tcp_url}?tenant=t{next(_tenants)}"

"""A small realistic repository, and the installed command run on it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import kept_interpreter
from installed_command import COMMAND, Answer, answer

FILES = {
    "README.md": "# Courier\n\nAn HTTP client.\n\n## Installation\n\nRun `pip install courier`.\n",
    "pyproject.toml": '[project]\nname = "courier"\nversion = "1.0"\n',
    ".gitignore": "build/\n*.log\n",
    "src/courier/session.py": '''\
"""Sessions keep cookies and connections between requests."""

from courier.models import Request, Response

REDIRECTS = (301, 302, 303, 307, 308)


class TooManyRedirects(Exception):
    """The server sent us round in circles."""


class Session:
    """Sends requests, one after another."""

    def __init__(self, max_redirects: int = 30) -> None:
        self.max_redirects = max_redirects
        self.cookies: dict[str, str] = {}

    def send(self, request: Request) -> Response:
        """Send one request and return its response."""
        response = self._transport(request)
        self.cookies.update(response.cookies)
        return response

    def resolve_redirects(self, response: Response, request: Request) -> Response:
        """Follow redirects until a final answer; a 303 turns the method into GET."""
        followed = 0
        while response.status in REDIRECTS:
            followed += 1
            if followed > self.max_redirects:
                raise TooManyRedirects(request.url)
            if response.status == 303:
                request = request.replace(method="GET", body=None)
            request = request.replace(url=response.headers["location"])
            response = self.send(request)
        return response

    def _transport(self, request: Request) -> Response:
        raise NotImplementedError
''',
    "src/courier/models.py": '''\
"""What is sent and what comes back."""

from dataclasses import dataclass, field, replace


@dataclass
class Request:
    """A request that is ready to be sent."""

    url: str
    method: str = "GET"
    body: bytes | None = None

    def replace(self, **changes: object) -> "Request":
        return replace(self, **changes)


@dataclass
class Response:
    """A server's answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def json(self) -> object:
        """Decode the body as JSON."""
        raise NotImplementedError
''',
    "src/courier/auth.py": '''\
"""Proving who we are."""

import base64


def basic_auth_header(user: str, password: str) -> str:
    """The value of an Authorization header for HTTP basic authentication."""
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    return f"Basic {token}"
''',
    "web/retry.js": """\
// Wait longer after each failure.
export async function retryWithBackoff(task, attempts = 5) {
  for (let i = 0; i < attempts; i++) {
    try {
      return await task();
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve, 2 ** i * 100));
    }
  }
  throw new Error("out of attempts");
}
""",
    "cmd/main.go": """\
package main

import "fmt"

// printVersion tells the version of the tool.
func printVersion() {
	fmt.Println("courier 1.0")
}

func main() {
	printVersion()
}
""",
    "logo.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
}


@dataclass
class Repo:
    """A git repository, and how tests change it."""

    root: Path
    environment: dict[str, str]

    def write(self, path: str | bytes, content: str | bytes) -> None:
        file = self.root / os.fsdecode(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env=self.environment, check=True, capture_output=True
        )
        return os.fsdecode(done.stdout)

    def commit(self, message: str = "change") -> None:
        self.git("add", "--all")
        self.git("-c", "maintenance.auto=false", "commit", "--quiet", "--message", message)


@dataclass
class Command:
    """Runs the installed `wherein` in a folder, apart from the tester's own settings and data."""

    environment: dict[str, str]
    folder: Path
    data: Path
    begin_anew: bool = False
    """Whether each command is an interpreter of its own, rather than forked from one that has imported all of it."""

    def __call__(self, *arguments: str | bytes, input: str | None = None, **options: Any) -> Answer:
        folder, environment = (
            options.pop("cwd", self.folder),
            self.environment | options.pop("environment", {}),
        )
        given = None if input is None else input.encode()
        if not self.begin_anew and not options and kept_interpreter.can_take(environment):
            done = kept_interpreter.run(
                COMMAND, arguments, folder=folder, environment=environment, given=given
            )
        else:
            done = subprocess.run(
                [str(COMMAND), *arguments],
                cwd=folder,
                env=environment,
                input=given,
                stdin=subprocess.DEVNULL if given is None else None,
                capture_output=True,
                timeout=60,
                check=False,
                **options,
            )
        return answer(done)

    def start(self, *arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [str(COMMAND), *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )

    def git(self, *arguments: str) -> str:
        return Repo(self.folder, self.environment).git(*arguments)

    def index_files(self) -> Sequence[Path]:
        return sorted((self.data / "indexes").glob("*.db"))


@pytest.fixture(scope="session")
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("home")
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "SYSTEMROOT") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> Command:
    """The command in a repository that is indexed; for tests that change nothing."""
    base = tmp_path_factory.mktemp("shared")
    repo = make_courier(base / "courier", clean_environment)
    command = make_command(base, repo, clean_environment)
    assert command("index").code == 0
    return command


@pytest.fixture(scope="session")
def courier(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> Path:
    """A repository to be copied: half of what making one takes."""
    return make_courier(tmp_path_factory.mktemp("copied") / "courier", clean_environment).root


@pytest.fixture
def repo(tmp_path: Path, courier: Path, clean_environment: dict[str, str]) -> Repo:
    """A repository of one's own, not indexed yet."""
    shutil.copytree(courier, tmp_path / "courier")
    return Repo(tmp_path / "courier", clean_environment)


@pytest.fixture
def wherein(tmp_path: Path, repo: Repo, clean_environment: dict[str, str]) -> Command:
    """The command, in that repository, with a data folder of its own."""
    return make_command(tmp_path, repo, clean_environment)


def make_courier(root: Path, environment: dict[str, str]) -> Repo:
    root.mkdir()
    repo = Repo(root, environment)
    repo.git("init", "--quiet", "--initial-branch", "main", "--template=")
    for path, content in FILES.items():
        repo.write(path, content)
    repo.commit("courier")
    return repo


def make_command(base: Path, repo: Repo, environment: dict[str, str]) -> Command:
    data = base / "data"
    own = {"WHEREIN_DATA_DIR": str(data), "WHEREIN_CONFIG": str(base / "config.toml")}
    return Command(environment | own, repo.root, data)


@pytest.fixture
def many_files(repo: Repo) -> Callable[[int], None]:
    """Adds so many files that indexing takes a while; a hundred are enough for worker processes."""

    def add(count: int) -> None:
        for i in range(count):
            body = "\n\n".join(f"def step_{i}_{j}(value):\n    return value * {i} + {j}" for j in range(20))
            remark = f"# {'what stands here is long ' * 4}\n" * 110
            repo.write(f"many/part_{i % 50}/module_{i}.py", remark + body + "\n")
        repo.commit("many")

    return add

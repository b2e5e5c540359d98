"""Farms for tests: a broker, repositories, and the commands of a farm as processes."""

import json
import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import kept_interpreter
from installed_command import COMMAND, Answer, answer
from redis_servers import RedisServer

HEARTBEAT = "1"
"""Seconds between signs of life: in tests a dead worker is given up after three of them."""


@dataclass
class Remote:
    """A repository that a farm fetches."""

    place: Path

    @property
    def url(self) -> str:
        return self.place.as_uri()

    @property
    def name(self) -> str:
        return str(self.place).strip("/").removesuffix(".git")

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgSign=false")
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=self.place, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, files: dict[str, str], *options: str) -> str:
        for path, text in files.items():
            (self.place / path).parent.mkdir(parents=True, exist_ok=True)
            (self.place / path).write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a commit", *options)
        return self.head()

    def head(self) -> str:
        return self.git("rev-parse", "HEAD")


@dataclass
class FarmPlace:
    """A farm's folder, and its commands."""

    folder: Path
    broker: RedisServer
    environment: dict[str, str]
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.folder / "farm.toml"

    def remote(self, name: str) -> Remote:
        place = self.folder / "remotes" / name
        place.mkdir(parents=True)
        remote = Remote(place)
        remote.git("init", "--quiet", "--initial-branch", "main")
        return remote

    def configure(self, text: str = "", *, urls: Sequence[str] = ()) -> None:
        self.file.write_text(f'protocols = ["file", "http"]\nrepositories = {json.dumps(list(urls))}\n{text}')

    def __call__(self, *arguments: str, **environment: str) -> Answer:
        done = kept_interpreter.run(
            COMMAND,
            ["farm", *arguments],
            folder=self.folder,
            environment=self.environment | environment,
            given=None,
        )
        return answer(done)

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [str(COMMAND), "farm", *arguments],
                cwd=self.folder,
                env=self.environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def status(self) -> Any:
        answer = self("status", "--json")
        assert answer.code == 0, answer.err
        return answer.json

    def states(self) -> dict[str, str]:
        return {each["name"]: each["state"] for each in self.status()["repositories"]}

    def entry(self, remote: Remote) -> Any:
        return next(each for each in self.status()["repositories"] if each["name"] == remote.name)

    def entry_named(self, name: str) -> Any:
        return next(each for each in self.status()["repositories"] if each["name"] == name)

    def hand_out_again(self, remote: Remote) -> None:
        """What waits for its next try is tried now."""
        from wherein.store.redis.prefixes import repository_id

        with self.broker.client() as client:
            client.zrem("wherein-farm:{default}:farm:due", repository_id(remote.name))
        assert self("poll").code == 0

    def log(self) -> str:
        return "\n".join(f"{each.name}:\n{each.read_text()[-3000:]}" for each in self.folder.glob("*.log"))

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def make_farm(folder: Path, broker: RedisServer) -> FarmPlace:
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    place = FarmPlace(
        folder,
        broker,
        kept
        | {
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "WHEREIN_STORE": broker.url,
            "WHEREIN_DATA_DIR": str(folder / "data"),
            "WHEREIN_CONFIG": str(folder / "config.toml"),
            "WHEREIN_FARM_FILE": str(folder / "farm.toml"),
            "WHEREIN_FARM_HEARTBEAT": HEARTBEAT,
        },
    )
    place.configure()
    return place

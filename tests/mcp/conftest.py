"""A repository, and `wherein mcp` on it: driven by the official client, or byte by byte."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import kept_interpreter
from cart import CART, STOCK
from installed_command import variables

COMMAND = Path(sys.executable).parent / "wherein"

FILES = {
    "src/shop/cart.py": CART,
    "src/shop/stock.py": STOCK,
    "README.md": "# Shop\n\nA shop.\n\n## Paying\n\nBy card.\n",
}


def begun_anew(command, arguments, *, folder, environment, given, timeout):
    return subprocess.run(
        [str(command), *arguments],
        cwd=folder,
        env=environment,
        input=given,
        capture_output=True,
        timeout=timeout,
        check=False,
    )


class Server:
    """`wherein mcp` as clients start it."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = folder
        self.environment = variables(WHEREIN_DATA_DIR=str(data), WHEREIN_LLM_BASE_URL="http://127.0.0.1:9/v1")

    def drive(self, what: Callable, *options: str, mode: str = "auto", **client) -> object:
        """What `what(client)` returns, a coroutine with a client that is connected."""
        from mcp import Client, StdioServerParameters, stdio_client  # a sixth of what collection would take

        async def run():
            parameters = StdioServerParameters(
                command=str(kept_interpreter.stand_in(COMMAND)),
                args=["mcp", *options],
                env=self.environment,
                cwd=self.folder,
            )
            async with Client(stdio_client(parameters), mode=mode, **client) as connected:
                return await asyncio.wait_for(what(connected), 60)

        return asyncio.run(run())

    def say(self, *messages: object, end: bytes = b"", options: tuple[str, ...] = ()) -> list[dict]:
        """All that it answers to these messages (bytes go as they are), once it has ended."""
        lines = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in messages]
        run = kept_interpreter.run if kept_interpreter.can_take(self.environment) else begun_anew
        given = b"".join(line + b"\n" for line in lines) + end
        done = run(
            COMMAND,
            ["mcp", *options],
            folder=self.folder,
            environment=self.environment,
            given=given,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def call(self, tool: str, *, options: tuple[str, ...] = (), **arguments) -> tuple[str, bool]:
        """The text of one answer, and whether it is an error."""
        (answer,) = self.say(request(1, "tools/call", name=tool, arguments=arguments), options=options)
        return answer["result"]["content"][0]["text"], answer["result"]["isError"]


def request(number: object, method: str, **params) -> dict:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


@pytest.fixture
def ask():
    """ask(number, method, …): a request as the wire has it."""
    return request


@pytest.fixture
def shop(repo):
    repo.commit(FILES)
    return repo


@pytest.fixture
def server(shop, data_dir):
    return Server(shop.root, data_dir)

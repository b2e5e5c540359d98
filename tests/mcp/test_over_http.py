"""One process for all sessions of a machine, over HTTP on loopback."""

import asyncio
import re
import subprocess
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
from mcp.client.streamable_http import streamable_http_client

from mcp import Client

from .conftest import COMMAND


@pytest.fixture
def served(server, make_repo, tmp_path):
    make_repo("second").commit({"second.py": "def only_in_the_second():\n    return 2\n"})
    process = subprocess.Popen(
        [str(COMMAND), "mcp", "--http", "--port", "0", "--root", str(tmp_path)],
        cwd=server.folder,
        env=server.environment,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    try:
        said = process.stderr.readline().decode()
        address = re.search(r"http://127\.0\.0\.1:\d+/mcp", said)
        assert address, said
        secret = Path(re.search(r"token is in (.+)\.\n", said)[1]).read_text().strip()
        yield address[0], secret
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.stderr.close()


def test_two_sessions_share_a_process_and_each_names_its_repository(served, tmp_path):
    address, secret = served

    async def session(repo, name):
        headers = {"Authorization": f"Bearer {secret}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(address, http_client=http)) as client,
        ):
            assert len((await client.list_tools()).tools) == 3
            return (await client.call_tool("symbol", {"name": name, "repo": repo})).content[0].text

    async def both():
        first, second = str(tmp_path / "project"), str(tmp_path / "second")
        return await asyncio.gather(
            session(first, "Cart.total"),
            session(second, "only_in_the_second"),
            session("/etc", "passwd"),
        )

    first, second, outside = asyncio.run(both())
    assert "src/shop/cart.py:18" in first
    assert "second.py:1" in second
    assert "is outside of what this server may read" in outside


def test_who_has_no_token_or_comes_from_another_site_is_refused(served):
    address, secret = served
    right = {"Authorization": f"Bearer {secret}"}
    for headers, code in (
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        (right | {"Host": "evil.example"}, 421),
        (right | {"Origin": "http://evil.example"}, 403),
    ):
        sent = headers | {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        body = b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(urllib.request.Request(address, body, sent))
        assert raised.value.code == code
        if code == 401:
            assert b"asks for its token" in raised.value.read()
        raised.value.close()

"""One process for all sessions of a machine, over HTTP on loopback."""

import asyncio
import json
import re
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import httpx2
import pytest

from kept_interpreter import stand_in

from .conftest import COMMAND


@pytest.fixture
def process(server, make_repo, tmp_path):
    make_repo("second").commit({"second.py": "def only_in_the_second():\n    return 2\n"})
    begun = subprocess.Popen(
        [str(stand_in(COMMAND)), "mcp", "--http", "--port", "0", "--root", str(tmp_path)],
        cwd=server.folder,
        env=server.environment,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    yield begun
    begun.kill()
    begun.wait()
    begun.stderr.close()


@pytest.fixture
def served(process):
    said = process.stderr.readline().decode()
    address = re.search(r"http://127\.0\.0\.1:\d+/mcp", said)
    assert address, said
    return address[0], Path(re.search(r"token is in (.+)\.\n", said)[1]).read_text().strip()


def test_two_sessions_share_a_process_and_each_names_its_repository(served, tmp_path):
    address, secret = served

    from mcp.client.streamable_http import streamable_http_client

    from mcp import Client

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
    assert "is outside what this server may read" in outside


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


def test_it_ends_in_order_though_a_client_keeps_its_stream_open(served, process):
    address, secret = served
    url = urllib.parse.urlsplit(address)
    begin = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": begin}).encode()
    sent = {"Authorization": f"Bearer {secret}", "Accept": "application/json, text/event-stream"}
    asked = urllib.request.Request(address, body, sent | {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked) as answer:
        sent |= {"Host": url.netloc, "Mcp-Session-Id": answer.headers["Mcp-Session-Id"]}
    lines = [f"GET {url.path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    with socket.create_connection((url.hostname, url.port)) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        assert connection.recv(12) == b"HTTP/1.1 200"
        process.terminate()
        assert process.wait(30) == 0
    assert b"Traceback" not in process.stderr.read()

"""The base protocol, spoken badly: one error for each mistake, and the session goes on."""

import contextlib
import json
import os
import queue
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from raw_client import Failed, RawClient

COMMAND = Path(sys.executable).parent / "wherein"


def framed(body):
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def stray(client):
    return client.strays.get(timeout=20)["error"]


def works(client):
    return client.request("wherein/status")["index"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"nonsense\r\n\r\n", -32700),
        (b"Content-Length: many\r\n\r\n", -32700),
        (b"Content-Length: -5\r\n\r\n", -32700),
        (b"\xff\xfe\0\0\n\n", -32700),
        (b"x" * 10_000 + b"\n", -32700),
        (framed(b"{oops"), -32700),
        (framed(b"\xff\xff\xff\xff"), -32700),
        (framed(b"[" * 200_000), -32700),
        (framed(b"null"), -32600),
        (framed(b"[]"), -32600),
        (framed(b"{}"), -32600),
        (framed(b'{"jsonrpc": "1.0"}'), -32600),
        (framed(b'{"jsonrpc": "2.0"}'), -32600),
        (framed(b'{"jsonrpc": "2.0", "id": 7}'), -32600),
        (framed(b'{"jsonrpc": "2.0", "id": {"a": 1}, "method": "x/y"}'), -32600),
        (framed(b'{"jsonrpc": "2.0", "id": 1, "method": 5}'), -32600),
    ],
)
def test_what_is_no_message_is_answered_and_skipped(reading, sent, code):
    reading.send_bytes(sent)
    error = stray(reading)
    assert error["code"] == code
    assert "Traceback" not in json.dumps(error)
    assert works(reading)


def test_answers_to_nothing_are_let_pass(reading):
    for answer in (
        {"id": [1], "result": 1},
        {"id": "none", "error": 5},
        {"result": None},
        {"id": None, "error": {}},
    ):
        reading.send_bytes(framed(json.dumps({"jsonrpc": "2.0", **answer}).encode()))
    assert works(reading)
    assert "Traceback" not in reading.log.read_text()


def test_other_headers_and_bare_newlines_are_understood(reading):
    body = b'{"jsonrpc":"2.0","id":"odd","method":"wherein/status"}'
    reading.answers["odd"] = queue.Queue()
    reading.send_bytes(b"Content-Type: x; charset=utf-8\ncontent-length:%d\n\n%s" % (len(body), body))
    assert reading.wait("odd")["index"]


def test_a_huge_message_is_read(reading):
    with pytest.raises(Failed) as failed:
        reading.request("wherein/search", {"query": "?" * 20_000_000})
    assert failed.value.code == -32602
    assert works(reading)


def test_a_message_beyond_all_measure_is_skipped_without_being_kept(start):
    client = start(begin_anew=True)
    size = 80 << 20
    client.send_bytes(b"Content-Length: %d\r\n\r\n" % size)
    for _ in range(80):
        client.send_bytes(b" " * (1 << 20))
    assert stray(client)["code"] == -32600
    status = Path(f"/proc/{client.process.pid}/status")
    if status.exists():
        (peak,) = [int(line.split()[1]) for line in status.read_text().splitlines() if "VmHWM" in line]
        assert peak < 100_000  # kB
    client.initialize()


def test_an_unknown_method_is_told_and_an_unknown_notification_ignored(reading):
    before = reading.named("window/showMessage")
    with pytest.raises(Failed) as failed:
        reading.request("textDocument/brew", {})
    assert failed.value.code == -32601
    reading.notify("$/setCoffee", {"strong": True})
    reading.notify("textDocument/didChange", {"nothing": "fits"})
    reading.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": "file:///never/opened", "version": 2}, "contentChanges": [{"text": "x"}]},
    )
    reading.notify("textDocument/didClose", {"textDocument": {"uri": "file:///never/opened"}})
    assert works(reading)
    assert reading.named("window/showMessage") == before


def test_parameters_that_do_not_fit_are_refused_with_the_request_s_id(reading):
    for method, params in (
        ("workspace/symbol", {}),
        ("workspace/executeCommand", {"command": 5}),
        ("textDocument/codeAction", {"textDocument": {"uri": 1}}),
        ("wherein/search", [1, 2]),
        ("wherein/search", {"query": "x", "workDoneToken": {}}),
    ):
        with pytest.raises(Failed) as failed:
            reading.request(method, params)
        assert failed.value.code == -32602, method
        assert "Traceback" not in str(failed.value.data)


def test_cancelling_what_is_unknown_or_done_does_nothing(reading):
    reading.cancel(123456)
    reading.cancel("never")
    done = reading.begin("wherein/status")
    reading.wait(done)
    reading.cancel(done)
    reading.notify("$/cancelRequest", {})
    assert works(reading)


def test_requests_before_initialize_are_refused(start):
    client = start()
    with pytest.raises(Failed, match="not initialized") as failed:
        client.command("wherein.search", {"query": "x"})
    assert failed.value.code == -32002
    client.notify("initialized", {})
    with pytest.raises(Failed) as failed:
        client.request("initialize", {"capabilities": 5})
    assert failed.value.code == -32602
    client.initialize()


def test_a_second_initialize_is_refused(reading):
    with pytest.raises(Failed) as failed:
        reading.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    assert failed.value.code == -32600


def test_after_shutdown_only_exit_counts(start, shop):
    client = start()
    client.initialize(shop.root)
    client.request("shutdown")
    with pytest.raises(Failed) as failed:
        client.command("wherein.status")
    assert failed.value.code == -32600
    client.notify("exit")
    assert client.process.wait(5) == 0


def test_exit_without_shutdown_is_told_by_the_exit_code(start, shop):
    client = start()
    client.initialize(shop.root)
    client.notify("exit")
    assert client.process.wait(5) == 1


def test_exit_before_initialize_ends_it_too(start):
    client = start()
    client.notify("exit")
    assert client.process.wait(10) == 1


def test_without_a_folder_a_search_says_that_none_is_open(start):
    client = start()
    client.initialize()
    with pytest.raises(Failed, match="No folder is open") as failed:
        client.command("wherein.search", {"query": "x"})
    assert failed.value.code == -32001
    assert client.request("workspace/symbol", {"query": "x"}) == []
    assert client.shut_down() == 0


def connect(process):
    told = process.stderr.readline().decode()
    assert "listening at" in told, told
    host, _, port = told.split()[-1].rpartition(":")
    connection = socket.create_connection((host, int(port)), timeout=20)
    return connection


@pytest.fixture
def on_a_port(environment):
    process = subprocess.Popen(
        [str(COMMAND), "lsp", "--tcp"], env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_it_serves_one_client_at_a_port_and_ends_with_it(on_a_port, shop):
    connection = connect(on_a_port)
    client = RawClient(connection.makefile("rb"), connection.makefile("wb"), on_a_port)
    client.initialize(shop.root)
    client.indexed()
    assert client.command("wherein.search", {"query": "charge a card"})["results"]
    assert client.shut_down() == 0
    assert on_a_port.stdout.read() == b""
    client.close()
    connection.close()


def test_what_is_no_client_is_turned_away_and_the_next_one_served(on_a_port, shop):
    told = on_a_port.stderr.readline().decode()
    address = ("127.0.0.1", int(told.rpartition(":")[2]))
    socket.create_connection(address, timeout=20).close()  # whether the port is open
    with socket.create_connection(address, timeout=20) as page:
        body = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}'
        page.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n" + framed(body))
        with contextlib.suppress(ConnectionResetError):
            assert page.recv(65536) == b""
    connection = socket.create_connection(address, timeout=20)
    client = RawClient(connection.makefile("rb"), connection.makefile("wb"), on_a_port)
    client.initialize(shop.root)
    assert client.shut_down() == 0
    client.close()
    connection.close()


def test_what_becomes_no_message_later_ends_a_session_at_a_port(on_a_port):
    with connect(on_a_port) as connection:
        connection.sendall(b"Content-Length: 2\r\n\r\n{}GET / HTTP/1.1\r\n\r\n")
        while connection.recv(65536):
            pass
    assert on_a_port.wait(10) == 1


def test_a_port_that_is_taken_is_told(environment):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [str(COMMAND), "lsp", "--tcp", "--port", str(port)],
            env=environment,
            capture_output=True,
            timeout=30,
            check=False,
        )
    assert done.returncode == 2
    assert b"Cannot listen on" in done.stderr


def test_stdio_may_be_said_and_contradicts_a_port(start, environment, shop):
    client = start("--stdio")
    client.initialize(shop.root)
    assert client.shut_down() == 0
    done = subprocess.run(
        [str(COMMAND), "lsp", "--stdio", "--tcp"],
        env=environment,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2


def test_the_log_goes_to_a_file(start, shop, tmp_path):
    client = start("--log-file", str(tmp_path / "server.log"), environment={"WHEREIN_LOG_LEVEL": "debug"})
    client.initialize(shop.root)
    client.indexed()
    assert client.shut_down() == 0
    assert (tmp_path / "server.log").stat().st_size > 0


def test_what_libraries_and_children_print_does_not_reach_the_wire(start, shop, tmp_path):
    noisy = tmp_path / "noisy.py"
    noisy.write_text(
        "import os, subprocess, sys\n"
        "import wherein.search.search as search\n"
        "found = search.search\n"
        "def loud(*arguments, **options):\n"
        "    print('from Python', flush=True)\n"
        "    os.write(1, b'from a C library\\n')\n"
        "    subprocess.run(['echo', 'from a child'], check=True)\n"
        "    assert sys.stdin.read() == ''\n"
        "    return found(*arguments, **options)\n"
        "search.search = loud\n"
        "from wherein_server.cli.main import run\n"
        "run(['lsp'])\n"
    )
    client = start(command=[sys.executable, str(noisy)])
    client.initialize(shop.root)
    client.indexed()
    assert client.command("wherein.search", {"query": "charge a card"})["results"]
    assert client.shut_down() == 0
    said = client.log.read_text()
    assert all(f"from {who}" in said for who in ("Python", "a C library", "a child"))


def test_the_end_of_its_input_ends_it(start, shop):
    client = start()
    client.initialize(shop.root)
    client.indexed()
    began = time.monotonic()
    client.sink.close()
    assert client.process.wait(5) == 1
    assert time.monotonic() - began < 1


def test_the_death_of_the_parent_ends_it(start, shop):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as editor:
        client = start()
        client.initialize(shop.root, processId=editor.pid)
        client.indexed()
        editor.kill()
    assert client.process.wait(5) == 1


def test_a_parent_on_another_machine_is_not_waited_for(start, shop):
    client = start()
    client.initialize(shop.root, processId=2**22 + 12345)
    client.indexed()
    time.sleep(1.2)
    assert works(client)
    assert os.name == "nt" or client.process.poll() is None

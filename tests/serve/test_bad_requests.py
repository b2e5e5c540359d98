"""What is no proper request, and stores that come and go."""

import asyncio
import contextlib
import socket
import threading
import time

import pytest
import uvicorn

import wherein
from redis_servers import RedisServer, wait_until
from wherein.config.settings import Settings
from wherein.opening import add_repository
from wherein_server.serve.caller import networks
from wherein_server.serve.connections import MOST_OF_ONE, bound
from wherein_server.serve.rates import BURST

SHOP = "github.com/acme/shop"


@pytest.mark.parametrize(
    "path",
    [
        "../vault/vault.py",
        "src/../../vault/vault.py",
        "/etc/passwd",
        "./README.md",
        "src//shop/cart.py",
        "README.md\0",
        "",
    ],
)
def test_a_path_that_leads_out_is_refused(served, path):
    status, _, answer = served.ask("/api/v1/file", repo=SHOP, path=path)
    assert (status, answer["error"]["message"]) == (400, "That is not a path below a repository's root.")


def test_lines_that_no_file_has_are_none_at_once(served):
    began = time.monotonic()
    answer = served.get("file", repo=SHOP, path="README.md", first=100_000_000)
    assert (answer["lines"], answer["total_lines"]) == ([], 7)
    assert time.monotonic() - began < 5  # a hundred million lines would take longer to count


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/assets/../app.py", "/assets/%2e%2e/files.py", "/page/files.py"]
)
def test_addresses_lead_to_no_file(served, path):
    assert served.ask(path)[0] == 404


@pytest.mark.parametrize("size", [20_000, 1_000_000])
def test_a_query_of_a_megabyte_is_refused_at_once(served, size):
    with served.raw() as connection:
        began = time.monotonic()
        head = b"GET /api/v1/search?q=" + b"a" * size + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
        with contextlib.suppress(ConnectionError):
            connection.sendall(head)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while piece := connection.recv(65536):
                answer += piece
                if b"}" in piece:
                    break
    assert answer.startswith((b"HTTP/1.1 414", b"HTTP/1.1 400")) or not answer
    assert time.monotonic() - began < 20
    assert served.get("me")["name"] == "local"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"x" * 300_000, {}, 413),
        (b"{", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b'{"token": 1}', {}, 400),
        (b'{"token": "x", "more": 1}', {}, 400),
    ],
)
def test_bodies_that_are_too_large_or_no_json_are_refused(served, body, headers, status):
    answered, _, answer = served.ask("/api/v1/login", method="POST", body=body, headers=headers)
    assert answered == status
    assert answer["error"]["message"].endswith(".")


def test_a_body_that_grows_beyond_what_it_said_is_refused(served):
    with served.raw() as connection:
        connection.sendall(
            b"POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        with contextlib.suppress(ConnectionError):
            for _ in range(40):
                connection.sendall(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HT",
        b"GET /api/v1/me HTTP/1.1\r\nHost: loc",
        b"\x16\x03\x01\x02",
        b"\0" * 100,
        b"GET\r\n\r\n",
    ],
)
def test_half_a_request_or_none_harms_nobody(served, sent):
    with served.raw() as connection:
        connection.sendall(sent)
    assert served.get("me")["name"] == "local"


def test_other_methods_are_refused(served):
    for method in ("PUT", "DELETE", "TRACE", "OPTIONS", "BREW"):
        assert served.ask("/api/v1/search", method=method, q="x")[0] == 405


@contextlib.contextmanager
def in_a_thread(*proxies, **members):
    """A server in this process whose patience is short."""

    async def hello(scope, receive, send):
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"hi"})

    listening = socket.create_server(("127.0.0.1", 0))
    configuration = uvicorn.Config(
        hello, http=bound(networks(proxies), **members), ws="none", log_config=None, lifespan="off"
    )
    server = uvicorn.Server(configuration)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def test_who_sends_a_head_drop_by_drop_is_cut_off(served):
    with in_a_thread(head_seconds=0.3) as port:
        for first in (b"", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", port), 30) as connection:
                if first:  # a whole request before
                    connection.sendall(first)
                    assert connection.recv(12) == b"HTTP/1.1 200"
                with pytest.raises(ConnectionError):  # noqa: PT012
                    for _ in range(3000):
                        connection.sendall(b"G")
                        time.sleep(0.01)
                    raise AssertionError("it was never cut off")


def test_one_address_has_so_many_connections_and_no_more(served):
    with in_a_thread() as port, contextlib.ExitStack() as opened:
        many = [
            opened.enter_context(socket.create_connection(("127.0.0.1", port), 30))
            for _ in range(MOST_OF_ONE + 1)
        ]
        with contextlib.suppress(ConnectionError):
            assert many[-1].recv(1) == b""
        many[0].sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert many[0].recv(12) == b"HTTP/1.1 200"


@pytest.mark.parametrize("proxy", ["127.0.0.0/8", " 127.0.0.1"])
def test_a_proxy_has_as_many_connections_as_there_are_people_behind_it(proxy):
    with in_a_thread(proxy) as port, contextlib.ExitStack() as opened:
        many = [
            opened.enter_context(socket.create_connection(("127.0.0.1", port), 30))
            for _ in range(MOST_OF_ONE + 1)
        ]
        many[-1].sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert many[-1].recv(12) == b"HTTP/1.1 200"


def test_one_client_may_ask_so_much_and_no_more(library, start):
    server = start(library)
    statuses = [server.ask("/api/v1/me")[0] for _ in range(int(BURST))]
    assert set(statuses) == {200}
    many = (server.ask("/api/v1/me") for _ in range(1000))
    status, headers, _ = next(answer for answer in many if answer[0] != 200)
    assert status == 429
    assert int(headers["retry-after"]) >= 1


def test_a_store_that_goes_away_and_comes_back_is_told_and_used_again(library, start, tmp_path):
    folder = library.parent / "shop"
    with RedisServer() as store:
        settings = Settings(data_dir=tmp_path / "data", store=store.url)
        add_repository(SHOP, settings)
        with wherein.open_index(folder, settings=settings) as index:
            index.update(processes=0)
        server = start(tmp_path, WHEREIN_STORE=store.url)
        assert server.get("search", q="what do items cost")["results"][0]["repository"] == SHOP
        where = {"repo": SHOP, "path": "README.md"}
        assert server.get("file", **where)["total_lines"] == 7
        store.stop()
        for path, query in (("search", {"q": "cost"}), ("file", where)):
            status, _, answer = server.ask(f"/api/v1/{path}", **query)
            assert status == 503, answer
            assert answer["error"]["message"].endswith(".")
        wait_until(lambda: server.ask("/readyz")[0] == 503, within=60)
        assert server.ask("/healthz")[0] == 200
        store.start()
        assert server.get("search", q="what do items cost")["results"][0]["repository"] == SHOP
        assert server.get("file", **where)["total_lines"] == 7
        wait_until(lambda: server.ask("/readyz")[0] == 200, within=60)
        server.stop()

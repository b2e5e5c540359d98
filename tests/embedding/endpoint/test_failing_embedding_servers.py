"""What an embedding server does wrong, on a real socket: told in one sentence, tried again where that may help, and
never taken for vectors."""

import math
import re
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import numpy as np
import pytest

from embedding_server import late, says, sends
from wherein.embedding.endpoint import request
from wherein.embedding.endpoint.asker import Patience
from wherein.endpoint.failures import (
    AccessDenied,
    BrokenOff,
    Busy,
    ModelMissing,
    NoEndpoint,
    NotUnderstood,
    Overflow,
    ServerFailed,
    Stalled,
)
from wherein.errors import EndpointUnreachable

SHORT = Patience(answers_within=0.3, give_up_after=0.9, tries=4)


def vectors(*rows, **more):
    return says({"data": [{"index": i, "embedding": row} for i, row in enumerate(rows)], **more})


@pytest.fixture
def embedder(server, open_at):
    """Opened and checked while all was well."""
    made = open_at(server)
    made.documents(["well"])
    server.asked.clear()
    made.slept.clear()
    return made


GOOD = [0.5] * 256

MISUNDERSTOOD = {
    "HTML": (sends(b"<html>It works!</html>", kind="text/html"), "text/html"),
    "HTML called JSON": (sends(b"<html>It works!</html>"), "not JSON"),
    "half a JSON": (sends(b'{"data": [{"embedding": [0.1, 0.2'), "not JSON"),
    "deep JSON": (sends(b"[" * 100_000), "not JSON"),
    "a number": (sends(b"17"), "no vectors"),
    "no data": (says({"embeddings": [GOOD]}), "no vectors"),
    "fewer vectors": (vectors(), "0 vectors for 1 texts"),
    "more vectors": (vectors(GOOD, GOOD), "2 vectors for 1 texts"),
    "NaN": (vectors([math.nan] * 256), "not finite"),
    "one NaN": (vectors([*GOOD[1:], math.nan]), "not finite"),
    "infinity": (vectors([math.inf, *GOOD[1:]]), "not finite"),
    "too large": (
        sends(b'{"data": [{"index": 0, "embedding": [' + b"1e99," * 255 + b"1]}]}"),
        "not finite",
    ),
    "null": (vectors([None] * 256), "not finite"),
    "zeros": (vectors([0.0] * 256), "all zeros"),
    "words": (vectors(["x"] * 256), "not made of numbers"),
    "nested": (vectors([[1.0]] * 256), "not made of numbers"),
    "base64": (vectors("AACAPwAAgD8="), "empty or differ in length"),
    "empty vector": (vectors([]), "empty or differ in length"),
    "endless vector": (vectors([1.0] * 20_000), "empty or differ in length"),
    "twice the same place": (
        says({"data": [{"index": 1, "embedding": GOOD}]}),
        "numbered differently",
    ),
    "a redirect": (sends(b"", status=302), "redirects elsewhere"),
}


@pytest.mark.parametrize("kind", MISUNDERSTOOD)
def test_what_are_no_vectors_is_told_and_not_asked_for_again(embedder, server, kind):
    reply, words = MISUNDERSTOOD[kind]
    server.then(reply)
    with pytest.raises(NotUnderstood, match=words) as caught:
        embedder.documents(["a"])
    assert "<" not in caught.value.message
    assert len(server.asked) == 1
    assert embedder.documents(["a"]).shape == (1, 256)  # it goes on


def test_rows_of_different_lengths_are_told(embedder, server):
    server.then(vectors(GOOD, GOOD[:-1]))
    with pytest.raises(NotUnderstood, match="differ in length"):
        embedder.documents(["a", "b"])


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (says({"error": {"message": "Invalid API Key"}}, status=401), AccessDenied, "refuses access: Invalid"),
        (says({"error": {"message": "model 'x' not found, try pulling it first"}}, status=404), ModelMissing, "pull"),
        (says({"error": "this model does not support embeddings"}, status=400), ServerFailed, "not support"),
        (says({"error": {"message": "model unloaded"}}), ServerFailed, "model unloaded"),
        (says({"error": {"message": "x\n" * 10_000}}, status=500), ServerFailed, "failed: x x"),
    ],
)  # fmt: skip
def test_what_the_server_says_itself_is_passed_on_shortly(embedder, server, reply, error, words):
    server.then(*[reply] * 9)
    with pytest.raises(error, match=words) as caught:
        embedder.query("a")
    assert len(caught.value.message) < 500


def test_a_key_is_in_no_message_even_if_the_server_repeats_it(server, open_at):
    server.then(says({"error": {"message": "Incorrect key: sk-proj-12345678901234567890"}}, status=401))
    with pytest.raises(AccessDenied) as caught:
        open_at(server, api_key="sk-proj-12345678901234567890")
    assert "12345678901234567890" not in f"{caught.value} {caught.value.remedy}"


def test_a_busy_server_is_asked_again_ever_more_rarely(embedder, server):
    server.then(*[says({"error": "slow down"}, status=429)] * 3, sends(b"", status=503))
    assert embedder.documents(["a"]).any()
    assert len(server.asked) == 5
    assert [0.25 * 2**i <= slept <= 0.5 * 2**i for i, slept in enumerate(embedder.slept)] == [True] * 4
    assert embedder.usage.retries == 4


def test_a_busy_server_says_when_to_ask_again_in_seconds_or_by_a_date(embedder, server):
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    headers = ["7", "0.5", "-3", soon, "Sun, 06 Nov 1994 08:49:37 GMT"]
    server.then(*[says({}, status=429, Retry_After=header) for header in headers])
    embedder.documents(["a"])
    assert embedder.slept[:3] == [7.0, 0.5, 0.0]
    assert 20 < embedder.slept[3] <= 40
    assert embedder.slept[4] == 0.0


@pytest.mark.parametrize("header", ["", "soon", "nan", "inf", "9" * 400, "Sun, 99 Nov 9999 08:49:37 GMT"])
def test_a_date_that_is_none_is_not_believed(embedder, server, header):
    server.then(says({}, status=429, Retry_After=header))
    try:
        embedder.documents(["a"])
    except Busy:
        assert header in ("inf", "9" * 400)  # that long nobody waits
    assert all(slept < 1 for slept in embedder.slept)


def test_nobody_waits_an_hour_for_a_server_nor_a_second_for_a_search(embedder, server):
    server.then(says({"error": "quota of this hour"}, status=429, Retry_After="3600"))
    with pytest.raises(Busy, match="quota of this hour") as caught:
        embedder.documents(["a"])
    assert "3,600 s" in caught.value.message
    server.then(says({"error": "later"}, status=429, Retry_After="2"))
    with pytest.raises(Busy):
        embedder.query("a")
    assert embedder.slept == []


def test_what_broke_inside_of_a_server_is_tried_again_and_what_it_refuses_is_not(embedder, server):
    server.then(*[says({"error": "CUDA error"}, status=500)] * 3)
    assert embedder.documents(["a"]).any()
    assert len(server.asked) == 4
    server.then(says({"error": "no such option"}, status=400))
    with pytest.raises(ServerFailed, match="no such option"):
        embedder.documents(["a"])
    assert len(server.asked) == 5


def test_an_account_without_money_is_not_asked_again(embedder, server):
    words = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
    server.then(*[says(words, status=429)] * 2)
    with pytest.raises(EndpointUnreachable, match="exceeded your current quota"):
        embedder.documents(["a"])
    assert len(server.asked) == 1


def test_texts_longer_than_the_models_window_lose_their_end_and_it_is_remembered(embedder, server):
    server.longest = 1_000
    texts = ["a" * 900, "b" * 3_900, "c" * 10, "d" * 5_000]
    rows = embedder.documents(texts)
    assert np.allclose(rows[1], server.vector("b"), atol=1e-5)
    assert np.allclose(rows[2], server.vector("c"), atol=1e-5)
    server.asked.clear()
    embedder.documents(texts)
    assert [len(request["input"]) for request in server.asked] == [4]
    assert max(map(len, server.texts)) <= 1_000


def test_a_server_that_takes_fewer_texts_at_once_gets_fewer_from_then_on(embedder, server):
    server.most_texts = 32
    assert embedder.documents([f"text {i}" for i in range(64)]).any(axis=1).all()
    server.asked.clear()
    embedder.documents([f"text {i}" for i in range(64)])
    assert [len(request["input"]) for request in server.asked] == [32, 32]


def test_a_model_whose_window_holds_nothing_is_told(embedder, server):
    server.longest = 50
    with pytest.raises(Overflow, match="does not fit the embedding model's window"):
        embedder.documents(["x" * 5_000])


def test_a_server_that_stalls_is_given_up_in_time(server, open_at):
    embedder = open_at(server, patience=SHORT)
    server.then(*[late(0.8, server.answer)] * 20)
    began = time.monotonic()
    with pytest.raises(Stalled, match="has not answered within"):
        embedder.documents([f"text {i}" for i in range(64)])
    assert time.monotonic() - began < 10


def test_a_server_that_is_slow_with_many_texts_gets_fewer(server, open_at):
    embedder = open_at(server, patience=Patience(answers_within=2.0, give_up_after=60.0, tries=2))
    server.asked.clear()
    server.then(late(4.0, server.answer))
    assert embedder.documents([f"text {i}" for i in range(64)]).any(axis=1).all()
    sizes = [len(request["input"]) for request in server.asked]
    assert sizes[0] == 64
    assert max(sizes[1:]) == 32


def _read(connection: socket.socket) -> None:
    """A whole request: what closes with something unread resets the connection."""
    head, _, body = connection.recv(65_536).partition(b"\r\n\r\n")
    size = re.search(rb"(?i)content-length: *(\d+)", head)
    while size and len(body) < int(size[1]) and (more := connection.recv(65_536)):
        body += more


class RawServer:
    """Answers each connection with these bytes, and closes it."""

    def __init__(self, *answers: bytes, pause: float = 0.0) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.answers, self.pause, self.taken = answers, pause, 0
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/v1"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            answer = self.answers[min(self.taken, len(self.answers) - 1)]
            self.taken += 1
            with connection:
                _read(connection)
                try:
                    for i in range(0, len(answer), 10_000 if not self.pause else 1):
                        connection.sendall(answer[i : i + (10_000 if not self.pause else 1)])
                        time.sleep(self.pause)
                except OSError:
                    pass

    def close(self) -> None:
        self.socket.close()


@pytest.fixture
def raw():
    made: list[RawServer] = []

    def make(*answers, **options):
        made.append(RawServer(*answers, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", BrokenOff),
        (OK + b"Content-Length: 5000\r\n\r\n{", BrokenOff),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{", BrokenOff),
        (OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nnogzi", BrokenOff),
        (b"SSH-2.0-OpenSSH_9.6\r\n", BrokenOff),
        (b"\x00" * 100 + b"\r\n\r\n", NotUnderstood),
    ],
    ids=["nothing", "half", "half a piece", "no gzip", "SSH", "zeros"],
)
def test_a_server_that_dies_or_speaks_otherwise_is_told(raw, open_at, answer, error):
    server = raw(answer)
    with pytest.raises(error):
        open_at(server)
    assert server.taken <= 2


def test_a_server_that_dies_in_the_middle_of_a_fill_loses_only_what_it_was_asked_for(server, open_at):
    embedder = open_at(server)
    done = embedder.documents(["one"])
    server.http.stop()
    with pytest.raises(NoEndpoint, match="Nothing answers"):
        embedder.documents(["two"])
    server.http.start()
    assert np.allclose(embedder.documents(["one"]), done)


def test_an_answer_that_does_not_end_is_not_read_to_its_end(raw, open_at, monkeypatch):
    monkeypatch.setattr(request, "LARGEST_ANSWER", 100_000)
    server = raw(OK + b"\r\n" + b" " * 10_000_000)
    with pytest.raises(NotUnderstood, match="larger than 100,000 bytes"):
        open_at(server)


def test_an_answer_that_trickles_is_given_up(raw, open_at, monkeypatch):
    server = raw(OK + b"\r\n" + b" " * 1_000, pause=0.05)
    monkeypatch.setattr("wherein.embedding.endpoint.embedder.OPENING", SHORT)
    began = time.monotonic()
    with pytest.raises(Stalled):
        open_at(server)
    assert time.monotonic() - began < 10


def test_nothing_is_followed_to_another_server(server, open_at, raw):
    elsewhere = raw(OK + b"\r\n{}")
    redirect = (
        b"HTTP/1.1 307 Elsewhere\r\nLocation: " + elsewhere.url.encode() + b"\r\nContent-Length: 0\r\n\r\n"
    )
    with pytest.raises(NotUnderstood, match="redirects elsewhere"):
        open_at(raw(redirect), api_key="sesame")
    assert elsewhere.taken == 0


def test_what_goes_to_this_machine_passes_no_proxy(server, open_at, raw, monkeypatch):
    proxy = raw(b"HTTP/1.1 500 No\r\n\r\n")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
    assert open_at(server).query("a").any()
    assert proxy.taken == 0

"""`wherein index --describe`: a language model writes what definitions lack, and nobody takes it for their author."""

import os
import signal
import sys
import threading
import time

import pytest
from werkzeug import Response

from llama_server import LlamaServer, Recital
from misbehaving_server import DONE, MisbehavingServer, event

SENTENCE = ("Counts the ", "moonbeams ", "of a harbour")


@pytest.fixture(scope="module")
def model():
    with LlamaServer(Recital(SENTENCE)) as server:
        yield {"WHEREIN_LLM_BASE_URL": server.base_url}


def test_a_real_model_is_asked_once_searches_use_it_and_it_is_marked_counted_and_deleted(wherein, model):
    first = wherein("index", "--describe", "--json", environment=model)
    assert first.code == 0, first.err
    described = first.json["described"]
    assert described["written"] == described["described"] > 1
    assert f"{described['model']} at http://127.0.0.1:" in first.err
    again = wherein("index", "--describe", environment=model)
    assert f"Described: 0 sentences written by {described['model']}" in again.out
    found = wherein("search", "moonbeams", "--json", "--explain-score").json["results"]
    assert found
    assert all(
        each["described"] == {"by": described["model"], "text": "Counts the moonbeams of a harbour"}
        for each in found
    )
    assert all("moonbeams" not in each["text"] for each in found)
    plain = wherein("search", "moonbeams")
    assert plain.code == 0
    assert "harbour" not in plain.out
    told = wherein("search", "moonbeams", "--explain-score").out
    assert f"described by {described['model']}: Counts the moonbeams of a harbour" in told
    assert (
        f"{described['written']} definitions without a comment, by {described['model']}"
        in wherein("status").out
    )
    assert wherein("status", "--json").json["described"]["described"] == described["written"]
    stats = wherein("stats", "--json").json["stats"]
    (noted,) = [each for each in stats if each["what"] == "describe"]
    assert noted["sums"]["described"] == described["written"]
    assert noted["sums"]["completion_tokens"] > 0
    assert f"{described['written']:,} sentences" in wherein("stats").out
    assert wherein("clear", "--descriptions").code == 0
    assert wherein("search", "moonbeams").code == 1
    assert "described" not in wherein("status").out


@pytest.mark.parametrize(
    ("url", "options", "code", "says"),
    [
        ("http://127.0.0.1:1/v1", (), 5, "Nothing answers"),
        ("https://llm.example.com/v1", ("--offline",), 5, "offline"),
    ],
)
def test_without_a_model_that_may_be_asked_nothing_is_described(wherein, url, options, code, says):
    answer = wherein("index", "--describe", *options, environment={"WHEREIN_LLM_BASE_URL": url})
    assert answer.code == code
    assert says in answer.err
    assert answer.out == ""


def test_most_is_of_descriptions_alone(wherein):
    assert wherein("index", "--most", "3").code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_an_interrupt_in_the_middle_of_a_sentence_loses_none_that_was_written(wherein, httpserver):
    server, second = MisbehavingServer(httpserver), threading.Event()
    httpserver.expect_request("/v1/models").respond_with_json({"data": [{"id": "tiny"}]})

    def thinking():
        second.set()
        yield event("I ")
        time.sleep(5)

    server.answers(
        lambda: Response(
            event("Sends a request.") + event(finish="stop") + DONE, content_type="text/event-stream"
        ),
        lambda: Response(thinking(), content_type="text/event-stream"),
    )
    wherein.environment = wherein.environment | {"WHEREIN_LLM_BASE_URL": server.url}
    wherein("index")
    process = wherein.start(
        "index",
        "--describe",
        process_group=0,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert second.wait(60)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err.decode()
    assert b"Traceback" not in err
    assert wherein("status", "--json").json["described"] == {"described": 1, "models": ["tiny"]}

"""What a real server does not do on demand, done on a real socket."""

import asyncio
import json
import time

import pytest
from werkzeug import Response

from misbehaving_server import DONE, event
from wherein.errors import EndpointUnreachable
from wherein_server.explain.answer import answer
from wherein_server.explain.endpoint import failures
from wherein_server.explain.gather import gather
from wherein_server.explain.targets import PlaceTarget


@pytest.fixture
def context(index):
    return gather(index, PlaceTarget("src/shop/cart.py", 21))


@pytest.fixture
def ask(context, misbehaving, endpoint_at):
    """ask(first_token_timeout=1, …): the answer of the misbehaving server; its pieces are then `ask.pieces`, what each
    prompt showed `ask.sources`."""

    def run(**llm):
        run.pieces, run.sources = [], []
        endpoint = endpoint_at(misbehaving.url, **llm)

        def on_sources(sources):
            assert not run.pieces
            run.sources.append(sources)

        asking = answer(context, endpoint, on_text=run.pieces.append, on_sources=on_sources, use_cache=False)
        return asyncio.run(asking)

    return run


def text(content):
    return event(content) + event(finish="stop")


def said(document, status=200):
    return lambda: Response(json.dumps(document), status=status, content_type="application/json")


def streamed(*pieces):
    return lambda: Response(iter(pieces), content_type="text/event-stream")


@pytest.mark.parametrize(
    "pieces",
    [
        (event("Yes [1]"), event(finish="stop"), DONE),
        (event("Yes [1]"), event(finish="stop")),  # transformers: no [DONE]
        (event("Yes [1]"), DONE),
        (event(None), event("Yes"), event(" [1]"), event("", finish="stop"), DONE),
        (b": ping\r\n\r\n", event("Yes [1]").replace(b"\n", b"\r\n"), event(finish="stop"), DONE),
        tuple(bytes([byte]) for byte in event("Yes [1]") + event(finish="stop")),
        (
            event("Yes [1]"),
            b'data: {"choices":[],"usage":{"prompt_tokens":900,"completion_tokens":3}}\n\n',
            DONE,
        ),
        (
            event([{"type": "thinking", "thinking": []}, {"type": "text", "text": "Yes [1]"}]),
            event(finish="stop"),
        ),
    ],
    ids=[
        "whole",
        "no DONE",
        "no finish",
        "empty deltas",
        "CRLF and pings",
        "byte by byte",
        "usage alone",
        "parts",
    ],
)
def test_every_way_of_streaming_is_understood(ask, misbehaving, pieces):
    misbehaving.streams(*pieces)
    assert ask().text == "Yes [1]"


def test_an_answer_in_one_piece_is_understood(ask, misbehaving):
    usage = {"prompt_tokens": 900, "completion_tokens": 3}
    misbehaving.says(
        {"choices": [{"message": {"content": "Yes [1]"}, "finish_reason": "stop"}], "usage": usage}
    )
    made = ask()
    assert (made.text, made.usage.completion_tokens) == ("Yes [1]", 3)


def test_line_ends_of_unicode_do_not_end_an_event(ask, misbehaving):
    misbehaving.streams('data: {"choices":[{"delta":{"content":"a\u2028\u0085é [1]"}}]}\n\n'.encode(), DONE)
    assert ask().text == "a\u2028\u0085é [1]"


@pytest.mark.parametrize(
    ("pieces", "error", "words"),
    [
        ((event("a"),), failures.BrokenOff, "before its answer was complete"),
        ((), failures.BrokenOff, "before its answer was complete"),
        ((event("a"), b'data: {"choices":[{"del\n\n'), failures.NotUnderstood, "not valid"),
        ((event("a"), b"data: 17\n\n"), failures.NotUnderstood, "not valid"),
        ((b'data: {"error":{"message":"CUDA out of memory","code":500}}\n\n',), failures.ServerFailed, "CUDA out of"),
        ((event("a"), b'data: {"error":"it broke"}\n\n'), failures.ServerFailed, "it broke"),
        ((event(finish="stop"), DONE), failures.NothingSaid, "empty answer"),
        ((DONE,), failures.NothingSaid, "empty answer"),
        ((event("word " * 2_000),) * 9, failures.NotUnderstood, "longer than was asked for"),
        ((b"data: " + b"x" * 2_000_000,), failures.NotUnderstood, "not a stream of events"),
    ],
    ids=[
        "no end", "nothing", "half a JSON", "a number", "error event", "error later", "only an end", "only DONE",
        "endless", "huge event",
    ],
)  # fmt: skip
def test_a_broken_stream_is_one_sentence(ask, misbehaving, pieces, error, words):
    misbehaving.streams(*pieces)
    with pytest.raises(error, match=words):
        ask()


@pytest.mark.parametrize(
    ("status", "document", "error", "words"),
    [
        (
            401,
            {"error": {"message": "Invalid API Key", "type": "authentication_error"}},
            failures.AccessDenied,
            "Invalid API",
        ),
        (403, {"detail": "no"}, failures.AccessDenied, "refuses access: no"),
        (
            404,
            {"error": {"message": "The model `x` does not exist."}},
            failures.ModelMissing,
            "does not exist",
        ),
        (404, {"detail": "Not Found"}, failures.ModelMissing, "Not Found"),
        (
            400,
            {"error": {"message": "model 'x' not found, try pulling it first"}},
            failures.ModelMissing,
            "pulling",
        ),
        (
            500,
            {"error": {"message": "llama runner process has terminated"}},
            failures.ServerFailed,
            "terminated",
        ),
        (422, {"detail": [{"loc": ["body", "x"], "msg": "bad"}]}, failures.ServerFailed, "bad"),
        (418, {"message": "teapot"}, failures.ServerFailed, "teapot"),
        (302, {}, failures.NotUnderstood, "redirects"),
        (200, {"error": "Model unloaded"}, failures.ServerFailed, "Model unloaded"),
        (200, {"detail": "no"}, failures.ServerFailed, "no"),
        (200, {"choices": []}, failures.BrokenOff, "complete"),
        (200, [], failures.NotUnderstood, "not valid"),
    ],
)
def test_every_server_s_way_to_word_an_error_is_understood(ask, misbehaving, status, document, error, words):
    misbehaving.says(document, status=status)
    with pytest.raises(error, match=words):
        ask()


@pytest.mark.parametrize("status", [200, 500, 404])
def test_html_is_told_without_its_markup(ask, misbehaving, status):
    misbehaving.streams(b"<html><h1>It works!</h1></html>", status=status, kind="text/html")
    with pytest.raises(EndpointUnreachable) as caught:
        ask()
    assert "<" not in caught.value.message


def test_an_error_never_fills_the_screen(ask, misbehaving):
    misbehaving.says({"error": {"message": "x\n" * 10_000}}, status=500)
    with pytest.raises(failures.ServerFailed) as caught:
        ask()
    assert len(caught.value.message) < 500
    assert "\n" not in caught.value.message


OVERFLOWS = [
    (
        {
            "error": {
                "code": 400,
                "message": "request (5000 tokens) exceeds the available context size (1024 tokens), try increasing it",
                "type": "exceed_context_size_error",
                "n_prompt_tokens": 5000,
                "n_ctx": 1024,
            }
        },
        400,
    ),
    (
        {
            "object": "error",
            "message": "This model's maximum context length is 1024 tokens. However, you requested 5000 tokens in the "
            "messages. Please reduce the length.",
            "type": "BadRequestError",
        },
        400,
    ),
    (
        {
            "error": "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded "
            "with context length of only 1024 tokens"
        },
        200,
    ),
    ({"error": {"message": "prompt is too long", "code": "context_length_exceeded"}}, 400),
]


@pytest.mark.parametrize(
    ("document", "status"), OVERFLOWS, ids=["llama-server", "vLLM", "LM Studio", "no numbers"]
)
def test_an_overflow_is_answered_with_a_shorter_prompt_once(ask, misbehaving, document, status):
    misbehaving.answers(said(document, status), streamed(text("short [1]")))
    assert ask().text == "short [1]"
    first, second = (request["messages"][1]["content"] for request in misbehaving.requests)
    assert len(second) < len(first)
    assert "[1] src/shop/cart.py" in second


def test_numbers_stand_for_what_the_shorter_prompt_shows(ask, misbehaving):
    overflow = {"type": "exceed_context_size_error", "n_prompt_tokens": 4_000, "n_ctx": 3_800}
    misbehaving.answers(said({"error": overflow}, 400), streamed(text("it adds up [3]")))
    made = ask()
    first, second = ask.sources
    assert made.sources == second
    assert second[2] != first[2]  # another, or less of it, stands there now
    assert made.citations == (second[2],)


def test_a_second_overflow_is_told(ask, misbehaving):
    misbehaving.says(OVERFLOWS[0][0], status=400)
    with pytest.raises(failures.Overflow) as caught:
        ask()
    assert "context window" in caught.value.message
    assert len(misbehaving.requests) == 2


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ({"error": {"message": "Conversation roles must alternate user/assistant/user/assistant/..."}}, 500),
        ({"error": {"message": "Only user and assistant roles are supported!"}}, 400),
        ({"detail": "Internal Server Error"}, 500),
    ],
)
def test_a_refused_system_message_is_folded_into_the_user_s_once(ask, misbehaving, document, status):
    misbehaving.answers(said(document, status), streamed(text("fine [1]")))
    assert ask().text == "fine [1]"
    roles = [[message["role"] for message in request["messages"]] for request in misbehaving.requests]
    assert roles == [["system", "user"], ["user"]]


def test_a_server_that_refuses_them_in_any_form_is_asked_twice_and_no_more(ask, misbehaving):
    misbehaving.says({"detail": "Internal Server Error"}, status=500)
    with pytest.raises(failures.ServerFailed):
        ask()
    assert len(misbehaving.requests) == 2


def test_stream_options_are_left_out_where_they_are_refused(ask, misbehaving):
    refusal = {
        "detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"], "msg": "not permitted"}]
    }
    misbehaving.answers(said(refusal, 422), streamed(text("fine [1]")))
    assert ask().text == "fine [1]"
    assert ["stream_options" in request for request in misbehaving.requests] == [True, False]


def test_a_server_that_loads_its_model_is_asked_again(ask, misbehaving):
    loading = {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}
    misbehaving.answers(said(loading, 503), said(loading, 503), streamed(text("loaded [1]")))
    assert ask().text == "loaded [1]"


def test_a_server_that_never_gets_ready_is_given_up(ask, misbehaving):
    misbehaving.says({"error": {"message": "Loading model"}}, status=503)
    with pytest.raises(failures.Busy, match="Loading model"):
        ask(first_token_timeout=2)


def test_what_was_said_is_never_asked_again(ask, misbehaving):
    misbehaving.streams(event("a"), b'data: {"error":{"message":"busy","code":503}}\n\n')
    with pytest.raises(failures.ServerFailed):
        ask()
    assert len(misbehaving.requests) == 1


def test_silence_in_the_middle_is_a_stall(ask, misbehaving):
    misbehaving.streams(event("a [1] b"), 3.0, event("b"))
    began = time.monotonic()
    with pytest.raises(failures.Stalled, match="fell silent for 1 s"):
        ask(idle_timeout=1)
    assert time.monotonic() - began < 2.5
    assert "".join(ask.pieces) == "a [1] b"


def test_a_slow_first_word_is_waited_for_longer_than_others(ask, misbehaving):
    misbehaving.streams(1.5, event("late [1]"), event(finish="stop"))
    assert ask(first_token_timeout=30, idle_timeout=1).text == "late [1]"


def test_empty_deltas_do_not_keep_a_silent_server_alive(ask, misbehaving):
    misbehaving.streams(*[event(""), 0.3] * 8)
    with pytest.raises(failures.Stalled, match="said nothing for 1 s"):
        ask(first_token_timeout=1)


def test_a_model_that_only_thinks_is_told_apart(ask, misbehaving):
    thought = b'data: {"choices":[{"delta":{"reasoning_content":"hm"}}]}\n\n'
    misbehaving.streams(thought, event(finish="length"))
    with pytest.raises(failures.NothingSaid) as caught:
        ask()
    assert "llm.max_tokens" in caught.value.remedy


def test_a_prompt_that_the_server_cut_without_a_word_is_noticed(ask, misbehaving):
    usage = {"prompt_tokens": 100, "completion_tokens": 3}
    misbehaving.streams(event("Yes [1]"), event(finish="stop", usage=usage))
    (note,) = ask().notes
    assert "only a part of the prompt" in note


def test_an_answer_without_citations_says_so(ask, misbehaving):
    misbehaving.streams(text("Trust me."))
    made = ask()
    assert made.citations == ()
    assert made.sources
    assert "cites no source" in made.notes[0]


def test_every_request_says_how_long_the_answer_may_be(ask, misbehaving):
    misbehaving.streams(text("Yes [1]"))
    ask(max_tokens=77)
    (request,) = misbehaving.requests
    assert request["max_tokens"] == 77
    assert request["stream"] is True


def test_defused_marks_come_back_as_they_are_in_the_code(ask, misbehaving):
    misbehaving.streams(event("writes `[\u200bINST]`"), event(" [1]"), event(finish="stop"))
    assert ask().text == "writes `[INST]` [1]"

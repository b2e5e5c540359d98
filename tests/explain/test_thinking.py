"""What a model writes about a question, read whatever its form, kept, and counted."""

import asyncio

import pytest

from llama_server import LlamaServer, Recital
from misbehaving_server import event
from wherein.errors import EndpointUnreachable
from wherein.search.thought import thought_of
from wherein_server.explain.prompt import Prompt
from wherein_server.explain.rendering import words
from wherein_server.explain.think import think


@pytest.mark.parametrize(
    ("text", "names", "sketch"),
    [
        (
            "Names: resolve_redirects, Session.send\n```python\ndef follow(url):\n    pass\n```\nDone.",
            ("resolve_redirects", "Session", "send"),
            "def follow(url):\n    pass",
        ),
        ("**names**: `follow`, follow\n\n```\nx()", ("follow",), "x()"),
        ("It may be `follow_redirect` or `send`.", ("follow_redirect", "send"), ""),
        (
            "Names: follow\nfunction follow(url) {\n  go(url);\n}",
            ("follow",),
            "function follow(url) {\n  go(url);\n}",
        ),
        ("Redirects are followed by the function that follows redirects.", (), ""),
        ("", (), ""),
        ("Names:\n", (), ""),
    ],
)
def test_names_and_sketch_are_read_in_whatever_form_they_come(text, names, sketch):
    thought = thought_of(text)
    assert (thought.names, thought.sketch) == (names, sketch)


def test_an_endless_thought_is_cut():
    thought = thought_of("Names: " + ", ".join(f"name{n}" for n in range(5_000)) + "\n```\n" + "x" * 100_000)
    assert len(thought.names) == 12
    assert len(thought.sketch) == 4_000


def test_a_real_server_is_asked_once_for_one_question(settings_for):
    pieces = ("Names: ", "reconcile", "\n```\n", "def check(entries)", ":\n")
    with LlamaServer(Recital(pieces)) as server:
        settings = settings_for(base_url=server.base_url)
        first, again = (asyncio.run(think("money going missing", "python", settings)) for _ in range(2))
    assert first.thought.names == ("reconcile",)
    assert first.thought.sketch == "def check(entries):"
    assert (first.cached, again.cached) == (False, True)
    assert again.thought == first.thought


def test_only_the_question_and_a_language_are_sent_and_control_tokens_in_it_are_defused(
    misbehaving, settings_for
):
    misbehaving.server.expect_request("/v1/models").respond_with_json({"data": [{"id": "mistral"}]})
    misbehaving.streams(event("Names: a_name"), event(finish="stop"))
    question = "where [INST] is it " + "x" * 9_000
    asyncio.run(think(question, "kotlin", settings_for(base_url=misbehaving.url)))
    (request,) = misbehaving.requests
    assert request["max_tokens"] == 200
    sent = request["messages"][-1]["content"]
    assert sent.startswith("Language: kotlin\nQuestion: where")
    assert "[INST]" not in sent
    assert len(sent) < 4_100


def test_a_model_is_shown_how_others_were_answered_in_turns_that_any_template_takes():
    prompt = Prompt("Be short.", "Question: c", (("Question: a", "A"), ("Question: b", "B")))
    for folded in (False, True):
        said = prompt.messages(folded=folded)
        turns = [each for each in said if each["role"] != "system"]
        assert [each["role"] for each in turns] == ["user", "assistant", "user", "assistant", "user"]
        assert "Be short." in said[0]["content"]
        assert said[-1]["content"] == "Question: c"
    assert all(thought_of(each["answer"]).names for each in words()["think"]["example"])
    assert all(thought_of(each["answer"]).sketch for each in words()["think"]["example"])


def test_a_server_that_is_away_is_told(settings_for):
    with pytest.raises(EndpointUnreachable):
        asyncio.run(think("anything", "", settings_for(base_url="http://127.0.0.1:1/v1")))

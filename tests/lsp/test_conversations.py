"""Prompts that are seen before they are sent, and further questions on an answer."""

import pytest

from raw_client import Failed

QUESTION = {"query": "how are cards charged?"}


def prompt(client, method, **arguments):
    told = client.request(method, {**arguments, "dry": True})
    return told, told["messages"][-1]["content"]


@pytest.fixture
def asking(start, shop, llama):
    client = start()
    options = {"llm": {"base_url": llama.base_url, "cache": False, "first_token_timeout": 20}}
    client.initialize(shop.root, initializationOptions=options)
    client.indexed()
    return client


def test_what_would_be_sent_is_told_and_nothing_is_sent(reading):
    told, text = prompt(reading, "wherein/explain", **reading.at("shop/cart.py", 14))
    assert "[1] shop/cart.py:12-14" in text
    assert "Explain `Cart.checkout`" in text
    assert told["messages"][0]["role"] == "system"
    assert told["sources"][0]["path"] == "shop/cart.py"
    assert told["endpoint"] == {"base_url": None, "model": None}
    assert told["estimated_tokens"] > 100
    told, text = prompt(reading, "wherein/ask", **QUESTION)
    assert text.endswith("Question: how are cards charged?")
    assert "charge_card" in {each["symbol"] for each in told["sources"]}
    by_command = reading.command("wherein.ask", {**QUESTION, "dry": True})
    assert by_command["messages"] == told["messages"]
    assert reading.named("$/progress") is not None


def test_a_further_question_sees_the_same_sources_what_was_said_and_what_a_new_search_finds(reading):
    first, _ = prompt(reading, "wherein/ask", query="charge a card", uri=reading.root.as_uri())
    kept = [each for each in first["sources"] if each["symbol"] == "charge_card"]
    answer = f"It debits the bank [{kept[0]['n']}] and not [99]."
    history = [{"question": "how are cards charged?", "answer": answer, "sources": kept}]
    told, text = prompt(reading, "wherein/ask", query="and who gives money back?", history=history)
    number = next(each["n"] for each in told["sources"] if each["symbol"] == "charge_card")
    assert f"Answer: It debits the bank [{number}] and not." in text
    assert "Question: how are cards charged?" in text
    assert text.endswith("Question: and who gives money back?")
    assert {"charge_card", "refund"} <= {each["symbol"] for each in told["sources"]}
    assert text.count("[99]") == 0


def test_a_question_about_a_definition_keeps_it_as_the_first_source(reading):
    history = [{"question": "what is it?", "answer": "It pays [1].", "sources": []}]
    told, text = prompt(
        reading,
        "wherein/explain",
        **reading.at("shop/cart.py", 14),
        question="where is the money taken?",
        history=history,
    )
    assert told["sources"][0]["symbol"] == "Cart.checkout"
    assert "question about `Cart.checkout`, which is snippet [1]" in text
    assert "Question: where is the money taken?" in text
    assert "Answer: It pays." in text


def test_a_further_question_without_words_to_look_for_is_answered_from_what_was_shown(reading):
    first, _ = prompt(reading, "wherein/ask", query="charge a card")
    history = [{"question": "x", "answer": "y", "sources": first["sources"][:1]}]
    told, _ = prompt(reading, "wherein/ask", query="why?!", history=history)
    assert told["sources"][0]["path"] == first["sources"][0]["path"]


def test_where_several_repositories_are_open_a_further_question_goes_to_that_of_the_answer(start, make_repo):
    one, two = make_repo("one"), make_repo("two")
    one.write("a.py", "def alpha():\n    return 'the first letter'\n")
    two.write("b.py", "def beta():\n    return 'the second letter'\n")
    client = start()
    client.initialize(one.root, two.root)
    client.indexed()
    first, _ = prompt(client, "wherein/ask", query="beta, the second letter")
    assert first["sources"][0]["path"] == "b.py"
    history = [{"question": "x", "answer": "y", "sources": first["sources"]}]
    told, _ = prompt(client, "wherein/ask", query="alpha, the first letter?", history=history)
    assert {each["path"] for each in told["sources"]} == {"b.py"}
    history = [{"question": "x", "answer": "y"}]
    with pytest.raises(Failed, match="Nothing in the index"):
        prompt(client, "wherein/ask", query="?!", history=history)


def test_a_question_is_answered_from_the_folders_that_can_be_looked_at(start, make_repo):
    one, two = make_repo("one"), make_repo("two")
    one.write("a.py", "def alpha():\n    return 'the first letter'\n")
    two.write("b.py", "def beta():\n    return 'the second letter'\n")
    client = start()
    client.initialize(one.root, two.root, initializationOptions={"lsp": {"auto_update": False}})
    with pytest.raises(Failed, match="not indexed yet"):
        prompt(client, "wherein/ask", query="beta, the second letter")
    client.command("wherein.reindex", {"uri": two.root.as_uri()})
    for method, asked in (("ask", {"query": "beta, the second letter"}), ("explain", {"symbol": "beta"})):
        told, _ = prompt(client, f"wherein/{method}", **asked)
        assert {each["path"] for each in told["sources"]} == {"b.py"}
        assert [note for note in told["notes"] if note.startswith("one was not looked at: ")]


def test_a_long_conversation_is_cut_to_what_a_prompt_may_hold(reading):
    first, plain = prompt(reading, "wherein/ask", **QUESTION)
    history = [
        {
            "question": f"question {number} " + "q" * 5_000,
            "answer": "a " * 50_000,
            "sources": first["sources"] * 30,
        }
        for number in range(40)
    ]
    told, text = prompt(reading, "wherein/ask", **QUESTION, history=history)
    assert "question 39" in text
    assert "question 3 " not in text
    assert told["estimated_tokens"] <= 3_100
    assert len(text) < len(plain) + 6_000
    assert "charge_card" in {each["symbol"] for each in told["sources"]}


def test_sources_are_read_from_the_index_alone(reading):
    (reading.root.parent / "secret.txt").write_text("top secret, not indexed\n")
    span = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    sources = [
        {"n": 1, "path": path, "location": {"uri": "file:///x", "range": span}}
        for path in ("../secret.txt", "/etc/passwd", ".git/config", "shop/../../secret.txt")
    ]
    history = [{"question": "x", "answer": "y [1]", "sources": sources}]
    _, text = prompt(reading, "wherein/ask", **QUESTION, history=history)
    assert "top secret" not in text
    assert "root:" not in text
    assert "[core]" not in text


@pytest.mark.parametrize(
    "history",
    [
        "x",
        [7],
        [{"question": "x"}],
        [{"question": "x", "answer": 3}],
        [{"question": "x", "answer": "y", "sources": "z"}],
        [{"question": "x", "answer": "y", "sources": [{"n": 1}]}],
        [{"question": "x", "answer": "y", "sources": [{"n": -1, "path": "a", "location": {"range": None}}]}],
    ],
)
def test_a_history_of_another_form_is_refused(reading, history):
    with pytest.raises(Failed, match="'history' must be a list of objects") as failed:
        reading.request("wherein/ask", {**QUESTION, "history": history})
    assert failed.value.code == -32602


def test_a_further_question_is_streamed_and_cited_like_the_first(asking):
    first = asking.request("wherein/ask", QUESTION)
    history = [{"question": QUESTION["query"], "answer": first["text"], "sources": first["sources"]}]
    second = asking.request(
        "wherein/ask", {"query": "and who gives it back?", "history": history, "partialResultToken": "p"}
    )
    assert "".join(each["text"] for each in asking.progress("p")) == second["text"]
    assert second["citations"]
    assert {each["path"] for each in second["sources"]} >= {"shop/payment.py"}
    assert second["usage"]["prompt_tokens"] > first["usage"]["prompt_tokens"] / 2


def test_every_begun_progress_ends_also_at_shutdown(start, shop):
    from llama_server import LlamaServer, Recital

    with LlamaServer(Recital((" and", " so", " on"), endless=True)) as endless:
        client = start()
        client.initialize(shop.root, initializationOptions={"llm": {"base_url": endless.base_url}})
        client.indexed()
        asked = client.begin("wherein/ask", {**QUESTION, "workDoneToken": "w", "partialResultToken": "p"})
        client.until(lambda: client.progress("p"))
        client.request("shutdown")
        client.until(lambda: [each["kind"] for each in client.progress("w")] == ["begin", "end"])
        with pytest.raises(Failed) as failed:
            client.wait(asked)
        assert failed.value.code == -32800
        client.notify("exit")
        assert client.process.wait(10) == 0

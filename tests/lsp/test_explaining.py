"""Explanations and answers in the editor, by a real llama-server: streamed, cited, cancelled, failing."""

import re
import socket
import time

import pytest

from raw_client import CAPABILITIES, Failed

LONG = 131_072
"""Tokens of a window; an answer of a quarter of it keeps a server busy far longer than SOON."""
SOON = 2.0

SHOWING = {**CAPABILITIES, "window": {"workDoneProgress": True, "showDocument": {"support": True}}}


@pytest.fixture
def explaining(start, shop):
    """explaining(base_url): a session in the shop with this endpoint."""

    def begin(base_url, max_tokens=1_024, **params):
        client = start()
        options = {"llm": {"base_url": base_url, "first_token_timeout": 20, "max_tokens": max_tokens}}
        client.initialize(shop.root, initializationOptions=options, **params)
        client.indexed()
        return client

    return begin


def streamed(client, token):
    return "".join(value["text"] for value in client.progress(token))


def test_an_explanation_is_streamed_and_cited(explaining, llama, shop, at):
    client = explaining(llama.base_url)
    answer = client.request(
        "wherein/explain", {**at("shop/cart.py", 14), "partialResultToken": "p", "workDoneToken": "w"}
    )
    assert len(client.progress("p")) > 3
    assert streamed(client, "p") == answer["text"]
    assert [value["kind"] for value in client.progress("w")] == ["begin", "end"]
    assert [each["n"] for each in answer["citations"]] == [1, 2]
    (first, second) = answer["citations"]
    assert first["symbol"] == "Cart.checkout"
    assert second["symbol"] == "charge_card"
    assert second["location"] == {
        "uri": (shop.root / "shop/payment.py").as_uri(),
        "range": {"start": {"line": 7, "character": 0}, "end": {"line": 14, "character": 18}},
    }
    assert {each["n"] for each in answer["sources"]} >= {1, 2}
    assert answer["dropped"] == [99]
    assert "[99]" not in answer["text"]
    assert answer["model"] == "mistral-recital"
    assert answer["usage"]["prompt_tokens"] > 0
    assert answer["usage"]["completion_tokens"] > 0
    assert answer["index"]["complete"] is True


def test_what_is_asked_before_everything_is_indexed_waits_for_that(start, llama, shop, at):
    client = start()
    options = {"llm": {"base_url": llama.base_url, "first_token_timeout": 20, "max_tokens": 1_024}}
    client.initialize(shop.root, initializationOptions=options)
    asked = [
        client.begin("wherein/explain", at("shop/cart.py", 14)),
        client.begin("wherein/explain", {"symbol": "charge_card"}),
        client.begin("wherein/ask", {"query": "how is a card charged"}),
    ]
    assert all(client.wait(each)["citations"] for each in asked)


def test_a_symbol_is_explained_by_a_command_and_from_the_cache(explaining, llama):
    client = explaining(llama.base_url)
    said = client.command("wherein.explain", {"symbol": "charge_card"})
    assert said["citations"][0]["symbol"] == "charge_card"
    again = client.command("wherein.explain", {"symbol": "charge_card"})
    assert (again["cached"], again["text"]) == (True, said["text"])
    assert client.command("wherein.explain", {"symbol": "charge_card", "cache": False})["cached"] is False


def test_a_question_is_answered_from_what_a_search_finds(explaining, llama):
    client = explaining(llama.base_url)
    answer = client.request("wherein/ask", {"query": "how are cards charged?", "partialResultToken": 7})
    assert streamed(client, 7) == answer["text"]
    assert "charge_card" in {each["symbol"] for each in answer["sources"]}
    assert client.command("wherein.ask", {"question": "how are cards charged?"})["cached"] is True


def test_in_a_buffer_with_unsaved_changes_the_definition_that_is_shown_there_is_explained(
    explaining, llama, shop, at
):
    client = explaining(llama.base_url)
    path = "shop/payment.py"
    text = "# new\n" * 10 + (shop.root / path).read_text()
    document = {"uri": (shop.root / path).as_uri(), "languageId": "python", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    answer = client.command("wherein.explain", at(path, 28))
    assert answer["citations"][0]["symbol"] == "refund"
    assert answer["citations"][0]["location"]["range"]["start"]["line"] == 27


def test_a_code_action_shows_the_explanation(explaining, llama, data_dir, at):
    client = explaining(llama.base_url, capabilities=SHOWING)
    shown = []
    client.on_request["window/showDocument"] = lambda params: shown.append(params) or {"success": True}
    client.command("wherein.explain", {**at("shop/cart.py", 14), "show": True})
    (document,) = shown
    (file,) = (data_dir / "shown").glob("*.md")
    assert document["uri"] == file.as_uri()
    assert re.search(r"\\\[1\\\] \[shop/cart\.py:12\]\(file:///.*/shop/cart\.py#L12\)", file.read_text())
    assert "Explaining" in {note["value"].get("title") for note in client.named("$/progress")}


def test_cancelling_frees_the_server_and_the_session_goes_on(explaining, at):
    from llama_server import LlamaServer, Recital

    with LlamaServer(Recital((" and", " so", " on"), endless=True), window=LONG) as endless:
        client = explaining(endless.base_url, max_tokens=LONG // 4)
        asked = client.begin("wherein/explain", {**at("shop/cart.py", 14), "partialResultToken": "p"})
        client.until(lambda: client.progress("p"))
        assert client.command("wherein.search", {"query": "card"})["results"]
        began = time.monotonic()
        client.cancel(asked)
        with pytest.raises(Failed) as failed:
            client.wait(asked)
        assert failed.value.code == -32800
        assert time.monotonic() - began < 1
        client.until(lambda: not endless.busy_slots(), timeout=SOON)
        by_progress = client.begin("wherein/ask", {"query": "card", "workDoneToken": "w"})
        client.until(lambda: client.progress("w"))
        client.notify("window/workDoneProgress/cancel", {"token": "w"})
        with pytest.raises(Failed) as failed:
            client.wait(by_progress)
        assert failed.value.code == -32800
        command = {"command": "wherein.ask", "arguments": [{"query": "card"}]}
        by_command = client.begin("workspace/executeCommand", command)
        client.until(endless.busy_slots)
        client.cancel(by_command)
        client.until(lambda: not endless.busy_slots(), timeout=SOON)
        last = client.begin("wherein/ask", {"query": "how are cards charged?"})
        client.until(endless.busy_slots)
        began = time.monotonic()
        assert client.shut_down() == 0
        assert time.monotonic() - began < 1
        client.until(lambda: not endless.busy_slots(), timeout=SOON)
        assert last


def test_without_an_endpoint_the_error_says_how_to_start_one(explaining, at):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = explaining(f"http://127.0.0.1:{port}/v1")
    for method, params in (
        ("wherein/explain", at("shop/cart.py", 14)),
        ("wherein/ask", {"query": "how are cards charged?"}),
    ):
        with pytest.raises(Failed) as failed:
            client.request(method, params)
        assert failed.value.code == -32003
        assert failed.value.data["remedy"]
        assert "\n" not in failed.value.message


def test_an_endpoint_that_dies_in_the_middle_is_told(explaining, at):
    from llama_server import LlamaServer, Recital

    with LlamaServer(Recital((" and", " so", " on"), endless=True)) as endless:
        client = explaining(endless.base_url)
        asked = client.begin("wherein/explain", {**at("shop/cart.py", 14), "partialResultToken": "p"})
        client.until(lambda: client.progress("p"))
        endless.stop()
        with pytest.raises(Failed) as failed:
            client.wait(asked)
        assert failed.value.code == -32003


@pytest.mark.parametrize("server", ["running", "none"])
def test_a_target_without_a_definition_is_refused_whatever_the_server_does(
    explaining, llama, shop, at, server
):
    client = explaining(llama.base_url if server == "running" else "http://127.0.0.1:1/v1")
    shop.write("picture.bin", b"\0\1")
    for argument in (
        {"symbol": "no_such_thing"},
        at("shop/cart.py", 99),
        at("picture.bin", 1),
        {**at("x", 1), "uri": (shop.root.parent / "outside.py").as_uri()},
        {},
        {"symbol": ""},
    ):
        with pytest.raises(Failed) as failed:
            client.command("wherein.explain", argument)
        assert failed.value.code == -32602, argument
        assert "\n" not in failed.value.message
    for argument in ({}, {"query": "zymurgy xylophone quagga"}):
        with pytest.raises(Failed) as failed:
            client.command("wherein.ask", argument)
        assert failed.value.code == -32602


def test_a_search_can_be_thought_about_first_and_says_so(explaining, llama):
    client = explaining(llama.base_url)
    answer = client.request("wherein/search", {"query": "paying by card", "think": True})
    assert answer["results"]
    assert any("was asked what the code might look like" in note for note in answer["notes"])
    typed = client.request("wherein/search", {"query": "paying by card", "think": True, "stage": "fast"})
    assert typed["notes"] == []


def test_a_search_without_its_model_is_answered_as_it_stands(explaining):
    client = explaining("http://127.0.0.1:1/v1")
    answer = client.request("wherein/search", {"query": "paying by card", "think": True})
    assert answer["results"]
    assert any(note.endswith("The question was searched for as it is.") for note in answer["notes"])

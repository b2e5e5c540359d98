"""Positions in real sessions: each encoding, line ends, buffers with unsaved changes, wild positions."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raw_client import CAPABILITIES

ODD = (
    "def café():\r\n    return 'x'  # 😋é\r\n\r\n\r\ndef below():\r\n    x = '\x0c\u2028'\r\n    return '😋'"
)


@pytest.mark.parametrize(("encoding", "last"), [("utf-8", 17), ("utf-16", 15), ("utf-32", 14)])
def test_ranges_are_in_the_units_that_were_agreed_on(start, shop, encoding, last):
    shop.write("odd.py", ODD)
    client = start()
    capabilities = {**CAPABILITIES, "general": {"positionEncodings": [encoding]}}
    result = client.initialize(shop.root, capabilities=capabilities)
    assert result["capabilities"]["positionEncoding"] == encoding
    client.indexed()
    (found,) = client.command("wherein.symbol", {"name": "below"})["results"]
    assert found["location"]["range"] == {
        "start": {"line": 4, "character": 0},
        "end": {"line": 6, "character": last},
    }


def opened(client, uri, text):
    document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})


def changed(client, uri, text):
    client.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]},
    )


def test_in_a_buffer_with_unsaved_changes_the_line_that_moved_is_meant(client, shop, at):
    path = "shop/payment.py"
    saved = (shop.root / path).read_text()
    place = at(path, 18)
    about_refund = client.command("wherein.related", place)["results"]
    opened(client, place["uri"], saved)
    changed(client, place["uri"], "# new\n" * 10 + saved)
    moved = client.command("wherein.related", at(path, 28))["results"]
    assert [each["symbol"] for each in moved] == [each["symbol"] for each in about_refund]
    (refund,) = client.command("wherein.symbol", {"name": "refund"})["results"]
    assert refund["location"]["range"]["start"]["line"] == 18 + 10 - 1
    client.notify("textDocument/didClose", {"textDocument": {"uri": place["uri"]}})
    (refund,) = client.command("wherein.symbol", {"name": "refund"})["results"]
    assert refund["location"]["range"]["start"]["line"] == 18 - 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    line=st.one_of(st.integers(0, 30), st.integers(-3, 2**33)),
    character=st.one_of(st.integers(0, 100), st.integers(-3, 2**33)),
    path=st.sampled_from(["shop/payment.py", "shop/cart.py", "README.md", "absent.py"]),
)
def test_no_position_does_harm(reading, line, character, path):
    place = {
        "uri": (reading.root / path).as_uri(),
        "position": {"line": line, "character": character},
    }
    answer = reading.attempt("workspace/executeCommand", {"command": "wherein.related", "arguments": [place]})
    if "error" in answer:
        assert answer["error"]["code"] == -32602
        assert "\n" not in answer["error"]["message"]
    else:
        assert "results" in answer["result"]


def actions(client, uri, **context):
    span = {"start": {"line": 3, "character": 0}, "end": {"line": 5, "character": 2}}
    return client.request(
        "textDocument/codeAction",
        {"textDocument": {"uri": uri}, "range": span, "context": {"diagnostics": [], **context}},
    )


def test_code_actions_are_offered_on_any_range(reading):
    uri = (reading.root / "shop/payment.py").as_uri()
    found = actions(reading, uri)
    assert [each["title"] for each in found] == ["Explain this", "Find similar code"]
    assert [each["command"]["command"] for each in found] == ["wherein.explain", "wherein.related"]
    (argument,) = found[0]["command"]["arguments"]
    assert (argument["uri"], argument["position"]) == (uri, {"line": 3, "character": 0})


def test_a_client_that_knows_no_code_actions_gets_commands(start, shop):
    client = start()
    client.initialize(shop.root, capabilities={})
    found = actions(client, (shop.root / "shop/payment.py").as_uri())
    assert [each["command"] for each in found] == ["wherein.explain", "wherein.related"]


def test_code_actions_are_not_offered_as_fixes_by_themselves_or_elsewhere(reading):
    uri = (reading.root / "shop/payment.py").as_uri()
    assert actions(reading, uri, only=["quickfix"]) == []
    assert actions(reading, uri, triggerKind=2) == []
    assert actions(reading, "file:///elsewhere/a.py") == []
    assert actions(reading, "untitled:Untitled-1") == []


def test_an_editor_that_ignores_what_commands_return_is_shown_the_answer(start, shop, data_dir):
    client = start()
    shown = []
    client.on_request["window/showDocument"] = lambda params: shown.append(params) or {"success": True}
    capabilities = {**CAPABILITIES, "window": {"workDoneProgress": True, "showDocument": {"support": True}}}
    client.initialize(shop.root, capabilities=capabilities)
    client.indexed()
    uri = (shop.root / "shop/payment.py").as_uri()
    command = actions(client, uri)[1]["command"]
    client.command(command["command"], *command["arguments"])
    (document,) = shown
    (file,) = (data_dir / "answers").glob("*.md")
    assert document["uri"] == file.as_uri()
    assert f"[shop/payment.py:8]({uri}#L8) `charge_card`" in file.read_text()


def test_an_editor_that_cannot_show_documents_gets_a_message(reading):
    uri = (reading.root / "shop/payment.py").as_uri()
    command = actions(reading, uri)[1]["command"]
    before = len(reading.named("window/showMessage"))
    reading.command(command["command"], *command["arguments"])
    reading.until(lambda: len(reading.named("window/showMessage")) > before)
    assert "Similar code" in reading.named("window/showMessage")[-1]["message"]

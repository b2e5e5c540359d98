"""What no well-behaved client sends."""

import json

import pytest

FOUND = "src/shop/cart.py:18"


def still_answers(answers):
    return FOUND in answers[-1]["result"]["content"][0]["text"]


@pytest.fixture
def fine(ask):
    return ask("last", "tools/call", name="symbol", arguments={"name": "Cart.total"})


def test_half_a_frame_is_no_message(server, fine):
    (answer,) = server.say(fine, end=b'{"jsonrpc":"2.0","id":9,"method":"tools/li')
    assert still_answers([answer])


def test_what_is_too_long_deep_or_no_message_is_told_and_passed_over(server, fine):
    long = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "x" * 10_000_000}).encode()
    odd = [b"{", b"\xff\xfe", b"[" * 200_000, b"[]", b'"text"', b"null", b'{"id": 1}', b'{"jsonrpc":"2.0"}']
    *errors, last = server.say(long, *odd, b"", b"   ", fine)
    assert still_answers([last])
    assert [error["error"]["code"] for error in errors] == [-32600, -32700, -32700, -32700] + [-32600] * 5
    assert {error["id"] for error in errors} == {None}


def test_requests_that_make_no_sense_get_errors_of_the_protocol(server, ask, fine):
    *errors, last = server.say(
        ask(1, "no/such"),
        ask(2, "tools/call", name="drop_table"),
        ask(3, "tools/call", name={"a": 1}),
        ask(4, "tools/call"),
        ask(5, "resources/read", uri="file:///etc/passwd"),
        ask(6, "server/discover", _meta={"io.modelcontextprotocol/protocolVersion": "2099-01-01"}),
        {"jsonrpc": "2.0", "id": True, "method": "ping"},
        {"jsonrpc": "2.0", "id": None, "method": "ping"},
        {"jsonrpc": "2.0", "id": 7, "method": "ping", "params": [1]},
        fine,
    )
    assert still_answers([last])
    by_id = {error["id"]: error for error in errors if error["id"]}
    assert [by_id[number]["error"]["code"] for number in range(1, 7)] == [-32601, *[-32602] * 4, -32022]
    assert "search, symbol, read" in by_id[2]["error"]["message"]
    assert by_id[7]["result"] == {}


def test_an_address_that_no_file_system_takes_for_a_name_ends_nothing(server, ask, fine):
    long = "a." + "b" * 300
    read, called, last = server.say(
        ask(1, "resources/read", uri=f"wherein://definition/{long}"),
        ask(2, "tools/call", name="read", arguments={"target": long}),
        fine,
    )
    assert read["error"]["message"].startswith("Nothing in the index defines")
    assert called["result"]["content"][0]["text"].startswith("Nothing in the index defines")
    assert still_answers([last])


IMPOSSIBLE = (
    ("search", {}, "search needs query."),
    ("search", {"query": "x", "force": True}, "search takes no force."),
    ("search", {"query": 3}, "query must be of type string."),
    ("search", {"query": "x", "limit": "many"}, "limit must be of type integer."),
    ("search", {"query": "x" * 1_000_000}, "is 1,000,000 characters long"),
    ("search", {"query": "a\0b"}, "NUL"),
    ("search", {"query": "x", "format": "xml"}, "format must be one of text, json."),
    ("search", {"query": "x", "repo": "/etc"}, "/etc is outside what this server may read"),
    ("search", {"query": "x", "repo": "../.."}, "is outside what this server may read"),
    ("read", {"target": "/etc/passwd"}, "/etc/passwd is outside the repository"),
    ("read", {"target": "/etc/passwd:1-2"}, "is outside the repository"),
    ("read", {"target": "../../../etc/passwd:1"}, "is outside the repository"),
    ("read", {"target": ".git/config:1-9"}, "Next: "),
    ("read", {"target": "src/shop/cart.py:900"}, "has 25 lines. Next: Name lines up to 25"),
    ("read", {"target": "src/shop/cart.py:9-3"}, "There are no lines 9-3."),
    ("read", {"target": "no_such_name"}, "Nothing in the index defines no_such_name."),
    ("read", {"target": "no/such.py"}, "is not in the index"),
)


def test_arguments_that_cannot_be_are_refused_with_what_to_do_next(server, ask):
    calls = [
        ask(number, "tools/call", name=tool, arguments=arguments)
        for number, (tool, arguments, _) in enumerate(IMPOSSIBLE)
    ]
    for answer, (tool, arguments, sentence) in zip(server.say(*calls), IMPOSSIBLE, strict=True):
        text = answer["result"]["content"][0]["text"]
        assert answer["result"]["isError"], (tool, str(arguments)[:80], text)
        assert sentence in text
        assert "Next: " in text
        assert len(text) < 800


def test_a_link_that_leads_out_of_the_repository_is_not_read(server, shop, tmp_path):
    (tmp_path / "outside.py").write_text("def hidden_outside():\n    return 1\n")
    (shop.root / "link.py").symlink_to(tmp_path / "outside.py")
    for target in ("link.py:1", "link.py:1-2", "hidden_outside"):
        text, is_error = server.call("read", target=target)
        assert is_error
        assert "return 1" not in text


def test_who_repeats_a_call_that_fails_is_told_not_to(server, ask):
    call = {"name": "read", "arguments": {"target": "no_such_name"}}
    answers = server.say(*(ask(number, "tools/call", **call) for number in range(3)))
    texts = [answer["result"]["content"][0]["text"] for answer in answers]
    assert ["do not repeat it" in text for text in texts] == [False, True, True]


def test_numbers_that_agents_write_as_text_are_taken(server):
    text, is_error = server.call("search", query="items", limit="1", max_tokens=300.0)
    assert (is_error, text.count("\n1. "), text.count("\n2. ")) == (False, 1, 0)


def test_a_parameter_may_be_called_what_agents_call_it_elsewhere(server):
    own, is_error = server.call("read", target="Cart.total")
    assert not is_error
    for name in ("name", "symbol", "place", "path", "location"):
        assert server.call("read", **{name: "Cart.total"}) == (own, False), name
    every = {"options": ("--tools", "all")}
    outline, is_error = server.call("outline", target="src/shop/cart.py", **every)
    assert not is_error
    assert server.call("outline", file_path="src/shop/cart.py", **every) == (outline, False)
    assert server.call("symbol", name="Cart.total") == server.call("symbol", target="Cart.total")
    assert server.call("search", question="items", k=1) == server.call("search", query="items", limit=1)
    said, is_error = server.call("read", target="Cart.total", path="src/shop/cart.py")
    assert is_error
    assert "read takes no path." in said


def test_a_call_that_was_cancelled_before_its_turn_gets_no_answer(server, ask, fine):
    answers = server.say(
        ask(1, "tools/call", name="search", arguments={"query": "items"}),
        ask(2, "tools/call", name="search", arguments={"query": "price"}),
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 2}},
        fine,
    )
    assert [answer["id"] for answer in answers] == [1, "last"]

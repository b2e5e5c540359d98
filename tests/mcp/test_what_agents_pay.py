"""Tokens, memory and time."""

import json
import subprocess
import sys

from wherein_server.explain.estimate import estimate_tokens
from wherein_server.mcp.catalog import INSTRUCTIONS, offered

MOST_TOKENS = 900

BYTES_PER_TOKEN = 4
"""English and JSON, by the tokenizers of large models."""


def read_by_a_model(tool):
    listed = tool.listed()
    return {key: listed[key] for key in ("name", "description", "inputSchema")}


def test_what_agents_are_told_of_the_tools_is_short():
    default = json.dumps([tool.listed() for tool in offered(False).values()], separators=(",", ":"))
    assert estimate_tokens(default + INSTRUCTIONS) <= MOST_TOKENS  # an upper estimate
    everything = json.dumps([read_by_a_model(tool) for tool in offered(True).values()], separators=(",", ":"))
    assert len(everything) / BYTES_PER_TOKEN <= MOST_TOKENS


def test_an_answer_keeps_to_its_budget(server, shop, ask):
    body = "".join(f"    value_{n} = compute_the_total_of(item_{n})\n" for n in range(300))
    shop.write("src/shop/long.py", f"def everything_at_once():\n{body}")
    shop.write("src/shop/wide.py", f"WIDE = '{'x' * 50_000}'\n")
    calls = {
        (tool, most, form): {"name": tool, "arguments": {**given, "max_tokens": most, "format": form}}
        for most in (100, 300, 1500)
        for form in ("text", "json")
        for tool, given in (
            ("search", {"query": "compute the total", "limit": 20}),
            ("read", {"target": "everything_at_once", "calls": True}),
            ("symbol", {"name": "e", "limit": 50}),
        )
    }
    answers = server.say(*(ask(" ".join(map(str, key)), "tools/call", **call) for key, call in calls.items()))
    assert len(answers) == len(calls)
    for answer, (tool, most, form) in zip(answers, calls, strict=True):
        (content,) = answer["result"]["content"]
        assert not answer["result"]["isError"], content
        # its first line, and what was left out, stand in any case
        assert estimate_tokens(content["text"]) <= most + 150, (tool, most, form)


def test_a_class_is_read_whole_or_as_its_head_with_what_is_in_it(server):
    whole, _ = server.call("read", target="Cart")
    assert "src/shop/cart.py:6-20 Cart (class)" in whole
    assert "20:         return sum(price_of(item) for item in self.items)" in whole
    listed, _ = server.call("read", target="Cart", max_tokens=250)
    assert "6: class Cart:" in listed
    assert "18-20 method total" in listed
    assert "return sum" not in listed


def test_what_is_cut_says_how_to_go_on(server, shop):
    body = "".join(f"    value_{n} = compute_the_total_of(item_{n})\n" for n in range(300))
    shop.write("src/shop/long.py", f"def everything_at_once():\n{body}")
    text, _ = server.call("read", target="everything_at_once", max_tokens=500)
    onward = text.rpartition("go on with read ")[2]
    more, _ = server.call("read", target=onward, max_tokens=500)
    assert f"{onward.rpartition(':')[2].partition('-')[0]}:     value_" in more


def test_other_commands_load_nothing_of_it(server):
    script = (
        "import sys\nfrom wherein_server.cli.main import run\n"
        "try:\n    run(['search', 'items'])\n"
        "except SystemExit:\n    pass\n"
        "loaded = [name for name in sys.modules if name.split('.')[0] == 'mcp' or 'wherein_server.mcp' in name]\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script],
        cwd=server.folder,
        env=server.environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_sketch_of_the_answer_finds_what_the_question_has_no_word_of(server):
    question = "what somebody owes in the end"
    assert "Cart.total" not in server.call("search", query=question, limit=1)[0]
    sketch = (
        "Names: Cart, total\n```\ndef total(self):\n    return sum(price_of(item) for item in items)\n```"
    )
    found, failed = server.call("search", query=question, sketch=sketch, limit=1)
    assert not failed
    assert "Cart.total" in found


def test_agents_are_told_to_give_a_sketch_and_why():
    told = read_by_a_model(offered(False)["search"])["inputSchema"]["properties"]["sketch"]["description"]
    assert "every question" in told
    assert "guess" in told
    assert "twice as much" in told

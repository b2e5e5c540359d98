"""Search, symbols, related code and status, as commands and as requests."""

import subprocess

import pytest

from raw_client import Failed

QUERY = {"query": "charge a credit card"}


def git_head(root):
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()


def first(answer):
    return answer["results"][0]


@pytest.mark.parametrize("way", ["command", "request"])
def test_a_search_finds_the_function_with_its_location(reading, way):
    ask, name = (
        (reading.command, "wherein.search") if way == "command" else (reading.request, "wherein/search")
    )
    found = first(ask(name, QUERY))
    assert found["symbol"] == "charge_card"
    assert found["kind"] == "function"
    assert found["language"] == "python"
    assert found["text"].startswith("def charge_card")
    assert found["score"] > 0
    assert found["location"] == {
        "uri": (reading.root / "shop/payment.py").as_uri(),
        "range": {"start": {"line": 7, "character": 0}, "end": {"line": 14, "character": 18}},
    }


def test_every_answer_says_what_it_was_drawn_from(reading):
    told = reading.command("wherein.search", QUERY)["index"]
    assert set(told) == {"repository", "view", "commit", "behind", "complete", "store", "model"}
    assert told["commit"] == git_head(reading.root)
    assert (told["behind"], told["complete"]) == (0, True)


def test_a_limit_languages_paths_and_kinds_narrow_a_search(reading):
    def paths(**narrowed):
        results = reading.command("wherein.search", {"query": "pay for things", **narrowed})["results"]
        return {result["path"] for result in results}

    assert len(reading.command("wherein.search", {"query": "pay", "limit": 1})["results"]) == 1
    assert paths(languages=["markdown"]) == {"README.md"}
    assert paths(paths=["shop/cart.py"]) == {"shop/cart.py"}
    assert "shop/cart.py" not in paths(exclude=["shop/cart.py"])
    kinds = reading.command("wherein.search", {"query": "pay", "kinds": ["method"]})["results"]
    assert {result["kind"] for result in kinds} == {"method"}


def test_a_mode_decides_what_counts(reading):
    answer = reading.command("wherein.search", {"query": "charge_card", "mode": "symbol"})
    assert {result["symbol"] for result in answer["results"]} == {"charge_card"}


def test_a_symbol_is_found_by_its_name(reading):
    assert first(reading.command("wherein.symbol", {"name": "checkout"}))["qualified_name"] == "Cart.checkout"


def test_workspace_symbols_come_from_the_index(reading):
    (found,) = reading.request("workspace/symbol", {"query": "checkout"})
    assert (found["name"], found["kind"]) == ("checkout", 6)
    assert found["containerName"] == "Cart · shop/cart.py"
    assert found["location"]["uri"] == (reading.root / "shop/cart.py").as_uri()
    assert reading.request("workspace/symbol", {"query": ""}) == []
    assert [each["name"] for each in reading.request("workspace/symbol", {"query": "ch"})] == [
        "checkout",
        "charge_card",
    ]


def test_a_long_definition_is_one_workspace_symbol(start, make_repo):
    place = make_repo("long")
    steps = "\n\n".join(
        f"    if step == {i}:\n        total += price({i})\n        log(total)" for i in range(60)
    )
    place.write("long.py", f"def long_one(step):\n    total = 0\n{steps}\n    return total\n")
    client = start()
    client.initialize(place.root)
    client.indexed()
    (part,) = client.command("wherein.symbol", {"name": "long_one"})["results"]
    assert part["part"]["number"] == 1 < part["part"]["count"]
    assert part["definition"]["end"]["line"] == 2 + 60 * 4 - 1
    assert part["title"] == "def long_one(step):"
    assert part["matches"] == [{"start": {"line": 0, "character": 4}, "end": {"line": 0, "character": 12}}]
    (found,) = client.request("workspace/symbol", {"query": "long_one"})
    assert found["location"]["range"]["start"]["line"] == 0
    assert found["location"]["range"]["end"]["line"] == 2 + 60 * 4 - 1


def test_related_code_is_found_from_a_position_and_from_a_symbol(reading):
    by_place = reading.command("wherein.related", reading.at("shop/payment.py", 9))
    by_name = reading.command("wherein.related", {"symbol": "charge_card"})
    assert by_place["results"] == by_name["results"]
    assert "charge_card" not in {result["symbol"] for result in by_place["results"]}


def test_partial_results_of_a_search_come_before_its_answer(reading):
    answer = reading.request("wherein/search", {**QUERY, "partialResultToken": "p", "workDoneToken": "w"})
    (part,) = reading.progress("p")
    assert part["results"] == answer["results"]
    assert [value["kind"] for value in reading.progress("w")] == ["begin", "end"]


def test_the_status_counts_what_is_indexed(reading):
    status = reading.command("wherein.status")
    (told,) = status["indexes"]
    assert told["files"] == 3
    assert told["chunks"] > 5
    assert told["problem"] is None
    assert told["root"] == reading.root.as_uri()
    assert status["index"] == told["index"]


def test_reindexing_takes_what_changed_and_says_so(client, shop):
    shop.write("shop/tax.py", "def value_added_tax(amount):\n    return amount * 0.19\n")
    answer = client.command("wherein.reindex", {})
    assert answer["reports"][0]["files_added"] == 1
    assert (
        first(client.command("wherein.search", {"query": "value added tax"}))["symbol"] == "value_added_tax"
    )


def test_reindexing_by_force_reads_everything_anew(client):
    assert client.command("wherein.reindex", {"force": True})["reports"][0]["files_embedded"] == 3


WRONG = [
    ("wherein.search", {}, "'query'"),
    ("wherein.search", {"query": "  "}, "'query'"),
    ("wherein.search", {"query": "?!"}, "no letters"),
    ("wherein.search", {"query": 7}, "'query'"),
    ("wherein.search", {"query": "x", "limit": 0}, "'limit'"),
    ("wherein.search", {"query": "x", "limit": True}, "'limit'"),
    ("wherein.search", {"query": "x", "mode": "fuzzy"}, "fuzzy"),
    ("wherein.search", {"query": "x", "languages": ["klingon"]}, "klingon"),
    ("wherein.search", {"query": "x", "kinds": ["gadget"]}, "gadget"),
    ("wherein.search", {"query": "x", "paths": ["../up"]}, "leads out"),
    ("wherein.search", {"query": "x", "lagnuages": []}, "Did you mean 'languages'"),
    ("wherein.search", ["x"], "one object"),
    ("wherein.search", "x", "one object"),
    ("wherein.symbol", {}, "'name'"),
    ("wherein.related", {}, "'uri'"),
    ("wherein.related", {"uri": "file:///nowhere.py"}, "'position'"),
    ("wherein.related", {"symbol": "no_such_thing"}, "no_such_thing"),
    (
        "wherein.related",
        {"uri": "untitled:Untitled-1", "position": {"line": 0, "character": 0}},
        "never saved",
    ),
    (
        "wherein.related",
        {"uri": "file:///nowhere.py", "position": {"line": 0, "character": 0}},
        "not in a folder that is open",
    ),
    ("wherein.related", {"uri": "file:///nowhere.py", "position": {"line": -1, "character": 0}}, "line"),
    ("wherein.related", {"uri": "file:///nowhere.py", "position": 3}, "position"),
    ("wherein.reindex", {"force": "yes"}, "'force'"),
    ("wherein.status", {"uri": "file:///nowhere"}, "not in a folder that is open"),
    ("wherein.nonsense", {}, "wherein.nonsense"),
]


@pytest.mark.parametrize(("name", "argument", "said"), WRONG)
def test_a_wrong_argument_is_refused_with_one_sentence(reading, name, argument, said):
    with pytest.raises(Failed) as failed:
        reading.command(name, argument)
    assert failed.value.code == -32602
    assert said in failed.value.message
    assert "\n" not in failed.value.message
    assert "Traceback" not in str(failed.value.data)


@pytest.mark.parametrize("nothing", [None, {}, []])
def test_nothing_may_be_said_in_any_way(reading, nothing):
    assert reading.request("wherein/status", nothing)["indexes"]
    assert reading.command("wherein.status", nothing)["indexes"]


def test_a_command_with_two_arguments_is_refused(reading):
    with pytest.raises(Failed, match="one object"):
        reading.command("wherein.search", QUERY, QUERY)


def test_a_file_that_is_not_in_the_index_is_refused(client, shop):
    shop.write("notes.bin", b"\0\1\2")
    place = {"uri": (shop.root / "notes.bin").as_uri(), "position": {"line": 0, "character": 0}}
    with pytest.raises(Failed, match=r"notes\.bin is (not indexed yet|left out .*: binary)") as failed:
        client.command("wherein.related", place)
    assert failed.value.code == -32602


def test_a_position_past_the_end_is_refused_and_the_line_after_the_last_is_not(reading):
    lines = 20
    with pytest.raises(Failed, match=r"shop/payment\.py has 21 lines; there is no line 22"):
        reading.command("wherein.related", reading.at("shop/payment.py", lines + 2))
    behind = reading.command("wherein.related", reading.at("shop/payment.py", lines + 1, 999))
    assert (
        behind["results"]
        == reading.command("wherein.related", reading.at("shop/payment.py", lines))["results"]
    )

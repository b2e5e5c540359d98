"""What a client needs that searches at each letter: pages, words to highlight, short answers, half-typed filters."""

import pytest

from raw_client import Failed


def search(client, query, **more):
    return client.request("wherein/search", {"query": query, **more})


def places(answer):
    return [(each["path"], each["location"]["range"]["start"]["line"]) for each in answer["results"]]


def marked(client, result):
    """The texts that `matches` stand for, out of the file itself."""
    lines = (client.root / result["path"]).read_text().split("\n")
    for each in result["matches"]:
        assert each["start"]["line"] == each["end"]["line"]
    return [
        lines[each["start"]["line"]][each["start"]["character"] : each["end"]["character"]]
        for each in result["matches"]
    ]


def test_pages_follow_one_another_in_one_order_until_there_is_no_more(reading):
    everything = search(reading, "pay for the cart", limit=50)
    assert everything["more"] is False
    pages, offset = [], 0
    while True:
        page = search(reading, "pay for the cart", limit=2, offset=offset)
        pages += places(page)
        if not page["more"]:
            break
        assert len(page["results"]) == 2
        offset += 2
    assert pages == places(everything)
    assert len(pages) > 4
    beyond = search(reading, "pay for the cart", limit=2, offset=500)
    assert (beyond["results"], beyond["more"]) == ([], False)


def test_pages_of_several_repositories_are_pages_of_one_order_too(start, make_repo):
    roots = []
    for name, count in (("one", 5), ("two", 2)):
        place = make_repo(name)
        for number in range(count):
            place.write(f"card{number}.py", f"def charge_card_{number}():\n    return {number}\n")
        roots.append(place.root)
    client = start()
    client.initialize(*roots)
    client.indexed()
    everything = places(search(client, "charge a card", limit=50))
    pages = [places(search(client, "charge a card", limit=3, offset=at)) for at in range(0, 9, 3)]
    assert [each for page in pages for each in page] == everything
    assert len(everything) == 7


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("wherein/search", {"query": "pay for everything"}),
        ("wherein/symbol", {"name": "c"}),
        ("wherein/related", {"symbol": "charge_card"}),
    ],
)
def test_every_result_has_what_a_list_shows(reading, method, arguments):
    results = reading.request(method, arguments)["results"]
    assert results
    for each in results:
        assert isinstance(each["symbolKind"], int)
        assert each["title"] in (reading.root / each["path"]).read_text().split("\n")
        assert all(marked(reading, each))
    kinds = {each["kind"]: each["symbolKind"] for each in results}
    assert kinds.get("function", 12) == 12


def test_the_words_that_were_met_are_marked_wherever_they_stand(reading):
    first = search(reading, "charging a credit card: receipts")["results"][0]
    assert first["symbol"] == "charge_card"
    told = marked(reading, first)
    assert told[0] == "charge_card"
    assert {"Charge", "credit", "card", "receipt"} <= set(told)
    assert not {"a", "def", "return", "amount"} & set(told)


def test_in_a_text_without_a_name_the_words_of_the_shown_line_come_first(reading):
    (section,) = search(reading, "cards charged", kinds=["section"], limit=1)["results"]
    assert marked(reading, section)[0] in {"Payment", "Cards", "charged"}
    assert {"Cards", "charged"} <= set(marked(reading, section))


def test_marks_move_with_unsaved_changes_and_leave_lines_that_changed(client, shop):
    uri = (shop.root / "shop/payment.py").as_uri()
    saved = (shop.root / "shop/payment.py").read_text()
    changed = "# new\n" + saved.replace('"""Charge a credit card and', '"""Take a credit card and')
    client.notify(
        "textDocument/didOpen",
        {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": changed}},
    )
    first = search(client, "charge a credit card")["results"][0]
    lines = changed.split("\n")
    told = {
        (lines[each["start"]["line"]], each["start"]["character"], each["end"]["character"])
        for each in first["matches"]
    }
    assert ("def charge_card(card, amount):", 4, 15) in told
    assert not any("credit" in line for line, _, _ in told)


def test_a_fast_answer_has_the_same_places_and_short_texts(start, make_repo):
    place = make_repo("long")
    place.write("long.py", "def charge():\n" + "    pay('a rather long line of code')\n" * 40)
    client = start()
    client.initialize(place.root)
    client.indexed()
    full, fast = search(client, "charge"), search(client, "charge", stage="fast")
    assert places(full) == places(fast)
    (long,), (short,) = full["results"], fast["results"]
    assert len(short["text"]) <= 800 < len(long["text"])
    assert long["text"].startswith(short["text"] + "\n")
    assert short["matches"] == [each for each in long["matches"] if each in short["matches"]]
    assert short["matches"][0] == long["matches"][0]
    assert {**long, "text": "", "matches": []} == {**short, "text": "", "matches": []}


@pytest.mark.parametrize(
    ("typed", "like"),
    [
        ("charge kind:", "charge"),
        ("charge kind:fu", "charge kind:function"),
        ("charge kind:FUN", "charge kind:function"),
        ("kind:meth pay", "kind:method pay"),
        ("charge lang:", "charge"),
        ("charge lang:pyt", "charge lang:python"),
        ("pay lang:mark", "pay lang:markdown"),
        ("pay path:", "pay"),
        ("pay -path:", "pay"),
        ("pay path:shop/ca", "pay path:shop/cart.py"),
        ('pay path:"shop/ca', "pay path:shop/cart.py"),
        ("pay path:shop/cart.py", "pay path:shop/cart.py"),
        ("kind:fu", "kind:function"),
        ("pay scope:co", "pay scope:code"),
        ("pay scope:", "pay"),
        ("charge kind:xy", "charge"),
        ("charge lang:klingon", "charge"),
        ("pay path:../", "pay"),
        ("pay path:[", "pay"),
    ],
)
def test_a_filter_that_is_half_typed_counts_as_far_as_it_is_typed(reading, typed, like):
    fast = search(reading, typed, stage="fast")
    assert places(fast) == places(search(reading, like))
    assert places(fast)


@pytest.mark.parametrize("typed", ["", "  ", "lang:", "kind: path:", "?!", '"'])
def test_while_there_is_nothing_to_look_for_yet_nothing_is_found_and_nothing_refused(reading, typed):
    answer = search(reading, typed, stage="fast")
    assert answer["results"] == []
    assert answer["index"]["complete"] is True


def test_what_cannot_be_a_filter_is_told_and_refused_at_the_end(reading):
    (note,) = search(reading, "charge kind:gadget", stage="fast")["notes"]
    assert "'gadget' is not a kind of result. Try: " in note
    with pytest.raises(Failed, match="'gadget' is not a kind"):
        search(reading, "charge kind:gadget")
    assert search(reading, "charge kind:fu")["notes"] == ["kind:fu is taken to mean function."]
    assert search(reading, "lang:")["results"] == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"stage": "slow"}, "'stage' must be one of 'full', 'fast'"),
        ({"offset": -1}, "'offset' must be a whole number from 0"),
        ({"offset": "2"}, "'offset'"),
        ({"mode": "fuzzy", "stage": "fast"}, "fuzzy"),
        ({"languages": ["klingon"], "stage": "fast"}, "klingon"),
        ({"paths": ["../up"], "stage": "fast"}, "leads out"),
        ({"changed": 1}, "'changed'"),
        ({"since": "no-such-branch"}, "no-such-branch"),
    ],
)
def test_arguments_are_still_refused(reading, wrong, said):
    with pytest.raises(Failed) as failed:
        search(reading, "charge", **wrong)
    assert failed.value.code == -32602
    assert said in failed.value.message


def test_a_search_may_keep_to_what_changed_on_the_branch(client, shop):
    assert search(client, "charge a card", since="HEAD")["results"] == []
    shop.write("shop/tip.py", "def charge_tip(card):\n    return card\n")
    client.command("wherein.reindex")
    assert places(search(client, "charge a card", changed=True, since="HEAD")) == [("shop/tip.py", 0)]


def test_searches_that_were_superseded_are_cancelled_and_the_last_one_is_answered(reading):
    word = "charge a credit card and return"
    begun = [
        reading.begin("wherein/search", {"query": word[:length], "stage": "fast"})
        for length in range(1, len(word) + 1)
    ]
    for each in begun[:-1]:
        reading.cancel(each)
    assert reading.wait(begun[-1])["results"][0]["symbol"] == "charge_card"
    for each in begun[:-1]:
        answer = reading.answers[each].get(timeout=20)
        assert "result" in answer or answer["error"]["code"] == -32800

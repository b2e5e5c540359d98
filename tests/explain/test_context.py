"""What is gathered for a target, and what of it fits."""

import pytest

import wherein
from wherein_server.explain.context import Snippet, make_context
from wherein_server.explain.estimate import estimate_tokens
from wherein_server.explain.gather import gather
from wherein_server.explain.pack import pack
from wherein_server.explain.prompt import make_prompt, overhead_tokens
from wherein_server.explain.targets import PlaceTarget, Question, SymbolTarget

TOTAL = PlaceTarget("src/shop/cart.py", 21)


def names(snippets):
    return [snippet.symbol for snippet in snippets]


def test_a_place_is_its_definition_with_what_it_calls_and_who_calls_it(index):
    context = gather(index, TOTAL)
    assert context.definition is not None
    assert (context.definition.symbol, context.definition.start_line) == ("Cart.total", 19)
    assert names(context.callees) == ["price_of"]
    assert names(context.callers) == ["pay", "test_total"]
    assert "Cart" in names(context.neighbours)
    assert [doc.path for doc in context.docs] == ["README.md"]


def test_who_only_may_call_it_is_no_certain_caller(index, shop):
    shop.write(
        "src/shop/pay.py",
        "class Way:\n    def charge(self, paid):\n        return 0\n\n\nclass Card(Way):\n"
        "    def charge(self, paid):\n        return paid\n",
    )
    shop.write(
        "src/shop/till.py",
        "from shop.pay import Card, Way\n\n\ndef ring(way: Way):\n    return way.charge(3)\n\n\n"
        "def swipe(card: Card):\n    return card.charge(4)\n",
    )
    index.update(processes=0)
    context = gather(index, SymbolTarget("Card.charge"))
    assert names(context.callers) == ["swipe"]
    (possible,) = context.of("possible")
    assert (possible.symbol, possible.focus) == ("ring", 5)
    prompt = make_prompt(context).user
    assert "(ring, may call it: calls the method of an interface or parent class)" in prompt
    assert "(swipe, calls it)" in prompt


def test_snippets_are_numbered_from_1_and_each_line_stands_once(index):
    snippets = gather(index, TOTAL).snippets
    assert [snippet.n for snippet in snippets] == list(range(1, len(snippets) + 1))
    lines = [(s.path, line) for s in snippets for line in range(s.start_line, s.end_line + 1)]
    assert len(lines) == len(set(lines))


def test_snippets_are_the_lines_they_say_they_are(index, shop):
    for snippet in gather(index, TOTAL).snippets:
        lines = (shop.root / snippet.path).read_text().split("\n")
        assert "\n".join(lines[snippet.start_line - 1 : snippet.end_line]) == snippet.text


@pytest.mark.parametrize("name", ["Cart.total", "total", "total()", "cart.TOTAL"])
def test_a_symbol_is_found_by_its_name(index, name):
    context = gather(index, SymbolTarget(name))
    assert context.definition is not None
    assert context.definition.symbol == "Cart.total"


def test_a_class_is_explained_with_its_members(index):
    context = gather(index, SymbolTarget("Stock"))
    assert context.definition is not None
    assert context.definition.kind == "class"
    assert "Stock.reserve" in names(context.neighbours)


def test_a_name_with_several_definitions_says_which_one_it_is(index, shop):
    shop.write("src/shop/basket.py", "class Basket:\n    def total(self):\n        return 0\n")
    index.update(processes=0)
    (note,) = gather(index, SymbolTarget("total")).notes
    assert "defined more than once" in note
    assert "Basket.total" in note or "Cart.total" in note


def test_a_qualified_name_has_one_definition_though_others_share_its_last_part(index, shop):
    shop.write("src/shop/basket.py", "class Basket:\n    def total(self):\n        return 0\n")
    index.update(processes=0)
    assert gather(index, SymbolTarget("Cart.total")).notes == ()


def test_a_name_is_its_definition_before_what_only_lists_it(index, shop):
    shop.write("web/writer.go", "package web\n\ntype Writer interface {\n\tSize() int\n\tStatus() int\n}\n")
    shop.write("web/response.go", "package web\n\nfunc (r *response) Size() int {\n\treturn r.size\n}\n")
    index.update(processes=0)
    for name, path in (("Size", "web/response.go"), ("Status", "web/writer.go")):
        definition = gather(index, SymbolTarget(name)).definition
        assert definition is not None
        assert definition.path == path


def test_a_question_is_what_search_finds_and_their_calls(index):
    context = gather(index, Question("how is the total of a cart computed"))
    assert context.definition is None
    assert "Cart.total" in names(context.of("result"))
    assert "price_of" in names(context.snippets)


def test_a_question_is_answered_from_code_before_its_tests(index, shop):
    tests = "".join(
        f"def test_the_total_of_a_cart_is_computed_{i}():\n    assert total(cart)\n\n\n" for i in range(6)
    )
    shop.write("tests/test_total.py", tests)
    index.update(processes=0)
    aside = [
        each.path.startswith("tests/")
        for each in gather(index, Question("how the total of a cart is computed")).snippets
    ]
    assert True in aside
    assert aside == sorted(aside)
    asked = gather(index, Question("which tests compute the total of a cart"))
    assert [each.path.startswith("tests/") for each in asked.snippets[:3]] == [False, True, True]


@pytest.mark.parametrize(
    ("target", "error", "sentence"),
    [
        (SymbolTarget("nowhere"), wherein.NotFound, "Nothing in the index defines nowhere."),
        (
            SymbolTarget("tot"),
            wherein.NotFound,
            "Nothing in the index defines tot; there is Cart.total, test_total.",
        ),
        (PlaceTarget("src/none.py", 1), wherein.ConfigError, "src/none.py is not in the index."),
        (PlaceTarget("../secret.py", 1), wherein.ConfigError, "../secret.py is outside the repository."),
        (PlaceTarget("/etc/passwd", 1), wherein.ConfigError, "/etc/passwd is outside the repository."),
        (PlaceTarget("README.md", 99), wherein.ConfigError, "README.md has no line 99 in the index."),
        (PlaceTarget("README.md", 0), wherein.ConfigError, "README.md has no line 0 in the index."),
    ],
)
def test_what_is_not_there_is_one_sentence(index, target, error, sentence):
    with pytest.raises(error) as caught:
        gather(index, target)
    assert caught.value.message == sentence


def test_a_question_without_an_answer_is_not_found(index):
    with pytest.raises(wherein.NotFound):
        gather(index, Question("zymurgy xylophone"))


def test_before_the_first_update_the_index_is_missing(shop, open_index):
    with pytest.raises(wherein.IndexMissing):
        gather(open_index(shop), TOTAL)


@pytest.mark.parametrize("budget", [300, 500, 800, 1_500, 3_000, 20_000])
def test_a_prompt_keeps_to_its_budget_and_always_has_the_definition(index, budget):
    context = gather(index, TOTAL, budget_tokens=budget)
    assert context.definition is not None
    prompt = make_prompt(context)
    if len(context.snippets) > 1:
        assert prompt.tokens <= budget
    bigger = gather(index, TOTAL, budget_tokens=2 * budget)
    assert len(bigger.snippets) >= len(context.snippets)


def test_a_long_definition_is_shortened_around_the_line_that_was_asked_for(index, shop):
    body = "".join(f"    value = step_{i}(value)\n" for i in range(70))
    shop.write("src/shop/long.py", f"def process(value):\n{body}    return value\n")
    index.update(processes=0)
    context = gather(index, PlaceTarget("src/shop/long.py", 60), budget_tokens=900)
    definition = context.definition
    assert definition is not None
    assert not definition.whole
    assert definition.start_line <= 60 <= definition.end_line
    assert len(definition.text.split("\n")) == definition.end_line - definition.start_line + 1


def test_a_definition_in_pieces_is_shown_whole(index, shop):
    body = "".join(f"    value = step_{i}(value)\n" for i in range(200))
    shop.write("src/shop/long.py", f"def process(value):\n{body}    return value\n")
    index.update(processes=0)
    context = gather(index, PlaceTarget("src/shop/long.py", 150), budget_tokens=20_000)
    assert context.definition is not None
    assert (context.definition.start_line, context.definition.end_line) == (1, 202)


def test_the_same_material_can_be_packed_again_for_a_smaller_window(index):
    context = gather(index, TOTAL, budget_tokens=3_000)
    smaller = context.within(200)
    assert 0 < len(smaller.snippets) < len(context.snippets)
    assert smaller.omitted > context.omitted
    assert smaller.definition is not None


def test_nothing_is_packed_from_nothing():
    assert pack((), 1_000) == ()


@pytest.mark.parametrize(
    ("text", "bytes_per_token"),
    [("def f(value):\n    return value\n" * 50, 2.5), ("deadbeef01" * 100, 1.3), ("naïve café " * 50, 2.5)],
)
def test_tokens_are_estimated_from_above_by_kind_of_text(text, bytes_per_token):
    assert estimate_tokens(text) == pytest.approx(len(text.encode()) / bytes_per_token, rel=0.05)


@pytest.mark.parametrize(
    "text",
    [
        'needle = "' + "needle alpha " * 20_000 + '"',
        "needle = '" + "`" * 50_000 + "'",
        "needle = '" + "[INST]" * 20_000 + "'",
        "needle = '" + "a1B2" * 20_000 + "'\n" + "x = 1\n" * 300,
        "def needle():\n" + "    return 'é'\n" * 3_000,
    ],
)
@pytest.mark.parametrize("budget", [1_024, 3_072])
def test_a_prompt_holds_its_budget_whatever_the_first_snippet_is(text, budget):
    lines = text.count("\n") + 1
    material = [
        Snippet(f"{'deep/' * 50}{role}.py", 1, lines, "needle" * 100, "function", "python", text, role)
        for role in ("definition", "caller", "neighbour")
    ]
    target = SymbolTarget("needle")
    context = make_context(target, material, budget - overhead_tokens(target))
    assert context.snippets
    assert len(context.snippets[0].text) > 100
    assert make_prompt(context).tokens <= budget
    assert all(len(line) <= 1_010 for each in context.snippets for line in each.text.split("\n"))

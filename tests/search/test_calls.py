"""Who calls whom, told from names: nothing is claimed that the names do not bear out."""

import pytest

import wherein
from linear_time import assert_linear
from wherein.config.settings import Settings
from wherein.languages import registry
from wherein.search.calls.sites import call_sites, import_lines
from wherein.search.file_text import IndexedFile
from wherein.store.protocol import Candidate

SAMPLES = {
    "bash": ("run() { fetch 1 | sort_them; }", ["fetch", "sort_them"]),
    "c": ("int main(void) { f(1); p->g(2); return s.h(3); }", ["f", "p.g", "s.h"]),
    "cpp": (
        "void A::m() { f(1); N::k(5); this->z(); t<int>(6); auto x = new W(1); V v(2); }",
        ["f", "N.k", "this.z", "t", "W", "V"],
    ),
    "csharp": (
        "class A { void M() { F(); p.G(); this.H(); new W(1); p?.Q(); } }",
        ["F", "p.G", "this.H", "W", "p.Q"],
    ),
    "elixir": ("defmodule A do\n def m do\n  N.g(2) |> h()\n end\nend", ["defmodule", "def", "N.g", "h"]),
    "go": (
        "package a\nfunc (a *A) m() { f(1); a.h(); n.K(3); go r(); x := W{b: 1} }",
        ["f", "a.h", "n.K", "r", "W"],
    ),
    "haskell": ("m x = f x 1 + g (h x)", ["f", "x", "g", "h", "x"]),
    "java": ("class A { void m() { f(); this.h(); N.k(3); new X<>(2); } }", ["f", "this.h", "N.k", "X"]),
    "javascript": ("class A { m() { f(1); this.h(); new W(1); p?.q(); } }", ["f", "this.h", "W", "p.q"]),
    "kotlin": ("class A { fun m() { f(1); p.g(2); this.h() } }", ["f", "p.g", "this.h"]),
    "lua": ("function A:m() f(1); self:h(); n.j(3) end", ["f", "self.h", "n.j"]),
    "objective-c": (
        "@implementation A\n- (void)m { f(1); [p g:2]; [self load:1 with:2]; [W new]; }\n@end\n",
        ["f", "p.g", "self.load", "W.new"],
    ),
    "php": ("<?php function m() { f(1); $p->g(2); N::k(3); new W(1); }", ["f", "$p.g", "N.k", "W"]),
    "python": ("@dec\ndef m():\n    f(1)\n    p.g(2)\n    W(h(3))\n", ["dec", "f", "p.g", "W", "h"]),
    "ruby": ("def m\n f(1)\n p.g 2\n x\nend", ["f", "p.g", "x"]),
    "rust": ("fn m() { f(1); p.g(2); n::k(3); mac!(x); t::<i32>(4); }", ["f", "p.g", "n.k", "mac", "t"]),
    "scala": ("class A { def m = { f(1); p.g(2); new W(1) } }", ["f", "p.g", "W"]),
    "swift": ("func m() { f(1); p.g(2); W(x: 1) }", ["f", "p.g", "W"]),
    "tsx": ("const A = () => <Button>{f(1)}</Button>", ["Button", "f"]),
    "typescript": (
        "function m() { f<number>(1); this.h(); new W<string>(1); p!.z(); }",
        ["f", "this.h", "W", "p!.z"],
    ),
    "zig": (
        'fn m(self: *A) void { f(1); self.h(); try e(1); self.@"go on"(); @"error"(); }',
        ["f", "self.h", "e", "self.go on", "error"],
    ),
}


@pytest.mark.parametrize("language", SAMPLES)
def test_the_calls_of_a_language_are_found_with_what_they_are_called_on(language):
    text, expected = SAMPLES[language]
    sites = call_sites(text, registry.get(language))
    assert [f"{site.receiver}.{site.name}".lstrip(".") for site in sites] == expected


def test_every_language_with_a_grammar_can_tell_its_calls():
    with_grammar = {name for name in registry.names() if registry.get(name).grammar}
    assert with_grammar == set(SAMPLES)
    assert all(registry.get(name).import_pattern for name in with_grammar)


@pytest.mark.parametrize(
    "text", ["", "def", "((((((((", "f(" * 5_000, "\udcff f(1)", "x" * 3_000_000, "f(1)\r\ng(2)"]
)
def test_no_text_is_too_odd(text):
    call_sites(text, registry.get("python"))


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("python", "from shop.stock import (\n    Stock,\n    Shelf,\n)\n", {"shop", "stock", "shelf"}),
        ("go", 'import (\n\t"fmt"\n\tx "example.org/a/store"\n)\n', {"fmt", "store"}),
        ("typescript", "import {\n  run,\n} from './core/engine'\n", {"run", "core", "engine"}),
        ("rust", "use crate::{store::Store, index};\n", {"store", "index"}),
        ("c", '#include "lib/list.h"\n', {"lib", "list"}),
    ],
)
def test_imports_are_read(language, text, words):
    (line,) = import_lines(text, registry.get(language))[-1:]
    assert words <= frozenset().union(*import_lines(text, registry.get(language)))
    assert line


@pytest.fixture(params=["embedded", "redis"])
def graph(request, repo, data_dir):
    """graph(files): an index of them in either store."""
    store = request.getfixturevalue("redis_url") if request.param == "redis" else None
    opened: list[wherein.Index] = []

    def make(files: dict[str, str]) -> wherein.Index:
        repo.commit(files)
        opened.append(wherein.open_index(repo.root, store=store, settings=Settings(data_dir=data_dir)))
        opened[-1].update(processes=0)
        return opened[-1]

    yield make
    for index in opened:
        index.close()


def names(calls):
    return [(call.hit.qualified_name, call.line) for call in calls]


def test_what_nothing_calls_is_told_with_what_calls_of_its_name_are_taken_for(graph):
    method = "    def view_files(self, name):\n        return name\n"
    used = "def shown(store: Store):\n    return store.view_files('main')\n"
    index = graph(
        {
            "store/protocol.py": f"class Store:\n{method}",
            "store/redis.py": f"class RedisStore:\n{method}",
            "store/sqlite.py": f"class EmbeddedStore:\n{method}\n    def lonely(self):\n        return 1\n",
            "search.py": f"from store.protocol import Store\n\n\n{used}",
        }
    )
    (through,) = index.callers_of("RedisStore.view_files")
    assert (through.calls, through.elsewhere) == ([], ("store/protocol.py:2",))
    (called,) = index.callers_of("Store.view_files")
    assert (names(called.calls), called.elsewhere) == ([("shown", 5)], ())
    (nowhere,) = index.callers_of("lonely")
    assert (nowhere.calls, nowhere.elsewhere) == ([], ())


SHOP = {
    "shop/stock.py": """\
class Stock:
    def reserve(self):
        self.count()

    def count(self):
        return 1
""",
    "shop/cart.py": """\
from shop.stock import Stock


class Cart:
    def __init__(self, stock: Stock):
        self.stock = stock

    def add(self):
        self.stock.reserve()
        self.total()
        helper()
        print(len([]))

    def total(self):
        return {}.get('x')


def helper():
    return Cart(Stock())
""",
    "shop/other.py": """\
class Other:
    def total(self):
        return 0

    def get(self):
        return 1
""",
    "tests/test_cart.py": """\
from shop.cart import Cart


def test_add():
    Cart(None).add()
""",
}


def test_own_methods_fields_and_functions_of_the_file_are_callees(graph):
    index = graph(SHOP)
    assert names(index.callees("shop/cart.py", 9)) == [
        ("Cart.total", 10),
        ("Stock.reserve", 9),
        ("helper", 11),
    ]


def test_callers_are_told_with_the_line_of_the_call_and_tests_come_last(graph):
    index = graph(SHOP)
    assert names(index.callers("shop/stock.py", 2)) == [("Cart.add", 9)]
    assert names(index.callers("shop/cart.py", 8)) == [("test_add", 5)]
    assert names(index.callers("shop/cart.py", 18)) == [("Cart.add", 11)]


def test_a_test_that_bears_the_name_of_what_it_tests_is_not_asked_about(graph):
    tested = "describe('reserve', () => {\n  it('reserves', () => {\n    reserve(1)\n  })\n})\n"
    index = graph({"stock.ts": "export function reserve(n) {}\n", "stock.test.ts": tested})
    (called,) = index.callers_of("reserve")
    assert called.definition.path == "stock.ts"
    index = graph({"only.test.ts": "function make_one() {}\nmake_one()\n"})
    assert [each.definition.path for each in index.callers_of("make_one")] == ["only.test.ts"]


def test_a_class_is_called_by_who_makes_one(graph):
    index = graph(SHOP)
    assert ("helper", 19) in names(index.callers("shop/stock.py", 1))


def test_a_method_of_a_built_in_type_is_not_taken_for_one_of_ours(graph):
    assert index_of_total(graph(SHOP)) == []


def index_of_total(index):
    return index.callees("shop/cart.py", 14)


def test_of_a_name_the_calls_of_each_definition_are_told(graph):
    index = graph(SHOP)
    told = {calls.definition.qualified_name: names(calls.calls) for calls in index.callers_of("total")}
    assert told == {"Cart.total": [("Cart.add", 10)], "Other.total": []}
    (add,) = index.callees_of("Cart.add")
    assert [name for name, _ in names(add.calls)] == ["Cart.total", "Stock.reserve", "helper"]
    assert (add.told, add.unread) == (True, 0)


def test_a_name_in_a_line_means_the_call_there_or_what_bears_it_or_the_definition_around(graph):
    index = graph(SHOP)

    def meant(name, line=9, path="shop/cart.py"):
        target, found = index.calls_meant(path, line, name, "callers")
        return target, [calls.definition.qualified_name for calls in found]

    assert meant("reserve") == ("reserve", ["Stock.reserve"])
    assert meant("Other") == ("Other", ["Other"])
    for nothing in ("", "item", "add"):
        assert meant(nothing) == ("Cart.add", ["Cart.add"])
    with pytest.raises(wherein.NotFound, match=r"Line 1 of shop/cart\.py is in no definition"):
        meant("", line=1)


def test_a_class_calls_what_its_methods_call_outside_of_it(graph):
    (cart,) = graph(SHOP).callees_of("Cart")
    assert names(cart.calls) == [("Stock.reserve", 9), ("helper", 11)]


def test_one_of_several_types_declared_together_has_its_own_callers(graph):
    index = graph(
        {
            "a.go": "package a\n\ntype (\n\tLeft struct{}\n\tRight struct{}\n)\n\n"
            "func l() any { return Left{} }\n\nfunc r() any { return Right{} }\n"
        }
    )
    (right,) = index.callers_of("Right")
    assert [name for name, _ in names(right.calls)] == ["r"]


def test_a_language_without_a_grammar_is_said_to_tell_no_calls(graph):
    index = graph({"a.r": "twice <- function(x) {\n  once(x)\n}\n"})
    (twice,) = index.callees_of("twice")
    assert (list(twice.calls), twice.told) == ([], False)


def test_a_name_that_nothing_defines_has_no_calls_but_others_like_it(graph):
    index = graph(SHOP)
    with pytest.raises(
        wherein.NotFound, match=r"Nothing in the index defines reserv; there is Stock.reserve."
    ):
        index.callers_of("reserv")


def test_one_does_not_call_oneself(graph):
    index = graph({"a.py": "def f(n):\n    return f(n - 1) if n else g()\n\n\ndef g():\n    return 0\n"})
    assert names(index.callees("a.py", 1)) == [("g", 2)]
    assert index.callers("a.py", 1) == []


def test_namesakes_are_told_apart_by_the_import(graph):
    index = graph(
        {
            "a/query.py": "def parse(text):\n    return 1\n",
            "a/config.py": "def parse(text):\n    return 2\n",
            "a/main.py": "from a.query import parse\n\n\ndef main():\n    parse('x')\n",
        }
    )
    (call,) = index.callees("a/main.py", 4)
    assert call.hit.path == "a/query.py"
    assert names(index.callers("a/config.py", 1)) == []


def test_what_could_be_many_is_none(graph):
    classes = "".join(f"class C{i}:\n    def handle(self):\n        return {i}\n\n\n" for i in range(5))
    index = graph({"a.py": classes + "def run(thing):\n    thing.handle()\n"})
    assert index.callees("a.py", 26) == []


def test_a_function_inside_another_is_out_of_reach_elsewhere(graph):
    long = "".join(f"    x = {i}\n" for i in range(90))
    inner = "    def callback():\n" + "".join(f"        y = {i}\n" for i in range(12)) + "        return y\n"
    index = graph(
        {
            "a.py": f"def outer():\n{long}{inner}    return callback\n",
            "b.py": "def run(callback):\n    callback()\n",
        }
    )
    assert index.callees("b.py", 1) == []


def test_go_methods_know_their_own_object(graph):
    index = graph(
        {
            "a.go": "package a\n\ntype T struct{}\ntype U struct{}\n\nfunc (c *T) Run() {\n\tc.JSON()\n}\n\n"
            "func (c *T) JSON() {\n}\n\nfunc (u *U) JSON() {\n}\n"
        }
    )
    assert names(index.callees("a.go", 6)) == [("T.JSON", 7)]


def test_calls_cross_languages_of_one_family(graph):
    index = graph(
        {
            "lib/price.ts": "export function priceOf(thing: string): number {\n  return 1\n}\n",
            "app.js": "import { priceOf } from './lib/price'\n\nexport function show() {\n  return priceOf('tea')\n}\n",
            "price.py": "def priceOf(thing):\n    return 1\n",
        }
    )
    (call,) = index.callees("app.js", 3)
    assert call.hit.path == "lib/price.ts"
    assert names(index.callers("lib/price.ts", 1)) == [("show", 4)]


def test_a_definition_in_pieces_has_the_calls_of_all_of_them(graph):
    body = "".join(f"    value = {i}\n" for i in range(150))
    called = "def first():\n    pass\n\n\ndef last():\n    pass\n"
    index = graph({"a.py": f"def long():\n    first()\n{body}    last()\n\n\n{called}"})
    assert names(index.callees("a.py", 1)) == [("first", 2), ("last", 153)]
    assert names(index.callers("a.py", 160)) == [("long", 153)]
    whole = index.definition("a.py", 100)
    assert (whole.start_line, whole.end_line) == (1, 153)


def test_the_parts_of_a_long_definition_keep_no_other_of_its_name_from_being_found(graph):
    body = "".join(f"    value = {i}\n" for i in range(1_500))
    index = graph(
        {"a.py": f"def run():\n{body}", "b.py": "def run():\n    pass\n", "c.py": "def running(): ...\n"}
    )
    for limit, paths in ((1, ["a.py"]), (2, ["a.py", "b.py"]), (3, ["a.py", "b.py", "c.py"])):
        assert [hit.path for hit in index.symbols("run", limit=limit)] == paths


def test_the_chunks_at_all_lines_of_a_file_are_found_in_linear_time():
    def made(count):
        chunks = [
            Candidate(
                at, "a.py", "b", 3 * at + 1, 3 * at + 2, "function", f"f{at}", f"f{at}", (), "python", b""
            )
            for at in range(count)
        ]
        return IndexedFile("a.py", chunks, [""] * count)

    few = made(2)
    assert [each and each.id for each in map(few.at, range(7))] == [None, 0, 0, None, 1, 1, None]
    assert_linear(
        lambda file: [file.at(chunk.start_line) for chunk in file.chunks], made, size=2_000, quick=0.02
    )


def test_what_only_begins_with_the_name_of_a_function_is_no_piece_of_it(graph):
    index = graph(
        {
            "a.py": "def get():\n    one()\n\n\ndef get_all():\n    two()\n\n\ndef one(): ...\n\n\ndef two(): ...\n"
        }
    )
    assert [(each.start_line, each.end_line) for each in (index.definition("a.py", 1),)] == [(1, 2)]
    assert names(index.callees("a.py", 1)) == [("one", 2)]


def test_functions_of_one_name_are_definitions_and_callers_each(graph):
    heads = ["A add(int value)", "A add(String value)", "A add()"]
    methods = "".join(f"    {head} {{\n        return write();\n    }}\n\n" for head in heads)
    index = graph({"A.java": f"class A {{\n{methods}    A write() {{\n        return this;\n    }}\n}}\n"})
    second = index.definition("A.java", 7)
    assert (second.start_line, second.end_line) == (6, 8)
    assert names(index.callers("A.java", 14)) == [("A.add", 3), ("A.add", 7), ("A.add", 11)]


def test_sections_in_pieces_are_whole(graph):
    index = graph(
        {"a.md": "# One\n" + "words to read\n" * 120 + "# Two\nothers\n\n\n\nat the end\n\nof it\n"}
    )
    whole = index.definition("a.md", 60)
    assert (whole.start_line, whole.end_line) == (1, 121)


def test_languages_without_a_grammar_have_no_calls(graph):
    index = graph({"a.md": "# Title\n\ntext\n"})
    assert index.callees("a.md", 1) == []
    assert index.callers("a.md", 1) == []


def test_the_chunks_of_a_file_are_its_lines(graph):
    chunks = graph(SHOP).chunks("shop/stock.py")
    assert [chunk.qualified_name for chunk in chunks] == ["Stock", "Stock.reserve", "Stock.count"]


@pytest.mark.parametrize("method", ["callees", "callers", "definition"])
def test_what_is_not_there_is_one_sentence(graph, method):
    index = graph(SHOP)
    with pytest.raises(wherein.ConfigError, match=r"none\.py is not in the index"):
        getattr(index, method)("none.py", 1)
    with pytest.raises(wherein.ConfigError, match="has no line 99"):
        getattr(index, method)("shop/cart.py", 99)


def test_the_package_at_a_repositorys_root_is_called_by_the_repositorys_name(graph):
    used = 'package plug\n\nimport "example.org/{}"\n\nfunc init() {{\n\t{}.RegisterModule(1)\n}}\n'
    index = graph(
        {
            "modules.go": "package project\n\nfunc RegisterModule(name string) {\n}\n",
            "other.go": "package project\n\nfunc init() {\n\tRegisterModule(1)\n}\n",
            "plug/a.go": used.format("acme/project/v2", "project"),
            "plug/b.go": used.format("other/store", "store"),
        },
    )
    (called,) = index.callers_of("RegisterModule")
    assert sorted(call.hit.path for call in called.calls) == ["other.go", "plug/a.go"]


def test_what_lies_below_src_is_called_by_the_name_of_the_folder_above(graph):
    index = graph(
        {
            "shelf-core/src/lib.rs": "pub fn find_shelf() -> u8 {\n    1\n}\n",
            "other/src/lib.rs": "pub fn find_shelf() -> u8 {\n    2\n}\n",
            "app/src/view.rs": "fn shown() -> u8 {\n    shelf_core::find_shelf()\n}\n",
        }
    )
    called = {calls.definition.path: names(calls.calls) for calls in index.callers_of("find_shelf")}
    assert called == {"shelf-core/src/lib.rs": [("shown", 2)], "other/src/lib.rs": []}


def test_a_package_is_called_by_the_word_for_the_own_one_from_what_lies_in_it(graph):
    index = graph(
        {
            "one/src/lib.rs": "pub fn find_shelf() -> u8 {\n    1\n}\n",
            "two/src/lib.rs": "pub fn find_shelf() -> u8 {\n    2\n}\n",
            "one/src/view/tree.rs": "fn shown() -> u8 {\n    crate::find_shelf()\n}\n",
            "one/src/view.rs": "pub fn width() -> u8 {\n    3\n}\n",
            "one/src/view/row.rs": "fn drawn() -> u8 {\n    super::width()\n}\n",
        }
    )
    called = {calls.definition.path: names(calls.calls) for calls in index.callers_of("find_shelf")}
    assert called == {"one/src/lib.rs": [("shown", 2)], "two/src/lib.rs": []}
    (width,) = index.callers_of("width")
    assert names(width.calls) == [("drawn", 2)]


def test_callers_are_found_in_a_hundred_small_files(graph):
    used = "from shop import price\n\n\ndef total_{}():\n    return price()\n"
    files = {f"used_{number}.py": used.format(number) for number in range(100)}
    index = graph({"shop.py": "def price():\n    return 1\n", **files})
    (called,) = index.callers_of("price", limit=200)
    assert (len(called.calls), called.unread) == (100, 0)

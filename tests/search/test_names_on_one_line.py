"""What is defined within one line has the name of all that is around it."""

import pytest

from indexed_folder import indexed

FILES = {
    "a.rs": "mod m { impl T { fn go(&self) -> u32 { 1 } fn back(&self) {} } pub fn alone() {} }\n",
    "deep.rs": "mod one { mod two { mod three { fn inmost() {} } fn middle() {} } }\n",
    "rows.rs": "mod n { impl U {\n    fn first(&self) {\n        x();\n    }\n}}\n",
    "a.cpp": "namespace n { class C { int f() { return 1; } struct In { int g() { return 2; } }; }; }\n",
    "a.cs": "namespace N { class C { int Plain() { return 1; } class D { int Deep() => 2; } } }\n",
    "a.ts": "namespace space { export class Held { take() { return 1 } space() { return 2 } } }\n",
    "a.js": "class Outer { run() { return 1 } static stop() { return class Inner { halt() {} } } }\n",
    "a.java": "class J { int same; class K { void same() {} } }\n",
    "a.rb": "module M; class R; def rb; 1; end; end; end\n",
    "a.kt": 'class A { class B(val s: String = "}") { class C { fun deep() = 1 }; object O { fun o() {} } } }\n'
    "class Top {\n    object Q { fun c() = 3; class D { fun e() = 4 } }\n}\n",
    "head.java": "class Head { void first() {\n        x();\n    }\n    int second() { return 1; }\n}\n",
    "a.py": "def outer():\n    def closure():\n        pass\n    return closure\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lines")
    with indexed(folder, FILES) as index:
        yield index


@pytest.mark.parametrize(
    "name",
    [
        "m::T::go",
        "m::T::back",
        "m::alone",
        "one::two::three::inmost",
        "one::two::middle",
        "n::U::first",
        "n::C::f",
        "n::C::In::g",
        "N.C.Plain",
        "N.C.D.Deep",
        "space.Held.take",
        "space.Held.space",
        "Outer.run",
        "J.same",
        "J.K.same",
        "M::R#rb",
        "outer.closure",
        "A.B.C.deep",
        "A.B.O.o",
        "Top.Q.D.e",
        "Head",
    ],
)
def test_a_definition_within_a_line_is_found_by_all_of_its_name(index, name):
    hit = index.symbols(name)[0]
    assert hit.qualified_name.replace("#", "::") == name.replace("#", "::")
    assert hit.line == {"n::U::first": 2, "outer.closure": 2, "Top.Q.D.e": 3}.get(name, 1)
    assert hit.qualified_name in {each.qualified_name for each in index.outline(hit.path)} | {"outer.closure"}


def test_its_last_parts_find_it_and_others_do_not(index):
    assert [hit.qualified_name for hit in index.symbols("T::go")] == ["m::T::go"]
    assert [hit.qualified_name for hit in index.symbols("K.same")] == ["J.K.same"]
    assert not [hit for hit in index.symbols("U::go") if hit.qualified_name.endswith("U::go")]

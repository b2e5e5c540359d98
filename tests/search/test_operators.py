"""Operators are found by their signs, as any language calls them, in searches as by their names."""

import pytest

import wherein
from wherein.config.settings import Settings
from wherein.errors import ConfigError

SIGNS = (
    *(
        "==",
        "!=",
        "<",
        ">",
        "<=",
        ">=",
        "<=>",
        "+",
        "-",
        "*",
        "/",
        "%",
        "^",
        "&",
        "|",
        "~",
        "!",
        "&&",
        "||",
        "++",
    ),
    *("--", "<<", ">>", "+=", "-=", "*=", "/=", "->", "->*", "()", "[]", ",", "="),
)

FILES = {
    "p.cpp": "struct P {\n" + "".join(f"  int operator{s}(int v) {{ return v; }}\n" for s in SIGNS) + "};\n",
    "v.rb": "class V\n  def ==(o)\n    1\n  end\n\n  def []=(i, v)\n    v\n  end\n\n  def +@\n    self\n  end\nend\n",
    "h.hs": "module H where\n\n(<+>) :: Int -> Int -> Int\na <+> b = a + b\n",
    "s.scala": "class A {\n  def ::(o: A): A = o\n}\n",
    "c.cs": "class C {\n  public static bool operator ==(C a, C b) => true;\n}\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("operators")
    (folder / "code").mkdir()
    for name, text in FILES.items():
        (folder / "code" / name).write_text(text)
    with wherein.open_index(folder / "code", settings=Settings(data_dir=folder / "data")) as opened:
        opened.update()
        yield opened


def found(hits):
    return [(hit.path, hit.symbol) for hit in hits]


@pytest.mark.parametrize("signs", SIGNS)
def test_each_is_found_by_its_signs_alone(index, signs):
    for hits in (index.search(signs, limit=4), index.symbols(signs, limit=4)):
        assert ("p.cpp", f"operator{signs}") in found(hits)
    assert found(index.symbols(f"P::operator{signs}", limit=1)) == [("p.cpp", f"operator{signs}")]


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("->", ("p.cpp", "operator->")),
        ("/", ("p.cpp", "operator/")),
        ("::", ("s.scala", "::")),
        ("(<+>)", ("h.hs", "<+>")),
        ("<+>", ("h.hs", "<+>")),
        ("operator ==", ("p.cpp", "operator==")),
        ("V#==", ("v.rb", "==")),
        ("V.[]=", ("v.rb", "[]=")),
        ("+@", ("v.rb", "+@")),
    ],
)
def test_what_has_just_these_signs_comes_first(index, asked, first):
    assert found(index.search(asked, limit=3))[0] == found(index.symbols(asked, limit=3))[0] == first


def test_all_that_define_it_are_listed_and_of_a_class_its_own_alone(index):
    everywhere = {("p.cpp", "operator=="), ("v.rb", "=="), ("c.cs", "operator ==")}
    assert set(found(index.symbols("=="))) == everywhere
    assert found(index.symbols("V.==")) == [("v.rb", "==")]
    assert found(index.symbols("P::==")) == [("p.cpp", "operator==")]


@pytest.mark.parametrize("asked", ["|>", "..", "V.!~"])
def test_what_nothing_defines_is_not_found(index, asked):
    assert index.search(asked) == index.symbols(asked) == []


@pytest.mark.parametrize("asked", ["<~>", "?!"])
def test_signs_that_nothing_is_called_by_are_no_query(index, asked):
    with pytest.raises(ConfigError, match="no letters or digits"):
        index.search(asked)
    assert index.symbols(asked) == []

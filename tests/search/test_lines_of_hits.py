"""Which line, name and part a hit shows."""

import pytest

from indexed_folder import indexed

FILES = {
    "cfg.py": "# Settings.\n\nWAIT_SECONDS = 3\nWAIT_MORE = WAIT_SECONDS\n\n# TRIES and TRY_AGAIN.\n"
    "TRIES = 5\nTRY_AGAIN = {\n    1: 2,\n}\n",
    "m.go": "package m\n\n// Modes: ModeTwo is new.\nconst (\n\tModeOne = iota\n\tModeTwo\n\tModeThree\n)\n",
    "o.c": "enum Color {\n    RED,\n    /* GREEN is next. */\n    GREEN,\n};\n",
    "doc.py": "# load_thing loads.\n@cached('load_thing')\n@logged(level=3)\ndef load_thing(path):\n"
    "    return open(path).read()\n\n\nclass A:\n    def close(self):\n        self.handle.close()\n\n\n"
    "class B:\n    def close(self):\n        self.handle.close()\n",
    "long.py": "".join(f"# Said before it, line {i}.\n" for i in range(150))
    + "def long_one(step):\n"
    + "".join(f"    total_{i} = weigh(step, {i})\n" for i in range(150))
    + "    return total_0\n",
    "Doc.java": "/**\n * Keeps Store things.\n */\n@Deprecated\npublic class Store {\n"
    '    @Route("send")\n    public void send() { x(); y(); }\n}\n',
    "src/net/ops.py": "class Money:\n    def __getitem__(self, at):\n        return at\n"
    "    def add(self, more):\n        return more\n",
    "ops.rb": "class Money\n  def <=>(other)\n    1\n  end\n  def [](at)\n    at\n  end\nend\n",
    "ops.cpp": "struct Money {\n  bool operator ==(const Money& m) const { return a == m.a; }\n  int a;\n};\n"
    'Money operator"" _eur(const char* s) { return {1}; }\n',
    "b.css": "/* .btn is a button. */\n.btn {\n  color: red;\n}\n",
    "guide.md": "# Retry guide\n\nThe Retry guide says how.\n",
    "t.kt": "class T {\n    @Test fun opens() {\n        opens()\n    }\n}\n",
    "g.go": "package m\n\nconst (\n\tX1 = iota\n\tX2, X3 = 2, 3\n)\n\ntype (\n\tOpts struct {\n\t\tDepth int\n\t}\n"
    "\tReader interface {\n\t\tReadAll() error\n\t}\n)\n",
    "twins.cc": "TEST(A, B) {\n  struct Eq {\n    bool operator()(int a) { return a; }\n"
    "    bool same(int a) { return a; }\n    bool operator()(double a) { return a; }\n  };\n"
    "  struct Other {\n    bool same(long a) { return a; }\n  };\n}\n",
    "Pretty.hs": "instance Pretty Expr where\n  render (Lit n) = show n\n  render (Neg e) = render e\n",
    "main.tf": 'resource "aws_vpc" "main" {\n  cidr = 1\n}\n',
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lines")
    with indexed(folder, FILES) as index:
        yield index


@pytest.mark.parametrize(
    ("name", "line", "column", "qualified"),
    [
        ("load_thing", 4, 5, "load_thing"),
        ("Store", 5, 14, "Store"),
        ("send", 7, 17, "Store.send"),
        ("WAIT_MORE", 4, 1, "WAIT_MORE"),
        ("TRY_AGAIN", 8, 1, "TRY_AGAIN"),
        ("ModeThree", 7, 2, "ModeThree"),
        ("GREEN", 4, 5, "Color::GREEN"),
        ("long_one", 151, 5, "long_one"),
        ("aws_vpc.main", 1, 21, "aws_vpc.main"),
        (".btn", 2, 1, ".btn"),
        ("Retry guide", 1, 3, "Retry guide"),
        ("opens", 2, 15, "T.opens"),
        ("X3", 5, 6, "X3"),
        ("Reader", 12, 2, "Reader"),
        ("ReadAll", 13, 3, "Reader.ReadAll"),
    ],
)
def test_a_name_is_shown_by_the_line_that_holds_it(index, name, line, column, qualified):
    hit = index.symbols(name)[0]
    assert (hit.line, hit.column, hit.qualified_name) == (line, column, qualified)
    assert hit.symbol in hit.title


def test_a_member_has_its_own_lines_and_a_search_shows_it_too(index):
    (member,) = index.symbols("TRY_AGAIN")
    assert (member.start_line, member.end_line) == (8, 10)
    (value,) = index.symbols("color.green")
    assert (value.start_line, value.end_line, value.definition) == (4, 4, (1, 5))
    found = index.search("TRY_AGAIN", limit=1)[0]
    assert (found.symbol, found.line, found.start_line) == ("TRY_AGAIN", 8, 1)
    tries = index.search("how many tries", limit=1, kinds=["constant"])[0]
    assert (tries.symbol, tries.line) == ("TRIES", 7)


def test_the_beginning_of_a_name_lists_each_member(index):
    assert [hit.symbol for hit in index.symbols("Mode")] == ["ModeOne", "ModeTwo", "ModeThree"]


def test_equal_bodies_are_all_listed(index):
    assert [hit.qualified_name for hit in index.symbols("close")] == ["A.close", "B.close"]


def test_a_part_says_which_and_where_the_whole_is(index):
    hits = index.search("weigh step 140 total_140", limit=3)
    part = next(hit for hit in hits if hit.symbol == "long_one")
    assert part.definition == (1, 302)
    number, count = part.part
    assert 1 < number <= count
    assert "140" in part.title


def test_no_hit_is_nothing_but_the_comment_of_a_definition(index):
    for hit in index.search("said before it line 3", limit=10):
        if hit.symbol == "long_one":
            assert hit.start_line <= 151 <= hit.end_line or hit.start_line > 151
    (hit,) = index.symbols("long_one")
    assert hit.start_line <= 151 <= hit.end_line
    assert hit.part[0] == 1


@pytest.mark.parametrize(
    "name",
    [
        *("Money.add", "Money::add", "Money/add", "Money#add", "Money->add", "money.ADD", "Money.add()"),
        *("ops.Money.add", "src.net.ops.Money.add", "net/ops/Money#add", "\\net\\Money::add"),
        *("Money.add(self, more)", "(*Money).add", "Money<T>::add", "Money.add/2", "def add"),
    ],
)
def test_a_name_is_found_in_every_spelling(index, name):
    assert index.symbols(name)[0].qualified_name == "Money.add"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *(("<=>", "ops.rb"), ("[]", "ops.rb"), ("Money#<=>", "ops.rb"), ("__getitem__", "src/net/ops.py")),
        *(("operator==", "ops.cpp"), ("operator ==", "ops.cpp"), ("Money::operator==", "ops.cpp")),
        *(('operator"" _eur', "ops.cpp"), ('operator""_eur', "ops.cpp"), ('operator ""_eur', "ops.cpp")),
    ],
)
def test_operators_are_names(index, name, path):
    assert index.symbols(name, exact=True)[0].path == path


def test_a_module_that_is_not_there_is_no_excuse_where_a_name_must_be_meant(index):
    assert [hit.qualified_name for hit in index.symbols("elsewhere.Money.add")] == ["Money.add"]
    assert index.symbols("elsewhere.Money.add", exact=True) == []


def test_names_that_are_like_it_come_where_nothing_has_just_that_name(index):
    assert [hit.symbol for hit in index.symbols("loadthng")] == ["load_thing"]
    assert [hit.symbol for hit in index.symbols("thing")] == ["load_thing"]
    assert [hit.symbol for hit in index.symbols("again")] == ["TRY_AGAIN"]
    assert [hit.qualified_name for hit in index.symbols("Mon.getit")] == ["Money.__getitem__"]
    assert [hit.symbol for hit in index.symbols("load_thing")] == ["load_thing"]
    assert [hit.symbol for hit in index.symbols("add", alike=True)] == ["add"]
    assert index.symbols("loadthng", exact=True) == []
    assert index.symbols("loadthng", languages=["go"]) == []


def test_all_members_of_one_name_answer_but_clauses_are_one(index):
    assert [hit.line for hit in index.symbols("operator()", exact=True)] == [3, 5]
    assert [hit.line for hit in index.symbols("same", exact=True)] == [4, 8]
    assert [hit.line for hit in index.symbols("render", exact=True)] == [2]

"""What a grammar cannot read swallows nothing of what follows: its definitions are found, on their lines."""

import pytest

from linear_time import assert_linear, repeated
from wherein.chunking.chunk import Chunk
from wherein.chunking.chunker import chunk
from wherein.chunking.conditionals import without_split_conditionals
from wherein.languages import registry
from wherein.languages.registry import detect

WITH_READER = [name for name in registry.names() if registry.get(name).second_reader]


def defined(path: str, text: str) -> dict[str, list[Chunk]]:
    found: dict[str, list[Chunk]] = {}
    for piece in chunk(path, text, detect(path, text)):
        for name in {piece.symbol, *piece.names} - {""}:
            found.setdefault(name, []).append(piece)
    return found


def line_of(text: str, mark: str) -> int:
    return text[: text.index(mark)].count("\n") + 1


CODE = {
    "a macro before the name of a class": (
        "a.hpp",
        """\
class SHOP_API Basket : public Container {
public:
    void add(int id) { items.push_back(id); }
};
struct SHOP_EXPORT Receipt { int total; };
class SHOP_API Till final { public: void ring() { go(); } };
class EXPORT_MACRO(core) Shelf : public Base { public: int size() { return 1; } };
enum class SHOP_API Colour : int { red, green };
class Plain final : public Base { int x; };
""",
        {
            "Basket": "class SHOP_API Basket",
            "add": "void add",
            "Receipt": "struct SHOP_EXPORT",
            "Till": "class SHOP_API Till",
            "ring": "void ring",
            "Shelf": "class EXPORT",
            "size": "int size",
            "Colour": "enum class",
            "green": "red, green",
            "Plain": "class Plain",
        },
        {"SHOP_API", "SHOP_EXPORT", "EXPORT_MACRO", "final", "core"},
    ),
    "a macro on the line before": (
        "a.hpp",
        """\
LIB_BEGIN_NAMESPACE
LIB_EXPORT
class TextStyle {
 public:
  int bold() const LIB_NOEXCEPT { return 1; }
};
LIB_EXPORT
template <typename Char> class BasicView {
  int length() const { return 1; }
};
LIB_END_NAMESPACE
""",
        {"TextStyle": "class TextStyle", "bold": "int bold", "BasicView": "template", "length": "int length"},
        {"LIB_EXPORT", "LIB_NOEXCEPT", "LIB_BEGIN_NAMESPACE"},
    ),
    "members of a class that was broken off": (
        "a.hpp",
        """\
class Basket {
  int total;
};

  public:
    /// all of it
    string_t dump(const int indent = -1,
                  const char fill = ' ') const
    {
        string_t made;
        return made;
    }

  private :
    static std::vector<std::uint8_t> packed(const Basket& one)
    {
        std::vector<std::uint8_t> made;
        return made;
    }
""",
        {"Basket": "class Basket", "dump": "string_t dump", "packed": "static std"},
        {"public", "private"},
    ),
    "a macro where a type stands": (
        "a.c",
        """\
struct __packed wire_head {
\tint a;
};
static int
internal_function
realloc_it (struct b *p)
{
  return 1;
}
DWORD WINAPI run_thread(void *x)
{
\treturn 0;
}
static NOINLINE void slow_path(void)
{
}
asmlinkage long start_up(void)
{
\treturn 0;
}
""",
        {
            "wire_head": "struct __packed",
            "realloc_it": "realloc_it",
            "run_thread": "DWORD",
            "slow_path": "static NOINLINE",
            "start_up": "asmlinkage",
        },
        {"__packed", "internal_function", "WINAPI", "NOINLINE"},
    ),
    "macro calls on lines of their own": (
        "a.c",
        """\
EXPORT_THIS(first)
EXPORT_THIS(second)
DECLARE_SLOT(a)
static int
after_slots(void)
{
\treturn 1;
}
MODULE_THING(x)

int after_macros(int a)
{
\tLOOP(a, 3) {
\t\tgo();
\t}
\treturn a + 1;
}
""",
        {"after_slots": "after_slots", "after_macros": "int after_macros"},
        {"EXPORT_THIS", "DECLARE_SLOT", "MODULE_THING", "LOOP", "first", "second"},
    ),
    "functions that a macro call makes": (
        "a.c",
        """\
DEFINE_HANDLER(on_open)
{
\treturn 1;
}

SYSCALL_DEFINE2(read_all, int, fd, char *, buffer)
{
\treturn fd;
}

int plain(void)
{
\treturn 0;
}
""",
        {"on_open": "DEFINE_HANDLER", "read_all": "SYSCALL_DEFINE2", "plain": "int plain"},
        {"int"},
    ),
    "halves that split a brace or a head": (
        "a.c",
        """\
static int drain(struct queue *q)
{
\tint i;
#if defined(FAST)
\tfor (i = 0; i < 3; i++) {
#else
\tfor (i = 0; i < 9; i++) {
#endif
\t\tpop(q);
\t}
\treturn 0;
}

#ifdef WIDE
static int open_it(int mode)
#else
int open_other(int mode, int flags)
#endif
{
\treturn mode;
}

#if A
int both(void) { return 1; }
#else
int both(long x) { return 2; }
int only_here(void) { return 3; }
#endif
int last(void) { return 4; }
""",
        {
            "drain": "static int drain",
            "open_it": "static int open_it",
            "open_other": "int open_other",
            "both": "int both(void)",
            "only_here": "int only_here",
            "last": "int last",
        },
        {"for", "if"},
    ),
    "modules, sections of Qt, macros among parameters": (
        "a.cpp",
        """\
export module shop;
import std;
export int total(int a) { return a; }
export template <typename T> T twice(T a) { return a + a; }
class Window : public QWidget {
    Q_OBJECT
public slots:
    void onClick() { emit changed(); }
signals:
    void changed();
};
void SHOP_INLINE Till::reset(const Key& key SHOP_LIFETIME, char* shop_nonnull text) { go(); }
SHOP_FLAG(int, shop_level, {}, "a; b");
struct Pair {
  Pair() noexcept(noexcept(Base())) : Base() {}
  operator std::map<int, Text>() const { return {}; }
  int(max)() const { return 1; }
};
""",
        {
            "total": "export int total",
            "twice": "export template",
            "Window": "class Window",
            "onClick": "void onClick",
            "reset": "void SHOP_INLINE",
            "Pair": "struct Pair",
            "operator std::map<int,Text>": "operator std",
            "max": "int(max)",
        },
        {"SHOP_FLAG", "SHOP_INLINE", "shop_nonnull", "Q_OBJECT", "emit"},
    ),
    "types on a line of their own, which are written as macros are": (
        "a.c",
        """\
VALUE
first_one(VALUE self, int (*of)(int)) {
#ifdef FAST
  if (self) {
#else
  if (!self) {
#endif
    go();
  }
  return self;
}
BOOL_T
second_one(a, b)
  int a;
  char *b;
{
  return 1;
}
SLOW_PATH
static int third_one(int a) { return 2; }
""",
        {"first_one": "VALUE", "second_one": "second_one(a", "third_one": "static int"},
        {"VALUE", "BOOL_T", "SLOW_PATH", "if"},
    ),
    "functions that macros make in C++": (
        "a.cpp",
        """\
namespace shop {
TEST_F(BasketTest, HoldsWhatIsAdded) {
  EXPECT_EQ(1, 1);
}
ACTION_P(Plus, n) { return arg0 + n; }
TEST_CASE("what a basket holds", "[basket]") {
  REQUIRE(true);
}
extern "C" void SHOP_SYMBOL(TraceIt)(const void* at) { go(at); }
}
int after() { return 1; }
""",
        {
            "HoldsWhatIsAdded": "TEST_F",
            "Plus": "ACTION_P",
            "TraceIt": "extern",
            "what a basket holds": "TEST_CASE",
            "after": "int after",
        },
        {"TEST_F", "ACTION_P", "SHOP_SYMBOL", "TEST_CASE"},
    ),
    "halves that split a head in C#": (
        "a.cs",
        """\
namespace Shop
{
#if NET8
    public partial class Till : ITill
#else
    public partial class Till
#endif
    {
        [Obsolete("no")]
#if ASYNC
        public async Task<int> Ring(int a)
        {
#else
        public int Ring(int a)
        {
#endif
            if (a > 1) { return 2; }
            return 1;
        }
        public static implicit operator Money(Till a) => null;
        int After<T>(T a) where T : class
        {
            return 3;
        }
    }
}
""",
        {
            "Till": "public partial",
            "Ring": "public async",
            "operator Money": "public static implicit",
            "After": "int After",
        },
        {"if", "return"},
    ),
}


@pytest.mark.parametrize("kind", CODE)
def test_definitions_are_found_behind_and_in_it(kind: str) -> None:
    path, text, expected, absent = CODE[kind]
    found = defined(path, text)
    assert not absent & found.keys()
    for name, mark in expected.items():
        line = line_of(text, mark)
        assert any(piece.start_line <= line <= piece.end_line for piece in found.get(name, [])), (name, found)


def test_a_function_that_follows_is_not_in_the_one_that_could_not_be_read() -> None:
    text = "int broken(void)\n{\n\tif (a) {\n\treturn 1;\n}\n\nint whole(void)\n{\n\treturn 2;\n}\n"
    found = defined("a.c", text)
    assert [piece.symbol for piece in found["whole"]] == ["whole"]
    assert found["whole"][0].end_line == 10


def test_what_the_first_reading_knew_is_kept() -> None:
    whole = "struct node { int a; };\nint first(void) { return 1; }\nenum kind { ONE, TWO };\n"
    found = defined("a.c", whole + "EXPORT(x)\nint second(void) { return 1; }\n@@@ ###\n")
    assert {"node", "first", "kind", "ONE", "TWO", "second"} <= found.keys()


def test_a_conditional_around_what_is_whole_is_left_alone() -> None:
    text = b"#if A\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif\n"
    assert without_split_conditionals(text) == (text, [])


def test_of_a_split_conditional_one_half_is_kept_and_every_byte_has_its_place() -> None:
    text = "é(\n#if 0\nno {\n#else\nyes {\n#endif\n'\"' /* #if */ }\n)".encode()
    made, halves = without_split_conditionals(text)
    assert len(made) == len(text)
    assert made.count(b"\n") == text.count(b"\n")
    assert made.split() == [*"é( yes { '\"' /* #if */ } )".encode().split()]
    assert [text[start:stop].strip() for start, stop in halves] == [b"no {"]


TOKENS = [
    *[
        "a ",
        "AAA ",
        "a.",
        "a(",
        "a()",
        "A(x)\n",
        "(((",
        "()",
        "((a)",
        "a b(\n",
        "a b(c,",
        "a b(c) d;",
        "a b(c) d; e; f; g;\n",
    ],
    *[
        "\n",
        " ",
        "\t\n",
        "class a ",
        "class A : b\n",
        "struct a",
        "a<",
        "a::b ",
        ") AAA",
        ")AAA()",
        "__attribute__((a)",
    ],
    *[
        "template <a> ",
        "#if X\n",
        "#if X\n{\n#else\n(\n#endif\n",
        "#if 0\n(\n#endif\n}",
        '"\\',
        "'\\",
        "/*",
        "}{",
        "[a ",
        "- (a)b:",
    ],
    *[
        "fun a",
        "fn a",
        "def a\n",
        "function a",
        "@a ",
        "public a ",
        "operator ",
        "~a ",
        "[[a]] ",
        "(a)(b) ",
        "A a::b(",
        "\nA A::A",
        "\nA A::A( // ",
        "\nA /*",
        "\nA // ",
        "\nA //\nA ",
        "\ntemplate <",
        "\nA a::b(c) : ",
        "a::",
        "\nAAA AAA ",
        ")\nAAA(a) ",
        "-> decltype(",
        "extern template ",
        "a *\n",
        "a\n*\n",
        "a*",
        "int a ",
    ],
]


@pytest.mark.parametrize("name", WITH_READER)
def test_no_rule_takes_longer_than_in_proportion(name: str) -> None:
    reader = registry.get(name).second_reader
    assert reader is not None

    def read(text: str) -> None:
        for rule in reader.rules:
            for _ in rule.pattern.finditer(text.encode()):
                pass
        starts = [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n")]
        for _, head in reader.heads:
            for start in starts:
                head.match(text, start)
        if reader.conditionals:
            without_split_conditionals(text.encode())

    for token in TOKENS:
        assert_linear(read, repeated(token), size=10_000, quick=0.1)


def test_items_in_a_macro_on_one_line_are_all_found() -> None:
    text = """\
cfg_if! { if #[cfg(unix)] { pub fn opened() -> i32 { 1 } pub struct Handle; } else { fn closed() { x() } } }

fn last() { assert!({ let unsaid = 1; true }); }
"""
    found = defined("a.rs", text)
    assert {"opened", "Handle", "closed", "last"} <= found.keys()
    assert "unsaid" not in found


def test_operators_that_are_declared_only_are_found_where_they_are_declared() -> None:
    text = """\
struct V {
  V operator+(const V& o) const;
  int& operator[](int i);
  explicit operator bool() const;
  friend std::ostream& operator<<(std::ostream& o, const V& v);
};
bool operator<(const V& a, const V& b);
"""
    assert {"operator+", "operator[]", "operator bool", "operator<<", "operator<"} <= defined(
        "a.hpp", text
    ).keys()


def test_functions_that_return_pointers_to_pointers_are_found_however_deep() -> None:
    c = "char **two() { }\nchar ***three(void)\n{\n}\nchar ****four() { }\nint (*row(void))[3] { }\n"
    assert {"two", "three", "four", "row"} <= defined("a.c", c).keys()
    cpp = "struct S {\n  char **m() { }\n  char ***n() { }\n  char **&o() { }\n  char *&p() { }\n};\n"
    assert {"m", "n", "o", "p", "k", "l"} <= defined(
        "a.cpp", cpp + "char ***S::k() { }\nchar *&S::l() { }\n"
    ).keys()


def test_the_other_half_of_a_conditional_of_haskell_is_read() -> None:
    text = """\
module A where

#ifdef SMALL
import B (Year)
painted :: String -> String
painted = id
#else
import C
type Year = Integer

painted :: String -> String
painted = coloured

only :: Int
only = 1
#endif
last' = 2
"""
    found = defined("a.hs", text)
    assert {"Year", "only", "last'"} <= found.keys()
    assert [piece.start_line for piece in found["painted"]] == [5, 11]


def test_a_function_of_c_whose_pointer_type_stands_on_the_line_above_is_found_behind_what_is_misread() -> (
    None
):
    text = """\
u_char * lib_cdecl
lib_sprintf(u_char *buf, const char *fmt, ...)
{
    u_char   *p;
    va_list   args;

    va_start(args, fmt);
    p = lib_vslprintf(buf, (void *) -1, fmt, args);

    return p;
}

u_char *
lib_vslprintf(u_char *buf, u_char *last, const char *fmt, va_list args)
{
    u_char                *p, zero;
    int                    d;

    while (*fmt && buf < last) {
        if (*fmt == '%') {
            continue;
        }
    }

    return buf;
}
"""
    assert [piece.start_line for piece in defined("a.c", text)["lib_vslprintf"]] == [
        line_of(text, "u_char *\n")
    ]

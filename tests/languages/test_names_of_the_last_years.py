"""What a language of today defines has its name, its kind and its lines; what only looks like a definition has none."""

import pytest

from wherein.chunking.chunker import chunk

SAMPLES: dict[str, tuple[str, dict[str, tuple[str, int]], set[str]]] = {
    "what an export takes apart": (
        "a.ts",
        """\
const { imported } = require("./made");
export const { handlers, signIn: login, auth = none, ...others } = NextAuth({
  providers: [GitHub],
});
export const [open, setOpen] = createSignal(false);
""",
        {
            "handlers": ("constant", 2),
            "login": ("", 2),
            "auth": ("", 2),
            "others": ("", 2),
            "setOpen": ("", 5),
        },
        {"imported", "signIn", "none"},
    ),
    "accessors, parameters that are fields, what a namespace holds": (
        "b.ts",
        """\
abstract class Shelf {
  abstract accessor width: number;
  constructor(
    private readonly http: Http,
    readonly log: Log,
    plain: number,
  ) {}
}
export namespace Config {
  export const port = 1;
}
declare global {
  var prisma: Client | undefined;
}
""",
        {"width": ("", 2), "http": ("", 4), "log": ("", 5), "port": ("", 10), "prisma": ("", 13)},
        {"accessor", "plain"},
    ),
    "accessors of JavaScript": (
        "a.js",
        "class Shelf {\n  @reactive() accessor width = 1;\n  static accessor #made = 2;\n  put() {}\n}\n",
        {"width": ("", 2), "#made": ("", 3), "put": ("method", 4)},
        {"accessor"},
    ),
    "assignments one in another": (
        "a.js",
        """\
a.on = a.addListener = function (x) {
  return x;
};
exports.Shelf = Store = class {
  put() {}
};
const made = exports.first = exports.second = () => 1;
var one = 1, two = exports.third = function () {};
module.left = right = other();
""",
        {
            **{"a.on": ("function", 1), "addListener": ("", 1), "Shelf": ("class", 4), "Store": ("", 4)},
            **{"Shelf.put": ("method", 5), "made": ("function", 7), "first": ("", 7), "second": ("", 7)},
            **{"one": ("constant", 8), "two": ("", 8)},
        },
        {"left", "right"},
    ),
    "components of records": (
        "A.java",
        "record Pair<A>(@NotNull A left, String... rest) {}\n\nenum Kind {\n  ONE;\n  private int code;\n}\n",
        {"Pair": ("class", 1), "left": ("", 1), "rest": ("", 1), "code": ("", 5)},
        {"A"},
    ),
    "properties of records, and blocks that extend a type": (
        "a.cs",
        """\
namespace Shop;

public record Money(decimal Amount, string Currency = "EUR");
public class Plain(int size) { }
public static class Texts
{
    extension(string text)
    {
        public bool IsBlank => text.Length == 0;
        public int CountOf(char c)
        {
            return 1;
        }
    }

    extension<T>(IEnumerable<T> source) where T : notnull
    {
        public IEnumerable<T> Kept(Func<T, bool> test)
        {
            return source;
        }
    }

    extension(Money)
    {
        public static Money Zero() => new(0);
    }
}
public class After { }
""",
        {
            **{"Amount": ("", 3), "Currency": ("", 3), "Shop.Texts": ("class", 5), "IsBlank": ("", 9)},
            **{"Shop.Texts.CountOf": ("method", 10), "Shop.Texts.Kept": ("method", 18)},
            **{"Shop.Texts.Zero": ("method", 26), "Shop.After": ("class", 29)},
        },
        {"extension", "size", "get", "Shop.Texts.extension"},
    ),
    "what Rust implements for any type of a trait, and takes from C": (
        "a.rs",
        """\
pub trait Shape {
    type Out<'a>;
    fn area(&self) -> f64;
}
impl dyn Shape {
    pub fn named(&self) -> &str {
        "shape"
    }
}
impl dyn Shape + Send {
    fn sent(&self) {}
}
impl<T> Seen for *const T {
    fn seen(&self) {
        todo!()
    }
}
extern "C" {
    fn strlen(text: *const c_char) -> usize;
}
pub macro made($x:expr) {
    $x
}
""",
        {
            **{
                "Out": ("", 2),
                "Shape::named": ("method", 6),
                "sent": ("method", 11),
                "T::seen": ("method", 14),
            },
            **{"strlen": ("", 19), "made": ("macro", 21)},
        },
        set(),
    ),
    "variables of C++ with types for parameters, and operators by default": (
        "a.cpp",
        "A& A::operator=(A&&) noexcept = default;\ntemplate <class T>\ninline constexpr bool is_a = false;\n",
        {"A::operator=": ("method", 1), "is_a": ("constant", 3)},
        set(),
    ),
    "operators of Haskell that name types, patterns of several arguments": (
        "A.hs",
        """\
module A where

data a :<|> b = a :<|> b

type f ~> g = forall x. f x -> g x

data Cart = Cart { items :: [Int] }

pattern Pair x y = (x, y)

pattern x :> xs <- (x, xs)

pattern Both {one, two} = (one, two)

(f . g) x = f (g x)

class a <: b where
  up :: a -> b

emptied c = c { items = [] }
""",
        {
            **{":<|>": ("struct", 3), "~>": ("type", 5), "items": ("", 7), "Pair": ("function", 9)},
            **{":>": ("function", 11), "Both": ("function", 13), "one": ("", 13), ".": ("function", 15)},
            **{"<:": ("trait", 17), "emptied": ("function", 20)},
        },
        set(),
    ),
    "names in quotes, constants and errors of Zig": (
        "a.zig",
        """\
pub const Config = struct {
    pub const default_port: u16 = 80;
    const Self = @This();
    port: u16,
    pub fn @"continue"(self: Self) void {}
};
const Broken = error{ Eof, Invalid };
pub fn @"a name"() void {}
""",
        {
            **{"default_port": ("", 2), "Config.continue": ("method", 5), "Eof": ("", 7), "Invalid": ("", 7)},
            "a name": ("function", 8),
        },
        {"Self", 'name"'},
    ),
    "tests of Scala without braces": (
        "a.scala",
        "class Adds extends munit.FunSuite:\n"
        '  test("adds"):\n    assertEquals(1, 1)\n  test("later".ignore) {\n    ()\n  }\n',
        {"Adds.adds": ("method", 2), "Adds.later": ("method", 4)},
        set(),
    ),
    "types of Luau": (
        "a.luau",
        """\
--!strict
export type Point<T> = {
  x: T,
  y: T?,
}
type Called = (number) -> string

local function inner<T>(x: { T }): { [string]: T }
  for _, v in x do
    if v then continue end
  end
  return {} :: any
end
""",
        {"Point": ("type", 2), "Called": ("type", 6), "inner": ("function", 8)},
        {"export", "type"},
    ),
    "types of Teal": (
        "a.tl",
        """\
local record Point
  x: number
end

local enum Color
  "red"
end

global function made<T>(x: T): T, string
  return x as T, "a"
end

function Point:moved(dx: number): Point
  return self
end
""",
        {
            **{"Point": ("struct", 1), "Color": ("enum", 5), "made": ("function", 9)},
            **{"Point.moved": ("function", 13)},
        },
        {"record"},
    ),
    "fields behind properties of Kotlin": (
        "a.kt",
        """\
class Model {
    val city: StateFlow<String>
        field = MutableStateFlow("")
    val after = 1
    fun String.put(): Int { return length }
}
val String.shown: Char get() = this[length - 1]
""",
        {
            "city": ("", 2),
            "after": ("", 4),
            "Model.String.put": ("method", 5),
            "String.shown": ("function", 7),
        },
        {"field"},
    ),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_what_is_defined_is_named(kind: str) -> None:
    path, text, expected, absent = SAMPLES[kind]
    found: dict[str, tuple[str, int]] = {}
    for each in chunk(path, text):
        found |= dict(zip(each.names, (("", line) for line in each.name_lines), strict=True))
    for each in chunk(path, text):
        found.setdefault(each.symbol, (each.kind, each.line))
        found[each.qualified_name] = (each.kind, each.line)
    assert {name: found.get(name) for name in expected} == expected
    assert not absent & found.keys()


def test_a_field_that_is_set_is_defined_elsewhere() -> None:
    chunks = chunk("A.hs", SAMPLES["operators of Haskell that name types, patterns of several arguments"][1])
    assert [each.symbol for each in chunks if "items" in each.names] == ["Cart"]


SHELL = """\
usage() {
  cat <<'TEXT' | sed 's/a/b/'
Usage: made
TEXT
  case "$1" in
    a) one ;;
    *) two ;;&
  esac
  coproc READER { cat; }
  echo 1
}
after() {
  :
}
"""


@pytest.mark.parametrize("unread", ["coproc READER { cat; }", "if (( $+commands[brew] )) { brew }"])
def test_a_text_at_the_margin_ends_no_function_of_a_shell(unread: str) -> None:
    text = SHELL.replace("coproc READER { cat; }", unread)
    found = {each.symbol: (each.start_line, each.end_line) for each in chunk("a.sh", text)}
    assert found == {"usage": (1, 11), "after": (12, 14)}


def test_a_process_beside_a_shell_ends_no_function() -> None:
    text = "usage() {\n  coproc READER { cat; }\n  cat <<EOF\nUsage\nEOF\n}\nafter() {\n  :\n}\n"
    found = {each.symbol: (each.start_line, each.end_line) for each in chunk("a.sh", text)}
    assert found == {"usage": (1, 6), "after": (7, 9)}

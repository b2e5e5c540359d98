"""A line that no grammar reads, as somebody types it, hides no definition of the rest of its file."""

import time

import pytest

from wherein.chunking import chunker, definitions
from wherein.chunking.chunker import chunk
from wherein.languages import registry
from wherein.languages.registry import detect
from wherein.parsing import bounded

JAVA = """\
package a;

public class Basket<T> {
    private final int size;
%s
    public Basket(int size) {
        this.size = size;
    }
    @Override
    public <K> List<K> items(Map<String, List<K>> of, int... more) throws IOException {
        if (size > 0) {
            return of.get("a");
        }
        return null;
    }
    int total() { return size; }
    interface Seen {
        void seen(int what);
    }
    enum Colour { RED }
    record Point(int x, int y) { }
}
"""
SCRIPT = """\
import x from "x"
%s
export default async function load(a, b = (1, 2)) {
  return a
}
export class Basket extends Base {
  static async *each(a, { b }) {
    if (a) {
      go(b)
    }
  }
  #hidden() {
    return 1
  }
  onClick = async (event) => {
    this.go()
  }
}
export const render = (c) => {
  return c
}
describe("a basket", () => {
  it('adds (one)', () => {
    expect(1).toBe(1)
  })
})
"""
CODE = {
    "a.java": (
        JAVA,
        ["Basket", "items", "total", "Seen", "seen", "Colour", "Point"],
    ),
    "a.js": (SCRIPT, ["load", "Basket", "each", "#hidden", "onClick", "render", "a basket", "adds (one)"]),
    "a.ts": (
        SCRIPT
        + """\
export interface Shelf<T = unknown> {
  at(i: number): T
}
export abstract class Till<T> {
  protected ring(a: Map<string, T>, b?: () => void): Promise<void> {
    return go()
  }
}
export type Price = number
const enum Colour { Red }
namespace inner {
  export function deep(): void { }
}
""",
        ["load", "each", "onClick", "adds (one)", "Shelf", "Till", "ring", "Price", "Colour", "deep"],
    ),
    "a.go": (
        """\
package a

%s
type Store struct {
	items []int
}

type Reader[T any] interface {
	Read() T
}

func (s *Store) Get(k string) error {
	return nil
}

func Map[T, U any](a []T, f func(T) U) []U {
	return nil
}
""",
        ["Store", "Reader", "Get", "Map"],
    ),
    "a.php": (
        """\
<?php
namespace App;
%s
final class Cart extends Base
{
    public static function &build(array $a = []): self
    {
        return new self();
    }
    abstract protected function total(): int;
}
interface Seen { function seen(); }
enum Suit: string { case A = 'a'; }
trait Walks { }
function helper($x) {
    return $x;
}
""",
        ["Cart", "build", "total", "Seen", "seen", "Suit", "Walks", "helper"],
    ),
    "a.rb": (
        """\
module Shop
  class Cart < Base
%s
    def total
      items.sum
    end
    def self.build(args)
      new(args)
    end
    private def empty?
      true
    end
    def <=>(other)
      1
    end
  end
end
describe Cart do
  it "adds one" do
    expect(1)
  end
end
""",
        ["Shop", "Cart", "total", "build", "empty?", "<=>", "adds one"],
    ),
    "a.lua": (
        """\
local M = {}
%s
function M.total(c)
  return c
end
local function helper(a)
  return a
end
M.walk = function(a)
  return a
end
T["win"]["opens"] = function()
  return 1
end
return M
""",
        ["total", "helper", "walk", "opens"],
    ),
    "a.ex": (
        """\
defmodule Shop.Cart do
%s
  def total(cart) do
    Enum.sum(cart)
  end
  defp empty?(cart), do: cart == []
  defmacro twice(x) do
    x
  end
  test "adds one, at/2" do
    assert 1
  end
end
defprotocol Seen do
  def seen(x)
end
""",
        ["Cart", "total", "empty?", "twice", "adds one, at/2", "Seen", "seen"],
    ),
    "a.scala": (
        """\
package shop
%s
sealed trait Item {
  def price: Int
}
case class Cart[A](items: List[A]) {
  private[shop] override def total(using x: Int): Int = {
    1
  }
  def ++(other: Cart[A]) = this
}
object Cart {
  implicit val a = 1
  type Id = Int
}
enum Colour { case Red }
""",
        ["Item", "price", "Cart", "total", "++", "Id", "Colour"],
    ),
    "a.swift": (
        """\
import Foundation
%s
public final class Cart: Base {
    public init?(a: Int) {
        go()
    }
    deinit { stop() }
    @discardableResult
    public static func make<T>(a: T) throws -> Cart {
        return Cart(a: 1)!
    }
    class func shared() -> Cart { c }
    subscript(i: Int) -> Int { 1 }
    var total: Int {
        return 1
    }
}
public protocol Seen { func seen() }
extension Cart: Seen {
    func seen() { }
}
actor Till { func ring() { } }
indirect enum Tree { case leaf }
struct Point { let x: Int }
""",
        [
            *["Cart", "init", "deinit", "make", "shared", "subscript", "total", "Seen", "seen"],
            *["Till", "ring", "Tree", "Point"],
        ],
    ),
    "a.zig": (
        """\
const std = @import("std");
%s
pub const Cart = struct {
    items: []u8,
    pub fn total(self: *Cart) u8 {
        return 1;
    }
};
const Colour = enum { red };
pub export fn main() void {
}
test "adds one" {
    try go();
}
""",
        ["Cart", "total", "Colour", "main", "adds one"],
    ),
    "a.kt": (
        """\
package a
%s
class Cart(val items: List<Int>) {
  constructor() : this(listOf())
  override val total: Int
    get() = items.sum()
  @Test fun `adds one`() {
    go()
  }
}
internal expect fun Map<String, Int>.first(a: Int): Int
typealias Id = Int
""",
        ["Cart", "constructor", "total", "adds one", "first", "Id"],
    ),
    "a.bats": (
        """\
#!/usr/bin/env bats
%s
helper() {
  echo "1"
}
@test "adds one" {
  run helper
  [ "$output" = "1" ]
}
""",
        ["helper", "adds one"],
    ),
}
ERRORS = [
    "    @@ (( <-> [",
    "    x ?? { ]] )",
    "    $~ `a` )( ;",
    "    case } else <> {{ ((",
    '    say("open',
]


def names(path: str, text: str) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for piece in chunk(path, text, detect(path, text)):
        for name in {piece.symbol, *piece.names} - {""}:
            found.setdefault(name, []).append((piece.start_line, piece.end_line))
    return found


@pytest.mark.parametrize("path", CODE)
def test_what_stands_around_an_error_is_found(path: str) -> None:
    text, expected = CODE[path]
    whole = names(path, text.replace("%s\n", ""))
    assert set(expected) <= set(whole)
    for error in ERRORS:
        found = names(path, text.replace("%s", error))
        assert set(expected) <= set(found), (error, found)
        broken = text.replace("%s", error).split("\n")
        for name in expected:
            assert any(name in line for start, stop in found[name] for line in broken[start - 1 : stop])


@pytest.mark.parametrize("path", CODE)
def test_what_no_parser_bears_is_told_by_its_lines(path, monkeypatch):
    def ask(*_):
        raise bounded.GaveUp

    text, expected = CODE[path]
    monkeypatch.setattr(bounded, "ask", ask)
    cut = chunker.cut(path, text.replace("%s\n", ""))
    assert cut.gave_up
    assert set(expected) <= {name for piece in cut.chunks for name in (piece.symbol, *piece.names)}
    lines = [line for piece in cut.chunks for line in range(piece.start_line, piece.end_line + 1)]
    assert lines == list(range(1, text.replace("%s\n", "").count("\n") + 1))


def test_every_language_with_a_grammar_for_code_says_how_its_definitions_begin():
    without = {
        name
        for name in registry.names()
        if registry.get(name).chunker == "definitions"
        and not (registry.get(name).second_reader and registry.get(name).second_reader.heads)
    }
    assert without == set()


def test_a_text_of_several_lines_beside_an_error_defines_nothing():
    text = (
        "const a = `\nfunction not_one() {\n}\n`\nfunction one() { }\n    @@ (( <-> [\nfunction two() { }\n"
    )
    assert {"one", "two"} <= set(names("a.js", text))
    assert "not_one" not in names("a.js", text)


@pytest.mark.parametrize("annotations", ["@DslMarker\n", '@A\n@B(1, c = arrayOf("("))\n', "@A ", "@[A B]\n"])
@pytest.mark.parametrize(
    "head",
    ["annotation class It", "expect object It { }", "enum class It { X }", "fun It() = 1"],
)
def test_annotations_on_lines_of_their_own_belong_to_what_is_below(annotations, head):
    text = f"package a\n\nimport b.C\n\n{annotations}{head}\n\n@X\nannotation class Last\n"
    found = names("a.kt", text)
    assert found["It"][0][0] == 5
    assert found["Last"] == [(7 + annotations.count("\n"), 8 + annotations.count("\n"))]


def test_telling_definitions_by_lines_takes_twice_as_long_for_twice_the_text():
    def seconds(rows: int) -> float:
        began = time.process_time()
        definitions.chunk("a?b:\n" * rows, registry.get("elixir"), parsed=False)
        return time.process_time() - began

    seconds(10)
    assert seconds(16_000) < 1.5  # 0.2; to parse so many empty lines takes Elixir's grammar 8

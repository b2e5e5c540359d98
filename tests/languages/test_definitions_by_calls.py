"""What Ruby, Lua and Elixir define by a call or an assignment is found by its name."""

import pytest

from wherein.chunking.chunker import chunk
from wherein.languages.registry import detect

RUBY = [
    ("class A\n  define_method :go, instance_method(:x)\nend", "go"),
    ("class A\n  define_method(:go, &block)\nend", "go"),
    ("class A\n  self.define_singleton_method(:go) { 1 }\nend", "go"),
    ("A.define_method(:go) { 1 }", "go"),
    ("klass.send(:define_method, :go) { 1 }", "go"),
    ("class A\n  attr_writer 'go'\nend", "go"),
    ("class A\n  attr :go\nend", "go"),
    ("class A\n  cattr_accessor :a, :go\nend", "go"),
    ("class A\n  class_attribute :go\nend", "go"),
    ("class A\n  alias_method 'go', 'stop'\nend", "go"),
    ("Point = Struct.new(:go, :b, keyword_init: true)", "go"),
    ("Point = Data.define(:go) do\n  def z; end\nend", "go"),
    ("class Point < Struct.new(:go)\n  def x; end\nend", "go"),
    ("A::Go = Class.new(B) do\n  def x; end\nend", "Go"),
    ("class A\n  enum :go, [:a, :b]\nend", "go"),
    ("class A\n  GO ||= 3\nend", "GO"),
    ("it 'x' do\n  k = Class.new do\n    def go; end\n  end\nend", "go"),
]
LUA = [
    ("local a, go = function() end, function() end", "go"),
    ("M.a, M.go = function() end, function() end", "go"),
    ("local M = {\n  a = {\n    go = function(self) end,\n  },\n}", "go"),
    ("encoders[TAG.INTEGER] = function(v) end", "INTEGER"),
    ("local M = setmetatable({}, { go = function() end })", "go"),
]
ELIXIR = [
    ("defmodule A do\n  defmacro a <~> b do\n  end\nend", "<~>"),
    ("defmodule A do\n  defmacro a |> b when b do\n    1\n  end\nend", "|>"),
    ("defmodule A do\n  Record.defrecord :go, a: 1\n  defrecordp :stop, a: 1\nend", "go"),
    ("defmodule :go do\n  def x, do: 1\nend", "go"),
    ("defmodule A do\n  defdelegate(go(x, y \\\\ 1), to: B, as: :z)\nend", "go"),
    (
        "defmodule A do\n  defmacro __using__(_) do\n    quote do\n      def go(x), do: x\n    end\n  end\nend",
        "go",
    ),
]


@pytest.mark.parametrize(
    ("path", "code", "name"),
    [(f"a.{end}", *each) for end, cases in (("rb", RUBY), ("lua", LUA), ("ex", ELIXIR)) for each in cases],
)
def test_it_is_found_by_its_name(path: str, code: str, name: str) -> None:
    pieces = chunk(path, f"{code}\n", detect(path, code))
    assert name in {name for piece in pieces for name in (piece.symbol, *piece.names)}

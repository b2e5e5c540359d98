"""One snippet a language that is cut by the patterns of its .toml, and the names that must be found in it."""

import re

import pytest

from wherein.chunking import chunker
from wherein.languages import registry

SNIPPETS = {
    "asciidoc": ("= Guide\n\na\n\nb\n\nc\n\n== Install\n\na\n\nb\n\nc\n", ["Guide", "Guide > Install"]),
    "assembly": ("_start:\n  mov eax, 1\n.macro push2 a\n.endm\n", ["_start", "push2"]),
    "batch": ("@echo off\n:build\ncall x\n:end\n", ["build", "end"]),
    "clojure": ("(ns app.core)\n(defn- ^:x add [a]\n  a)\n(defmacro m [])\n", ["app.core", "add", "m"]),
    "cmake": ("function(add_it name)\nendfunction()\nadd_library(core STATIC a.c)\n", ["add_it", "core"]),
    "dart": (
        "class A extends B {\n  A(this.x);\n  @override\n  Widget build(Context c) {\n    return f(\n  }\n}\n"
        "void main() {\n",
        ["A", "A.build", "main"],
    ),
    "diff": ("diff --git a/x.py b/x.py\n+a\ndiff --git a/y.py b/y.py\n" + "+a\n" * 20, ["x.py", "y.py"]),
    "elisp": ("(defun my-add (a)\n  a)\n(defcustom my-x 1)\n", ["my-add", "my-x"]),
    "erlang": (
        "-module(m).\n%% Adds.\nadd(A, 0) ->\n  A;\nadd(A, B) ->\n  A + B.\nsub(A) -> A.\n",
        ["m", "add", "sub"],
    ),
    "fish": ("function greet --description 'x'\n  echo\nend\n", ["greet"]),
    "fortran": (
        "module m\n  real function area(r)\n  end function area\n  subroutine s()\n",
        ["m", "m.area", "m.s"],
    ),
    "fsharp": (
        "module App\nlet add a b =\n    a + b\ntype T() =\n    member this.Run() = 1\n",
        ["App", "add", "T", "Run"],
    ),
    "graphql": (
        "type User {\n  id: ID\n}\nextend interface Node {\n}\nquery Me {\n}\n",
        ["User", "Node", "Me"],
    ),
    "groovy": ("class A {\n  void run(int x) {\n  }\n}\ntask build {\n}\n", ["A", "A.run", "build"]),
    "julia": (
        "module M\nfunction f!(x)\nend\ng(x) = x\nstruct P\nend\nmacro m(e)\n",
        ["M", "f!", "g", "P", "m"],
    ),
    "just": ("version := '1'\n\n# Run tests.\ntest *args: build\n  pytest\n", ["version", "test"]),
    "latex": ("\\chapter{One}\na\n\nb\n\nc\n\n\\section{Two}\na\n\nb\n\nc\n", ["One", "One > Two"]),
    "lisp": ("(defpackage :app)\n(defun add (a)\n  a)\n(defclass p () ())\n", ["app", "add", "p"]),
    "nix": ("{\n  services.x = {\n  };\n}\n", ["services.x"]),
    "ocaml": (
        "module M = struct\nend\nlet rec add a b =\n  a\ntype t = A\nval f : int\n",
        ["M", "add", "t", "f"],
    ),
    "org": ("* One\na\n\nb\n\nc\n\n** Two\na\n\nb\n\nc\n", ["One", "One > Two"]),
    "perl": ("package A::B;\nsub run {\n}\n\n=head1 NAME\n\nx\n", ["A::B", "run", "NAME"]),
    "powershell": ("function Get-Thing {\n}\nclass A {\n}\n", ["Get-Thing", "A"]),
    "prisma": ("model User {\n  id Int\n}\nenum Role {\n}\n", ["User", "Role"]),
    "protobuf": (
        "message User {\n  message Key {\n  }\n}\nservice S {\n  rpc Get(A) returns (B);\n}\n",
        ["User", "User.Key", "S", "S.Get"],
    ),
    "r": (
        "# Adds.\nadd <- function(a) {\n}\nA <- R6Class('A', list(\n  run = function() 1\n))\n",
        ["add", "A", "A.run"],
    ),
    "scheme": ("(define (add a)\n  a)\n(define x 1)\n(define-syntax m\n", ["add", "x", "m"]),
    "shader": ("struct V {\n};\nvec4 shade(vec3 n) {\n  return f(n);\n}\n", ["V", "shade"]),
    "solidity": (
        "contract A is B {\n  function run() public {\n  }\n  modifier m() {\n",
        ["A", "A.run", "A.m"],
    ),
    "terraform": (
        'resource "aws_vpc" "main" {\n}\nvariable "region" {\n}\nmodule "net" {\n}\nlocals {\n}\n',
        ["aws_vpc.main", "region", "module.net", "locals"],
    ),
    "verilog": ("module top(input a);\n  function automatic int f(int x);\n", ["top", "top.f"]),
    "vim": ("function! s:add(a) abort\nendfunction\ncommand! -nargs=1 Go call x()\n", ["s:add", "Go"]),
}


def by_pattern():
    return [name for name in registry.names() if registry.get(name).chunker == "patterns"]


def test_each_such_language_has_a_snippet_here():
    assert sorted(SNIPPETS) == by_pattern()


@pytest.mark.parametrize("name", SNIPPETS)
def test_its_definitions_are_found(name):
    text, expected = SNIPPETS[name]
    found = []
    for chunk in chunker.chunk("", text, registry.get(name)):
        found += [chunk.qualified_name, *chunk.names]
    assert [one for one in found if one] == expected


def test_a_comment_above_a_definition_belongs_to_it():
    _, second = chunker.chunk("", "sub a {\n}\n\n# Adds.\n# Twice.\nsub b {\n}\n", registry.get("perl"))
    assert (second.start_line, second.doc, second.signature) == (4, "Adds.\nTwice.", "sub b {")


def test_patterns_are_fast_on_hostile_lines():
    hostile = ["a " * 300, "(" * 500, "x" * 500 + "=", "def " + "a, " * 200, " " * 500 + "f(", "static " * 80]
    for name in by_pattern():
        for pattern in registry.get(name).patterns:
            kind, _, expression = pattern.partition(" ")
            assert kind.isalpha()
            for line in hostile:
                re.match(expression, line)

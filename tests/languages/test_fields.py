"""A field is a name of what has it: `symbol` and searches find the line that declares it."""

import pytest

from wherein.chunking.chunker import chunk

SAMPLES = {
    "a.c": "struct Shelf {\n    int width;\n};\n",
    "a.cpp": "class Shelf {\n    int width;\n};\n",
    "a.cs": "class Shelf {\n    int width;\n}\n",
    "a.go": "package a\n\ntype Shelf struct {\n\twidth int\n}\n",
    "a.hs": "module A where\n\ndata Shelf = Shelf { width :: Int }\n",
    "A.java": "class Shelf {\n    int width;\n}\n",
    "a.js": "class Shelf {\n  width = 3\n}\n",
    "a.kt": "class Shelf {\n    val width = 3\n}\n",
    "a.php": "<?php\nclass Shelf {\n    private int $width;\n}\n",
    "a.py": "class Shelf:\n    width: int = 3\n",
    "a.rs": "pub struct Shelf {\n    pub width: usize,\n}\n",
    "a.scala": "class Shelf {\n  val width = 3\n}\n",
    "a.swift": "class Shelf {\n    var width = 3\n}\n",
    "a.ts": "interface Shelf {\n  width: number\n}\n",
    "b.ts": "type Shelf = { width?: number }\n",
    "c.ts": "class Shelf {\n  private width = 3\n}\n",
    "a.tsx": "interface Shelf {\n  readonly width: number\n}\n",
    "a.zig": "const Shelf = struct {\n    width: usize,\n};\n",
}


@pytest.mark.parametrize("path", SAMPLES)
def test_a_field_is_a_name_of_what_has_it(path):
    named = {name: each.symbol for each in chunk(path, SAMPLES[path]) for name in each.names}
    assert named.get("width") == "Shelf"


def test_fields_of_what_a_function_keeps_to_itself_are_no_names():
    table = "package a\n\nfunc TestIt() {\n\ttests := []struct{ want int }{{1}}\n\t_ = tests\n}\n"
    typed = "function draw(at: { width: number }) {\n  return at.width\n}\n"
    inner = "package a\n\nfunc f() {\n\ttype local struct{ want int }\n\tuse(local{1})\n}\n"
    texts = {"a.go": table, "b.go": inner}
    assert "want" not in {
        name for path, text in texts.items() for each in chunk(path, text) for name in each.names
    }
    assert "width" not in {name for each in chunk("a.ts", typed) for name in each.names}
    (only,) = chunk("m.rs", "fn main() {\n    struct Inner { a: u8 }\n}\n")
    assert only.names == ("Inner",)

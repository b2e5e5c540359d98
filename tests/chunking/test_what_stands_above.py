"""Comments and decorators above a definition belong to it, but not those that have code of their own behind them."""

import pytest

from wherein.chunking.chunker import chunk

FIELDS = """\
class Panel {
  private shown = 0;
  @Input() name = "";
  @Input() @Required() size = 0;
  /* how many */ count = 0;
  @HostListener("click")
  @Logged() // each
  onClick() {
    this.shown += 1;
  }
}
"""
CONSTANTS = """\
#[cfg(unix)] static NAME: &str = "a";
#[inline] #[must_use]
pub fn named() -> u8 {
    1
}
"""


def test_decorated_fields_are_no_part_of_the_method_below() -> None:
    (panel, method) = chunk("a.ts", FIELDS)
    assert (panel.start_line, panel.end_line, panel.names) == (1, 5, ("shown", "name", "size", "count"))
    assert (method.symbol, method.start_line) == ("onClick", 6)


def test_a_constant_under_a_condition_is_no_part_of_the_function_below() -> None:
    found = {each.symbol: (each.start_line, each.end_line) for each in chunk("a.rs", CONSTANTS)}
    assert found == {"NAME": (1, 1), "named": (2, 5)}


@pytest.mark.parametrize("above", ["/** Goes. */\n  /* one */ x = 1;\n", "/** Goes. */ x = 1;\n"])
def test_a_comment_on_a_field_documents_no_method(above: str) -> None:
    text = f"class A {{\n  {above}  go() {{\n    return 1;\n  }}\n}}\n"
    assert [each.doc for each in chunk("a.js", text) if each.symbol == "go"] == [""]

from wherein.chunking import content
from wherein.chunking.content import without_data
from wherein.languages.registry import detect
from wherein.skips import SkipReason


def skip_by_content(path: str, text: str) -> SkipReason | None:
    return content.skip_by_content(path, text, detect(path, text))


BUNDLE = "!function(e,t){var n=e.x;return n(t)}(this,function(){});" * 200


def test_a_bundle_in_one_line_is_minified() -> None:
    assert skip_by_content("dist/app.js", BUNDLE) is SkipReason.MINIFIED
    assert (
        skip_by_content("dist/app.js", f"/*! licence */\n{BUNDLE}\n//# sourceMappingURL=app.map\n")
        is SkipReason.MINIFIED
    )


def test_prose_with_a_paragraph_a_line_is_kept() -> None:
    assert skip_by_content("a.md", "It is what people write when their editor wraps. " * 60) is None
    assert skip_by_content("a.md", "吾輩は猫である。名前はまだ無い。" * 100) is None


def test_a_program_that_embeds_data_is_kept() -> None:
    assert (
        skip_by_content("icons.py", "def f():\n    return 1\n" * 50 + f"DATA = '{'QUJD' * 5_000}'\n") is None
    )


def test_a_notebook_with_pictures_in_it_is_kept() -> None:
    assert skip_by_content("a.ipynb", '{"cells": ["' + "QUJD" * 5_000 + '"]}') is None


def test_an_empty_text_is_kept() -> None:
    assert skip_by_content("a.py", "") is None


def test_two_functions_beside_a_bundle_are_kept() -> None:
    own = "function first() { return 1 }\nfunction second() { return 2 }\n"
    assert skip_by_content("icons.js", f"{own}var data = '{BUNDLE}';\n") is None
    assert skip_by_content("a.py", f"DATA = '{'QUJD' * 5_000}'\n\n\ndef show():\n    return DATA\n") is None


def test_lines_of_data_are_left_out_of_what_is_searched_and_prose_is_not() -> None:
    prose = "It is what people write when their editor wraps. " * 60
    lines = ["x = 1", BUNDLE, prose]
    assert without_data("\n".join(lines), lines) == ["x = 1", "", prose]

from textwrap import dedent

import pytest

from wherein.chunking import chunker
from wherein.languages import registry

PARAGRAPH = "Some words.\n\nMore words.\n\nAnd more.\n\nAnd yet more.\n\n"


def cut(text):
    return chunker.chunk("", dedent(text), registry.get("markdown"))


def outline(text):
    return [(chunk.start_line, chunk.end_line, chunk.qualified_name) for chunk in cut(text)]


def test_a_section_is_named_by_its_heading_and_the_path_to_it():
    text = f"# Guide\n\n{PARAGRAPH}## Install\n\n{PARAGRAPH}### On Linux\n\n{PARAGRAPH}## Use\n\n{PARAGRAPH}"
    found = cut(text)
    assert [chunk.symbol for chunk in found] == ["Guide", "Install", "On Linux", "Use"]
    assert [chunk.qualified_name for chunk in found] == [
        "Guide",
        "Guide > Install",
        "Guide > Install > On Linux",
        "Guide > Use",
    ]
    assert {chunk.kind for chunk in found} == {"section"}


def test_setext_headings_count_and_rules_and_tables_do_not():
    text = (
        f"Title\n=====\n\n{PARAGRAPH}Part\nof two lines\n---\n\n"
        f"{PARAGRAPH}---\n\n- item\n---\n\na | b\n--|--\n"
    )
    assert [name for *_, name in outline(text)] == ["Title", "Title > Part of two lines"]


def test_a_hash_in_fenced_code_is_no_heading():
    first = "```sh\n# comment\n~~~\n# comment\n```\n\n"
    second = "~~~~\n```\n# x\n~~~\n~~~~\n\n"
    text = f"# A\n\n{PARAGRAPH}{first}{second}# B\n\n{PARAGRAPH}"
    assert [name for *_, name in outline(text)] == ["A", "B"]


def test_fences_in_lists_and_quotes_are_seen():
    text = f"# A\n\n1. do:\n   ```sh\n   x\n# comment\n   ```\n\n{PARAGRAPH}# B\n\n{PARAGRAPH}"
    assert [name for *_, name in outline(text)] == ["A", "B"]


def test_headings_in_comments_and_raw_html_are_none():
    text = f"# A\n\n{PARAGRAPH}<!-- note\n# B\n-->\n<pre>\n# C\n</pre>\n\n    # D\n\n#hashtag\n"
    assert [name for *_, name in outline(text)] == ["A"]


def test_a_heading_reads_without_its_markup():
    text = "## [`open()`](https://x.y/z) and **bold** <a name='q'></a> {#open} ##\n"
    assert [chunk.symbol for chunk in cut(text)] == ["open() and bold"]
    assert [chunk.symbol for chunk in cut("# `Vec<T>` of snake_case_name")] == ["Vec<T> of snake_case_name"]


def test_front_matter_is_no_heading_and_gives_the_title():
    text = f"---\ntitle: 'Routing'\n# comment\n---\n\n{PARAGRAPH}## Guards\n\n{PARAGRAPH}"
    assert outline(text) == [(1, 13, "Routing"), (14, 23, "Routing > Guards")]


def test_fenced_code_is_not_cut():
    code = "```\n" + "x = 1\n\n" * 100 + "```\n"
    found = cut(f"# A\n\n{PARAGRAPH * 10}{code}\n{PARAGRAPH * 10}")
    assert len(found) > 2
    inside = range(84, 84 + 200)
    assert not [chunk for chunk in found if chunk.start_line in inside]


@pytest.mark.parametrize("code", ["x = 1\n\n# no heading\n" * 1_000, ("x" * 4_000 + "\n") * 200])
def test_fenced_code_that_is_very_long_is_cut_as_other_text_is(code: str) -> None:
    found = cut(f"# A\n\n```\n{code}```\n")
    assert {chunk.symbol for chunk in found} == {"A"}
    assert max(chunk.end_line - chunk.start_line + 1 for chunk in found) <= 50


def test_a_long_section_is_cut_between_paragraphs_under_the_same_heading():
    found = cut("# A\n\n" + PARAGRAPH * 20)
    assert len(found) > 3
    assert {chunk.symbol for chunk in found} == {"A"}
    assert all(chunk.start_line % 2 == 1 for chunk in found)


def test_a_heading_with_hardly_a_text_joins_its_first_subsection():
    text = f"# Title\n\nOne line.\n\n## Install\n\n{PARAGRAPH}## Use\n\n{PARAGRAPH}"
    first, second = cut(text)
    assert (first.start_line, first.symbol, first.names) == (1, "Install", ("Title",))
    assert first.qualified_name == "Title > Install"
    assert second.qualified_name == "Title > Use"


def test_tiny_neighbours_are_gathered_but_not_across_a_parent():
    text = "# Log\n\n## 2.0\n\n- a\n\n## 1.1\n\n- b\n\n## 1.0\n\n- c\n\n# Other\n\nx\n"
    first, second = cut(text)
    assert (first.symbol, first.names) == ("2.0", ("Log", "1.1", "1.0"))
    assert second.symbol == "Other"


def test_text_before_the_first_heading_is_kept():
    found = cut(PARAGRAPH + "# A\n\n" + PARAGRAPH)
    assert [(chunk.start_line, chunk.symbol) for chunk in found] == [(1, ""), (9, "A")]


def test_windows_line_ends_change_nothing():
    text = f"# A\n\n{PARAGRAPH}```\n# x\n```\n\nB\n--\n\n{PARAGRAPH}"
    assert outline(text.replace("\n", "\r\n")) == outline(text)

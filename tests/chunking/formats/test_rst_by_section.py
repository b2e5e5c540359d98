from wherein.chunking import chunker
from wherein.languages import registry

PARAGRAPH = "Some words.\n\nMore words.\n\nAnd more.\n\n"


def cut(text):
    return chunker.chunk("", text, registry.get("rst"))


def test_levels_come_from_the_order_in_which_adornments_are_met():
    guide = f"=====\nGuide\n=====\n\n{PARAGRAPH}"
    install = f"Install\n~~~~~~~\n\n{PARAGRAPH}Linux\n=====\n\n{PARAGRAPH}"
    text = f"{guide}{install}Use\n~~~\n\n{PARAGRAPH}"
    assert [chunk.qualified_name for chunk in cut(text)] == [
        "Guide",
        "Guide > Install",
        "Guide > Install > Linux",
        "Guide > Use",
    ]


def test_transitions_tables_and_literal_text_are_no_headings():
    text = (
        f"Title\n=====\n\n{PARAGRAPH}-----\n\n{PARAGRAPH}"
        "====  ====\na     b\n====  ====\n1     2\n====  ====\n\n"
        "Code::\n\n    Not a title\n    -----------\n\n"
    )
    assert {chunk.symbol for chunk in cut(text)} == {"Title"}


def test_the_target_above_a_title_belongs_to_its_section():
    text = f"Title\n=====\n\n{PARAGRAPH}.. _install:\n\nInstall\n-------\n\n{PARAGRAPH}"
    assert [chunk.start_line for chunk in cut(text)] == [1, 10]


def test_what_sphinx_directives_describe_is_found_by_name():
    text = (
        f"API\n===\n\n{PARAGRAPH}.. class:: Session(base_url=None)\n\n   {PARAGRAPH}"
        "   .. method:: get(url, **kw)\n                head(url)\n\n      Fetch.\n\n      More.\n\n"
        "      Yet.\n\n"
        ".. py:function:: request(method)\n\n   Words.\n\n   Words.\n\n   Words.\n\n"
        f"End\n===\n\n{PARAGRAPH}"
    )
    assert [chunk.qualified_name for chunk in cut(text)] == [
        "API",
        "API > Session",
        "API > Session > get",
        "API > request",
        "End",
    ]


def test_titles_read_without_roles_and_markup():
    text = f"The :class:`~a.b.C` and ``x``\n=============================\n\n{PARAGRAPH}"
    assert cut(text)[0].symbol == "The a.b.C and x"


def test_a_directive_is_kept_whole():
    block = ".. code-block:: python\n\n" + "   x = 1\n\n" * 15
    text = "Title\n=====\n\n" + (PARAGRAPH * 2 + block) * 6
    starts = {chunk.start_line for chunk in cut(text)}
    lines = text.split("\n")
    assert len(starts) > 3
    assert not [start for start in starts if lines[start - 1].startswith("   ")]

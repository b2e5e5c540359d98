from textwrap import dedent

from wherein.chunking import chunker
from wherein.languages import registry

DECLARATIONS = "  color: red;\n" * 20


def cut(text, language="css"):
    return chunker.chunk("", dedent(text), registry.get(language))


def outline(text, language="css"):
    return [(chunk.start_line, chunk.end_line, chunk.qualified_name) for chunk in cut(text, language)]


def test_a_rule_is_named_by_its_selector_and_keeps_its_comment():
    text = f"/* the card */\n.card,\n.card > a {{\n{DECLARATIONS}}}\n\n#main {{\n{DECLARATIONS}}}\n"
    assert outline(text) == [(1, 25, ".card, .card > a"), (26, 47, "#main")]


def test_small_neighbours_are_gathered_with_all_their_names():
    (only,) = cut(".a { top: 0 }\n.b { top: 0 }\n.c { top: 0 }\n")
    assert (only.kind, only.symbol, only.names) == ("rule", ".a", (".b", ".c"))


def test_a_long_media_query_is_cut_at_its_rules():
    rules = "".join(f"{name} {{\n{DECLARATIONS}}}\n" for name in (".a", ".b", ".c"))
    text = f"@media (max-width: 600px) {{\n{rules}}}\n"
    assert [name for *_, name in outline(text)] == [
        "@media (max-width: 600px) > .a",
        "@media (max-width: 600px) > .b",
        "@media (max-width: 600px) > .c",
    ]


def test_braces_and_semicolons_in_strings_comments_and_addresses_mean_nothing():
    text = """\
        .a { content: "}{"; /* }} */ background: url(data:x;y}) }
        .b::before { content: '\\'}' }
        .c { top: 0 }
        """
    (only,) = cut(text)
    assert (only.symbol, only.names) == (".a", (".b::before", ".c"))


def test_scss_mixins_variables_and_line_comments():
    text = """\
        $brand: #f00; // it's red
        $space: 4px;

        @mixin button($size) {
          padding: $size;
          &:hover { top: 0; }
        }

        .a-#{$name} { top: 0; } // {
        """
    found = [(chunk.kind, chunk.symbol, chunk.names) for chunk in cut(text, "scss")]
    assert found == [
        ("constant", "$brand", ("$space",)),
        ("function", "button", ()),
        ("rule", ".a-#{$name}", ()),
    ]


def test_a_minified_style_sheet_is_one_chunk_with_some_names():
    (only,) = cut("".join(f".c{n}{{top:0}}" for n in range(20_000)))
    assert only.symbol == ".c0"
    assert 0 < len(only.names) < 100

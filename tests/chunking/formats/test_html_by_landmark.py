from textwrap import dedent

import pytest

from wherein.chunking import chunker
from wherein.languages import registry

FILLER = "<p>Words.</p>\n" * 4


def cut(text, language="html"):
    return chunker.chunk("", dedent(text), registry.get(language))


def test_sections_are_named_by_headings_under_the_title_of_the_page():
    text = (
        f"<html>\n<head><title>Docs &amp; more</title>\n<meta>\n<meta>\n<meta></head>\n{FILLER}"
        f"<h1>Guide <em>one</em></h1>\n{FILLER}<h2\n class='x'>Install</h2>\n{FILLER}<h1></h1>\n"
    )
    assert [chunk.qualified_name for chunk in cut(text)] == [
        "Docs & more",
        "Docs & more > Guide one",
        "Docs & more > Guide one > Install",
    ]


def test_a_landmark_is_named_by_its_heading_else_by_its_id():
    text = (
        f"<nav id='top'>\n{FILLER}</nav>\n"
        f"<section>\n<div>\n<h2>Install</h2>\n{FILLER}</section>\n"
        f"<footer>\n{FILLER}</footer>\n"
    )
    found = cut(text)
    assert [(chunk.start_line, chunk.symbol) for chunk in found] == [
        (1, "nav#top"),
        (7, "Install"),
        (15, "footer"),
    ]


def test_what_only_looks_like_markup_is_none():
    text = (
        f"<h1>A</h1>\n{FILLER}<!-- <h1>B</h1>\n -->\n"
        "<pre><h1>C</h1></pre>\n<script>x = '<h1>D</h1>'\n</script>\n"
    )
    assert {chunk.symbol for chunk in cut(text)} == {"A"}


def test_scripts_and_styles_are_cut_by_their_own_language():
    text = """\
        <h1>Page</h1>
        <p>Words.</p>
        <p>Words.</p>
        <p>Words.</p>
        <style>
        .card { color: red }
        .card:hover { color: blue }
        .a { top: 0 }
        </style>
        <script>
        function refresh() {
          return fetch("/x");
        }
        </script>
        </body>
        </html>
        """
    found = [(chunk.start_line, chunk.end_line, chunk.kind, chunk.symbol) for chunk in cut(text)]
    assert found == [(1, 4, "section", "Page"), (5, 9, "rule", ".card"), (10, 16, "function", "refresh")]


def test_a_vue_component_is_cut_in_its_parts():
    text = """\
        <script setup lang="ts">
        export function add(item: Item): void {
          list.push(item);
        }
        </script>

        <template>
          <h2>{{ title }}</h2>
          <p>Words</p>
        </template>

        <style scoped>
        .container {
          top: 0;
        }
        </style>
        """
    found = [(chunk.start_line, chunk.end_line, chunk.kind, chunk.symbol) for chunk in cut(text, "vue")]
    assert found == [
        (1, 6, "function", "add"),
        (7, 11, "section", "template"),
        (12, 16, "rule", ".container"),
    ]


def test_everything_on_one_line_is_one_chunk():
    (only,) = cut("<title>T</title><h1>A</h1><h2>B</h2><script>1</script>" * 1000)
    assert only.symbol == "T"
    assert {"A", "B"} <= set(only.names)


def test_the_code_at_the_head_of_an_astro_component_is_cut_as_typescript():
    text = """\
        ---
        import Layout from "../Layout.astro";

        export async function getStaticPaths() {
          const posts = await load();
          return posts.map((post) => post.slug);
        }
        ---
        <main id="top">
          <h1>{title}</h1>
        </main>
        """
    found = [(chunk.start_line, chunk.end_line, chunk.kind, chunk.symbol) for chunk in cut(text, "astro")]
    assert (4, 8, "function", "getStaticPaths") in found
    assert found[-1][2:] == ("section", "{title}")


@pytest.mark.parametrize("language", ["vue", "svelte", "astro", "html"])
def test_a_script_of_few_lines_is_cut_where_it_defines_something(language):
    page = "<script>{}</script>\n<p>Words.</p>\n"
    for script in (
        "function go() { return 1 }",
        "\n  export const go = () => 1\n",
        "export function go() {\n  return 1 }",
    ):
        found = cut(page.format(script), language)
        assert [chunk.symbol for chunk in found] == ["go", ""], script
        assert found[0].line == found[0].start_line + script.startswith("\n")
    assert [chunk.symbol for chunk in cut(page.format("run(1)"), language)] == [""]


def test_what_a_script_defines_beside_something_else_is_a_name_there():
    text = "<template><p/></template><script setup>function go() { return 1 }</script>\n"
    (only,) = cut(text, "vue")
    assert (only.symbol, only.names, only.name_lines) == ("template", ("go",), (1,))


def test_names_in_a_script_have_the_lines_of_the_page():
    script = "\n// First.\nfunction one() {\n  return 1;\n}\nconst a = 1;\nconst b = 2;\n"
    found = cut(f"<p>Words.</p>\n<script>{script}</script>\n", "vue")
    assert {chunk.symbol: chunk.line for chunk in found if chunk.symbol} == {"one": 4, "a": 7}
    assert [chunk.name_lines for chunk in found if chunk.names] == [(8,)]

from textwrap import dedent

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

import json

from wherein.chunking import chunker
from wherein.languages import registry


def cut(text):
    return chunker.chunk("", text, registry.get("notebook"))


def code(source, outputs=()):
    return {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "outputs": list(outputs),
        "source": source.splitlines(keepends=True),
    }


def markdown(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def notebook(*cells, **layout):
    return json.dumps(
        {"cells": cells, "metadata": {"kernelspec": {}}, "nbformat": 4}, **({"indent": 1} | layout)
    )


IMAGE = {"data": {"image/png": "iVBORw0KGgo" * 50}, "output_type": "display_data"}


def test_a_cell_is_found_at_its_lines_in_the_file_with_its_decoded_source():
    text = notebook(markdown('# Plots\nSay "hi".\n'), code("def draw(x):\n    return '\\t'\n"))
    first, second, rest = cut(text)
    assert (first.kind, first.symbol, first.doc) == ("cell", "Plots", '# Plots\nSay "hi".\n')
    assert (second.kind, second.symbol, second.qualified_name) == ("cell", "draw", "Plots > draw")
    assert second.doc == "def draw(x):\n    return '\\t'\n"
    lines = text.split("\n")
    assert lines[second.start_line - 1] == "  {"
    assert "def draw" in "".join(lines[second.start_line - 1 : second.end_line])
    assert (rest.kind, rest.doc) == ("output", "")


def test_outputs_are_apart_and_have_nothing_to_search():
    text = notebook(code("plot()\n", [IMAGE]), code("x = 1\n"))
    found = cut(text)
    lines = text.split("\n")
    assert [chunk.kind for chunk in found] == ["output", "cell", "cell", "output"]
    for chunk in found:
        body = "\n".join(lines[chunk.start_line - 1 : chunk.end_line])
        assert ("iVBORw0KGgo" in body) == (chunk is found[0])
        assert bool(chunk.doc) == (chunk.kind == "cell")


def test_outputs_that_come_after_the_source_are_apart_too():
    cell = code("plot()\n", [IMAGE])
    text = notebook({"source": cell["source"], "cell_type": "code", "outputs": [IMAGE]})
    assert [(chunk.kind, chunk.doc) for chunk in cut(text)][:2] == [("cell", "plot()\n"), ("output", "")]


def test_a_long_cell_is_cut_and_each_piece_has_its_own_source():
    source = "def long():\n" + "".join(f"    x{n} = {n}\n" for n in range(200))
    text = notebook(code(source))
    pieces = [chunk for chunk in cut(text) if chunk.kind == "cell"]
    assert len(pieces) > 3
    assert "".join(piece.doc for piece in pieces) == source
    assert {piece.symbol for piece in pieces} == {"long"}
    lines = text.split("\n")
    for piece in pieces:
        body = "\n".join(lines[piece.start_line - 1 : piece.end_line])
        assert all(line.strip() in body for line in piece.doc.splitlines())


def test_a_notebook_on_one_line_is_one_chunk_with_all_sources():
    (only,) = cut(notebook(code("def a(): pass\n", [IMAGE]), code("class B: pass\n"), indent=None))
    assert (only.kind, only.symbol, only.names) == ("cell", "a", ("B",))
    assert "iVBORw0KGgo" not in only.doc


def test_what_is_no_notebook_is_cut_by_lines():
    for text in ("{}", '{"cells": 3}', "", "no json", '{"cells": []}', '{\n"cells": "x"'):
        assert {chunk.kind for chunk in cut(text)} <= {"text"}


def test_broken_cells_lose_nothing():
    cells = [
        "1,",
        '{"source": 5},',
        '{"source": ["a", 2], "outputs": {}},',
        '{"cell_type": "code", "source": ["x =',
    ]
    text = "\n".join(['{"cells": [', *cells, ""])
    found = cut(text)
    assert found[-1].end_line == 5
    deep = '{"cells": [\n{"source": ' + "[" * 100_000 + "\n"
    assert cut(deep)[-1].end_line == 2

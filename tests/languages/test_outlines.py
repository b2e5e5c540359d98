"""Real-looking files of each language, and where they are cut.

`fixtures/languages/<language>/<file>.outline` has a line for each chunk of `<file>` beside it: its lines, kind,
qualified name, further names in brackets, and the first line of its documentation. After an intended change, run
pytest with WHEREIN_WRITE_OUTLINES=1, and read the difference.
"""

import os
from pathlib import Path

import pytest

from wherein.chunking.chunk import Chunk
from wherein.chunking.chunker import chunk
from wherein.languages import registry

FOLDER = Path(__file__).parents[2] / "fixtures" / "languages"
OUTLINES = sorted(FOLDER.glob("*/*.outline"))


def described(chunk: Chunk) -> str:
    line = f"{chunk.start_line}-{chunk.end_line} {chunk.kind} {chunk.qualified_name}".rstrip()
    if chunk.names:
        line += f" [{', '.join(chunk.names)}]"
    if chunk.doc:
        line += f": {chunk.doc.splitlines()[0]}"
    return line


@pytest.mark.parametrize("outline", OUTLINES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_is_cut_into_its_definitions(outline: Path) -> None:
    source = outline.with_suffix("")
    text = source.read_text(encoding="utf-8")
    found = "".join(f"{described(piece)}\n" for piece in chunk(source.name, text))
    if os.environ.get("WHEREIN_WRITE_OUTLINES"):
        outline.write_text(found, encoding="utf-8")
    assert found == outline.read_text(encoding="utf-8")


@pytest.mark.parametrize("outline", OUTLINES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_is_known_by_its_name_for_what_it_is(outline: Path) -> None:
    assert registry.detect(outline.stem).name == outline.parent.name

from wherein.chunking import chunker
from wherein.languages import registry

RUN = "RUN make\n" * 6


def cut(text):
    return chunker.chunk("", text, registry.get("dockerfile"))


def test_a_stage_is_named_by_as_else_by_its_image():
    text = f"ARG V=1\n\n# Compile.\nFROM --platform=linux golang:$V AS build\n{RUN}\nfrom alpine:3\n{RUN}"
    found = cut(text)
    assert [(c.start_line, c.end_line, c.kind, c.symbol, c.doc) for c in found] == [
        (1, 11, "target", "build", "Compile."),
        (12, 18, "target", "alpine:3", ""),
    ]


def test_from_in_here_documents_and_continued_lines_is_no_stage():
    text = "FROM a\nRUN <<EOF\nFROM b\nEOF\nRUN psql -c 'SELECT 1 \\\n# comment\nFROM c'\nFROM d\n"
    assert [chunk.symbol for chunk in cut(text)] == ["a", "d"]


def test_an_unclosed_here_document_hides_no_stage():
    assert [chunk.symbol for chunk in cut("FROM a\nRUN x << EOF\nRUN <<EOF\nFROM b\n")] == ["a", "b"]

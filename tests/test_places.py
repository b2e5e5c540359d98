import pytest

from profiles import packed_profile
from wherein.chunking.chunk import Chunk
from wherein.places import Places, packed, places
from wherein.profile import find_terms


def profile(chunk: Chunk, body: str = "") -> bytes:
    return packed_profile(body=body.split(), numbers=packed(chunk))


@pytest.mark.parametrize(
    "chunk",
    [
        Chunk(10, 20, "function", "f", line=12),
        Chunk(10, 20, "function", "f", line=4, definition=(3, 400_000), part=(2, 7)),
        Chunk(10, 20, "constant", "A", names=("B", "C", "D"), line=10, name_lines=(11, 0, 20)),
        Chunk(
            *(10, 20, "namespace", "m"),
            names=tuple("TUfgh"),
            line=10,
            name_lines=(10,) * 5,
            inside=(0, -1, 1, 3, 2),
        ),
        Chunk(10, 20, "text"),
    ],
    ids=lambda chunk: chunk.kind,
)
def test_places_come_back_as_they_were_packed(chunk):
    expected = Places(
        chunk.line or chunk.start_line, chunk.name_lines, chunk.definition, chunk.part, chunk.inside
    )
    assert places(profile(chunk, "some words"), chunk.start_line) == expected


def test_a_name_on_the_first_line_takes_no_room():
    assert len(profile(Chunk(5, 9, "function", "f", line=5), "a b")) == 5 * (1 + 2)


def test_places_are_no_terms():
    chunk = Chunk(10, 20, "constant", "A", names=("B",) * 40, line=12, name_lines=tuple(range(10, 50)))
    with_places, without = profile(chunk, "a b a"), profile(Chunk(1, 2, "text"), "a b a")
    first, second = (find_terms([each, each], ["a", "b", "c"]) for each in (with_places, without))
    assert first.counts().counts.tolist() == second.counts().counts.tolist()
    assert first.body_length.tolist() == second.body_length.tolist()
    assert first.signatures.tolist() == second.signatures.tolist()

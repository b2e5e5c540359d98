"""Some write a letter and its accent as one character, some as two: either finds the other."""

import unicodedata

import pytest

FORMS = ["NFC", "NFD"]


@pytest.fixture(params=[(ours, theirs) for ours in FORMS for theirs in FORMS], ids="-".join)
def forms(request):
    """How it is written in the repository, and how it is asked for."""
    ours, theirs = request.param
    return (
        lambda text: unicodedata.normalize(ours, text),
        lambda text: unicodedata.normalize(theirs, text),
    )


def test_names_texts_and_paths_are_found_in_either_form(repo, open_index, forms):
    written, asked = forms
    repo.write(
        written("müll/größe.py"), written('def ändern_x():\n    """Überprüft Gültigkeit."""\n    return 1\n')
    )
    repo.write("other.py", "def other():\n    return 2\n")
    repo.commit()
    index = open_index(repo)
    index.update()
    path = written("müll/größe.py")

    (hit,) = index.symbols(asked("ändern_x"))
    assert (hit.path, hit.line, hit.column) == (path, 1, 5)
    assert index.symbols(asked("ÄNDERN_X"))[0].path == path
    for mode in ("lexical", "hybrid"):
        assert index.search(asked("überprüft gültigkeit"), mode=mode)[0].path == path
    assert [hit.path for hit in index.search(asked('"Überprüft Gültigkeit"'))] == [path]
    assert {hit.path for hit in index.search("return", paths=[asked("müll/")])} == {path}
    assert {hit.path for hit in index.search("return", paths=[asked("größe.*")])} == {path}
    assert {hit.path for hit in index.search("return", exclude=[asked("größe.py")])} == {"other.py"}
    assert [hit.path for hit in index.search(f"return path:{asked('größe.py')}")] == [path]
    assert index.definition(asked("müll/größe.py"), 2).path == path
    assert [hit.path for hit in index.chunks(asked("müll/größe.py"))] == [path]
    assert [hit.path for hit in index.related(asked("müll/größe.py"), 1)] == ["other.py"]

    assert set(open_index(repo, exclude=(asked("müll/"),))._files().listing().files) == {"other.py"}

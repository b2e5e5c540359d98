"""Runs as numbers: each text keeps its own, whatever was numbered before it."""

from wherein.embedding.open import open_embedder
from wherein.indexing.vocabulary import Vocabulary


def test_texts_end_where_they_end_also_after_a_path_without_words():
    known = Vocabulary(open_embedder(None))
    known.only_words([])
    known.only_words(["a", "path"])
    runs, streams = known.numbered(["parse a", "", "{}", "parse"])
    assert streams == ["pars a", "", "", "pars"]
    assert len(known.ends(runs)) == 4

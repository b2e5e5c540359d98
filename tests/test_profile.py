from profiles import packed_profile
from wherein.profile import find_terms


def profile(symbol="", signature="", doc="", body=""):
    return packed_profile(
        symbol=symbol.split(), signature=signature.split(), doc=doc.split(), body=body.split()
    )


def test_counts_come_back_field_by_field():
    first = profile(symbol="open", signature="open path", doc="open a path path", body="open path path path")
    second = profile(body="close")
    counts = find_terms([first, second], ["open", "path", "close", "absent"]).counts()
    assert counts.body.tolist() == [[1, 3, 0, 0], [0, 0, 1, 0]]
    assert counts.doc.tolist() == [[1, 2, 0, 0], [0, 0, 0, 0]]
    assert counts.signature.tolist() == [[1, 1, 0, 0], [0, 0, 0, 0]]
    assert counts.symbol.tolist() == [[1, 0, 0, 0], [0, 0, 0, 0]]
    assert counts.body_length.tolist() == [4, 1]
    assert counts.doc_length.tolist() == [4, 0]


def test_counts_are_capped_not_wrapped():
    counts = find_terms([profile(doc="x " * 999, body="x " * 99_999)], ["x"]).counts()
    assert counts.body.tolist() == [[15]]
    assert counts.doc.tolist() == [[3]]
    assert counts.body_length.tolist() == [65535]
    assert counts.signature.tolist() == counts.symbol.tolist() == [[0]]


def test_chunks_without_terms_count_nothing():
    counts = find_terms([profile(), profile(body="x"), profile()], ["x"]).counts()
    assert counts.body.tolist() == [[0], [1], [0]]


def test_a_profile_takes_five_bytes_a_distinct_term():
    assert len(profile(body="a b c a b c")) == 5 * (3 + 1)

from wherein.remembered import Remembered


def test_what_is_known_is_not_made_again():
    made = []
    lengths = Remembered(lambda word: made.append(word) or len(word), 10)
    assert [lengths["abc"], lengths["abc"], lengths["de"]] == [3, 3, 2]
    assert made == ["abc", "de"]


def test_it_never_holds_more_than_it_may():
    squares = Remembered(lambda n: n * n, 4)
    for n in range(50):
        assert squares[n] == n * n
        assert len(squares) <= 4

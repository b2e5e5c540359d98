import numpy as np
import pytest

from wherein.search.by_place import by_place
from wherein.search.variety import MOST_SAME_FILE, best_first, tax
from wherein.store.protocol import Candidate


def candidate(path, line):
    return Candidate(f"{path}:{line}", path, "", line, line, "function", "", "", (), "python", b"")


def ranked(places, scores, same_file):
    """The places, best first, each with what was taken off its score."""
    of_place = dict(zip(places, scores, strict=True))
    candidates, _, files = by_place([candidate(*place) for place in places])
    places = [(each.path, each.start_line) for each in candidates]
    ordered = np.array([of_place[place] for place in places], np.float32)
    taken = tax(files, ordered, same_file)
    return [(*places[i], round(taken.item(i), 3)) for i in best_first(ordered - taken)]


def test_a_further_chunk_of_one_file_yields_to_a_little_less_good_one_of_another():
    places = [("a", 1), ("a", 2), ("b", 1)]
    assert ranked(places, [1.0, 0.9, 0.8], 0.2) == [("a", 1, 0), ("b", 1, 0), ("a", 2, 0.2)]


def test_much_better_chunks_of_one_file_stay_together():
    places = [("a", 1), ("a", 2), ("b", 1)]
    assert [path for path, *_ in ranked(places, [1.0, 0.9, 0.5], 0.2)] == ["a", "a", "b"]


def test_what_is_taken_off_is_bounded():
    places = [("a", line) for line in range(1, 9)]
    taken = [entry[2] for entry in ranked(places, [1.0] * 8, 0.1)]
    assert taken == pytest.approx([0, 0.1, 0.2] + [0.1 * MOST_SAME_FILE] * 5)


def test_equal_scores_are_ordered_by_path_and_line():
    places = [("b", 1), ("a", 2), ("a", 1)]
    assert [entry[:2] for entry in ranked(places, [1.0, 1.0, 1.0], 0.0)] == [("a", 1), ("a", 2), ("b", 1)]

"""Who opens an index file again a moment later does not sum its pages again, unless it may have been written to."""

import pytest

from wherein.errors import WhereinError
from wherein.store.sqlite import proven


@pytest.fixture
def summed(monkeypatch):
    """How often pages were summed so far."""
    done = []
    real = proven.newer_commits

    def counted(*arguments):
        done.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(proven, "newer_commits", counted)
    return done


@pytest.fixture
def at_rest(filled, monkeypatch):
    """An index file that was written long before."""
    monkeypatch.setattr(proven, "SETTLED", -1.0)
    return filled


def ask(open_embedded):
    with open_embedded("read") as store:
        return store.view("main").files


def test_an_index_that_is_opened_again_is_summed_once(at_rest, open_embedded, summed):
    assert [ask(open_embedded) for _ in range(3)] == [200] * 3
    assert len(summed) == 1


def test_it_is_summed_again_after_a_while(at_rest, open_embedded, summed, monkeypatch):
    ask(open_embedded)
    monkeypatch.setattr(proven, "GOOD_FOR", 0.0)
    ask(open_embedded)
    assert len(summed) == 2


def test_what_was_written_just_before_is_summed_each_time(filled, open_embedded, summed):
    ask(open_embedded)
    ask(open_embedded)
    assert len(summed) == 2


def test_what_was_written_meanwhile_is_summed(at_rest, open_embedded, version, summed):
    ask(open_embedded)
    with open_embedded() as store:
        store.write("main", put=[version("more.py")], complete=True)
    before = len(summed)
    assert ask(open_embedded) == 201
    assert len(summed) > before


def test_damage_after_it_was_proven_is_told(at_rest, open_embedded):
    ask(open_embedded)
    raw = bytearray(at_rest.read_bytes())
    raw[len(raw) // 2] ^= 1
    at_rest.write_bytes(raw)
    with pytest.raises(WhereinError, match="damaged"):
        ask(open_embedded)

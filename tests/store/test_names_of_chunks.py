import pytest

from wherein.store.spellings import spellings


@pytest.mark.parametrize(
    ("symbol", "qualified", "expected"),
    [
        ("run", "run", {"run"}),
        ("run", "App.run", {"run", "App.run"}),
        ("c", "a.b.c", {"c", "b.c", "a.b.c"}),
        ("new", "net::Client::new", {"new", "Client::new", "net::Client::new"}),
        ("run", "App#run", {"run", "App#run"}),
        ("v1.2", "Changes.v1.2", {"v1.2", "Changes.v1.2"}),
        ("", "", set()),
        ("impl", "elsewhere", {"impl", "elsewhere"}),
    ],
)
def test_a_qualified_name_is_known_by_each_tail_down_to_its_symbol(symbol, qualified, expected):
    assert spellings(symbol, qualified, ()) == expected


def test_further_names_count_too():
    assert spellings("A", "A", ("B", "")) == {"A", "B"}

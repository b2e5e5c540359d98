"""The benchmark of calls, on a home of known answers."""

import importlib.util
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def calls():
    spec = importlib.util.spec_from_file_location("calls", ROOT / "benchmarks" / "calls.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def home(make_repo, tmp_path):
    repo = make_repo("repos/shop")
    repo.commit(
        {
            "cart.py": "from prices import price\n\n\ndef total(things):\n    return price(things[0])\n",
            "prices.py": "def price(thing):\n    return 1\n",
            "test_cart.py": "from cart import total\n\n\ndef test_total():\n    assert total([]) == 0\n",
        }
    )
    return tmp_path


def function(callees, callers):
    return {"repository": "shop", "path": "cart.py", "name": "total", "callees": callees, "callers": callers}


def test_what_is_right_wrong_and_missing_is_counted(calls, home):
    tallies = calls.measure([home], [function(["price", "tax"], [])], verbose=False)
    assert (tallies["callees"].precision, tallies["callees"].recall) == (1.0, 0.5)
    tallies = calls.measure([home], [function([], [])], verbose=False)
    assert tallies["callees"].precision == 0.0
    assert (tallies["callers"].returned, tallies["callers"].precision) == (0, 1.0)  # a test is none


def test_where_only_what_was_returned_was_judged_nothing_counts_as_missing(calls, home):
    judged = {**function(["price", "tax"], []), "judged_only": True}
    tally = calls.measure([home], [judged], verbose=False)["callees"]
    assert (tally.precision, tally.expected) == (1.0, 0)


def test_repositories_that_are_in_no_home_are_left_out_and_told(calls, home, capsys):
    missing = {**function([], []), "repository": "elsewhere"}
    assert calls.measure([home], [missing], verbose=False)["callees"].returned == 0
    assert "elsewhere: in no home" in capsys.readouterr().err


def test_every_function_of_the_list_is_complete():
    for entry in tomllib.loads((ROOT / "benchmarks" / "calls.toml").read_text())["function"]:
        assert set(entry) - {"judged_only"} == {"repository", "path", "name", "callees", "callers"}

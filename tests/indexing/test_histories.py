"""Whatever happens to a repository, an index that is brought up to date says what one made from nothing says.

`--histories 1000` plays so many, from a seed that is drawn and printed; `--history SEED` plays one again. With
WHEREIN_TEST_LONG set so many as SHORT_ONES are played, else a few that take every kind of step together.
"""

import os
import shutil
import time
from pathlib import Path

import pytest

from histories import World, history, shortened
from histories.steps import STEPS as KINDS
from wherein.git import second_look, stamps

SHORT_ONES = 40
STEPS = 7
LONG_STEPS = 12

TOGETHER = 20
"""Worlds that are made at once, for they have to grow old."""

OLD_ENOUGH = 2.2
"""Seconds after which a file's numbers are believed."""


def pytest_generate_tests(metafunc):
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", seeds(metafunc.config))


def seeds(config) -> list[int]:
    if (one := config.getoption("--history")) is not None:
        return [one]
    if (number := config.getoption("--histories")) is None:
        return list(range(SHORT_ONES)) if "WHEREIN_TEST_LONG" in os.environ else few()
    first = config.getoption("--first-history")
    return list(range(first, first + number))


def few() -> list[int]:
    """Seeds of histories that take every kind of step together, on both stores; and of two on one store alone."""
    kinds = {seed: {step.name for step in history(seed, STEPS)} for seed in range(1, 1_000, 2)}
    left, chosen = set(KINDS), [0, 2]
    while left:
        chosen.append(max(kinds, key=lambda seed: len(kinds[seed] & left)))
        left -= kinds[chosen[-1]]
    return chosen


@pytest.fixture(scope="module")
def beginnings(tmp_path_factory):
    """Gives folders with worlds at their beginning, whose files are old enough to be remembered."""
    from tests.conftest import use_only_our_configuration

    made: list[Path] = []

    def beginning() -> Path:
        if not made:
            folder = tmp_path_factory.mktemp("worlds")
            made.extend(folder / str(number) for number in range(TOGETHER))
            for copy in made:
                shutil.copytree(first, copy, symlinks=True)
            time.sleep(OLD_ENOUGH)
        return made.pop()

    with pytest.MonkeyPatch.context() as patched:
        use_only_our_configuration(tmp_path_factory.mktemp("home"), patched)
        first = World.made(tmp_path_factory.mktemp("beginning"), ()).folder
        yield beginning


@pytest.mark.timeout(1200)
def test_an_updated_index_says_what_a_fresh_one_says(
    only_our_configuration, beginnings, redis_url, monkeypatch, pytestconfig, seed
):
    monkeypatch.setattr(stamps, "RACY_NS", -10_000_000_000)  # so that what is remembered is tried
    monkeypatch.setattr(second_look, "RACY_NS", -10_000_000_000)
    monkeypatch.setattr(second_look, "LEAST_FILES", 0)
    long = pytestconfig.getoption("--histories") or pytestconfig.getoption("--history")
    steps = history(seed, LONG_STEPS if long else STEPS)
    tries = iter(range(10_000))

    def played(steps) -> str:
        number = next(tries)
        folder: Path = beginnings()
        try:
            return World(folder, (None, f"{redis_url}-{number}") if long or seed % 2 else (None,)).play(steps)
        finally:
            shutil.rmtree(folder)

    if wrong := played(steps):
        steps = shortened(steps, lambda fewer: bool(played(fewer)))
        wrong = played(steps) or wrong
        pytest.fail(f"--history {seed}, shortened to {[step.name for step in steps]}: {wrong}", pytrace=False)

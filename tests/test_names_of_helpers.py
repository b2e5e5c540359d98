"""Tests import helpers, benchmarks and scripts by bare names: whoever is imported first has the name."""

from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_no_helper_has_the_name_of_a_benchmark_or_a_script():
    names = Counter(
        file.stem
        for folder in ("tests/support", "benchmarks", "scripts")
        for file in (ROOT / folder).glob("*.py")
    )
    assert [name for name, times in names.items() if times > 1] == []

"""Several repositories are ranked together alike, whichever store they are in."""

from dataclasses import replace

import pytest

from wherein import open_index
from wherein.config.settings import Settings
from wherein.everywhere import search_everywhere
from wherein.opening import open_stored

SUBJECTS = {
    "books": ("ledger", "balance", "audit", "entry"),
    "courier": ("request", "redirect", "retry", "session"),
    "tiles": ("layer", "zoom", "render", "cache"),
}
QUERIES = ("balance of a ledger", "retry a request", "where is a layer rendered", "cache in courier", "audit")


@pytest.fixture
def folders(tmp_path):
    for name, subject in SUBJECTS.items():
        for number, word in enumerate(subject):
            file = tmp_path / name / subject[number - 1] / f"{word}.py"
            file.parent.mkdir(parents=True)
            others = "".join(f"    value = {other}.apply(value)\n" for other in subject[: number + 1])
            file.write_text(f"def {word}_{subject[0]}(value):\n{others}    return cache(value)\n")
    return [tmp_path / name for name in SUBJECTS]


def test_several_repositories_answer_alike_from_either_store(folders, redis_url, tmp_path):
    embedded = replace(Settings(), data_dir=tmp_path / "data")
    served = replace(embedded, data_dir=tmp_path / "other", store=redis_url)
    for settings in (embedded, served):
        for folder in folders:
            with open_index(folder, settings=settings) as index:
                index.update(processes=0)
    for query in QUERIES:
        first, second = (
            search_everywhere(open_stored(settings), query, settings=settings)
            for settings in (embedded, served)
        )
        assert first.hits
        best, other = ([(hit.repository, hit.path) for hit in each.hits[:3]] for each in (first, second))
        assert best == other
        scores, others = ([hit.score for hit in each.hits[:3]] for each in (first, second))
        assert scores == pytest.approx(others, abs=0.02), "vectors are rounded otherwise"
        assert len(first.statuses) == len(second.statuses) == len(SUBJECTS)

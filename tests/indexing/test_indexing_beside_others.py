"""Several first indexes of one repository at the same time: what one has stored the others do not embed."""

import threading

import wherein
from wherein.config.settings import IndexSettings, Settings
from wherein.indexing import beside

FILES = 120


def test_two_who_index_a_repository_for_the_first_time_share_the_work(
    repo, clone, redis_url, tmp_path, monkeypatch
):
    monkeypatch.setattr(beside, "LOOK_EVERY", 0.0)
    monkeypatch.setattr("wherein.indexing.batches.SMALL_BATCH_BYTES", 1_000)
    monkeypatch.setattr("wherein.indexing.batches.BATCH_BYTES", 1_000)
    monkeypatch.setattr("wherein.indexing.update.INLINE_BYTES", 1_000)
    body = "    total = value + 1\n" * 20
    repo.commit({f"part{i:03}.py": f"def part_{i}(value):\n{body}    return {i}\n" for i in range(FILES)})
    places = [repo.root, clone(repo, "other").root]
    reports = {}

    def work(place):
        settings = Settings(
            store=redis_url, data_dir=tmp_path / place.name, index=IndexSettings(name="acme/web")
        )
        with wherein.open_index(place, settings=settings) as index:
            report = index.update(processes=0)
            reports[place] = report, index.status(), index.search("part_77", limit=1)[0].symbol

    threads = [threading.Thread(target=work, args=(place,)) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(status.files, status.behind, found) for _, status, found in reports.values()] == [
        (FILES, 0, "part_77")
    ] * 2
    assert FILES <= sum(report.files_embedded for report, _, _ in reports.values()) < 1.4 * FILES

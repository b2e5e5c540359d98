"""Several first indexes of one repository at the same time: what one has stored the others do not embed."""

import wherein
from wherein.config.sections import IndexSettings
from wherein.config.settings import Settings

FILES = 80


def test_what_a_colleague_stores_while_one_indexes_is_shown_and_not_embedded_again(
    repo, clone, redis_url, tmp_path, monkeypatch
):
    monkeypatch.setattr("wherein.indexing.shared_work.LOOK_EVERY", -1.0)
    monkeypatch.setattr("wherein.indexing.shared_work.ASK_EVERY", -1.0)
    monkeypatch.setattr("wherein.indexing.batches.SMALL_BATCH_BYTES", 1_000)
    monkeypatch.setattr("wherein.indexing.batches.SHARED_BATCH_BYTES", 1_000)
    monkeypatch.setattr("wherein.indexing.update.INLINE_BYTES", 10_000)
    body = "    total = value + 1\n" * 20
    repo.commit({f"part{i:03}.py": f"def part_{i}(value):\n{body}    return {i}\n" for i in range(FILES)})
    place = clone(repo, "other")

    def opened(folder, name):
        settings = Settings(store=redis_url, data_dir=tmp_path / name, index=IndexSettings(name="acme/web"))
        return wherein.open_index(folder, settings=settings)

    theirs = []

    def meanwhile(step):
        if step.files_done >= FILES / 4 and not theirs:
            with opened(place.root, "theirs") as index:
                theirs.append(index.update(processes=0).files_embedded)

    with opened(repo.root, "mine") as index:
        mine = index.update(meanwhile, processes=0).files_embedded
        assert theirs[0] > FILES / 2
        assert FILES <= mine + theirs[0] < FILES + 10  # what had been begun
        status = index.status()
        assert (status.files, status.behind, status.complete) == (FILES, 0, True)
        assert {index.search(f"part_{i}", limit=1)[0].symbol for i in (7, 40, 77)} == {
            "part_7",
            "part_40",
            "part_77",
        }

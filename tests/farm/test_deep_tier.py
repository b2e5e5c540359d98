"""The deep tier of what a farm indexes, embedded by several workers."""

import pytest

from embedding_server import EmbeddingServer

SOURCE = "\n\n".join(
    f"def made_{number}(given):\n    return a_word_{number}(given)\n" for number in range(150)
)


@pytest.fixture
def server(httpserver):
    return EmbeddingServer(httpserver)


def test_it_is_filled_by_several_workers_and_nothing_is_embedded_twice(farm, server):
    remote = farm.remote("web")
    remote.commit({f"part_{number}.py": SOURCE.replace("made_", f"made_{number}_") for number in range(2)})
    farm.configure("deep_part_chunks = 150\n", urls=[remote.url])
    deep = {"WHEREIN_DEEP_MODEL": "endpoint:counts", "WHEREIN_DEEP_ENDPOINT": server.url}
    assert farm("poll", **deep).code == 0
    assert farm("work", "--burst", **deep).code == 0  # hands out the deep tier, and fills it
    embedded = [text for text in server.texts if "\n" in text]
    assert len(embedded) == len(set(embedded)) >= 300
    said = farm("poll", **deep).out
    assert "0 queued" in said

    remote.commit({"part_2.py": SOURCE.replace("made_", "made_2_")})
    assert farm("poll", "--all", **deep).code == 0
    workers = [
        farm.start("work", "--burst", **deep, WHEREIN_DATA_DIR=str(farm.folder / f"machine-{number}"))
        for number in range(2)
    ]
    assert [worker.wait(120) for worker in workers] == [0, 0], farm.log()
    assert farm.log().count("chunks embedded deep, 450 of 450") >= 1
    assert farm("poll", **deep).code == 0
    embedded = [text for text in server.texts if "\n" in text]
    assert len(embedded) == len(set(embedded)) >= 450
    assert "0 queued" in farm("poll", **deep).out


def test_a_model_that_is_not_there_keeps_nothing_else_back(farm):
    remote = farm.remote("web")
    remote.commit({"a.py": "def alpha(): pass\n"})
    farm.configure(urls=[remote.url])
    deep = {"WHEREIN_DEEP_MODEL": "endpoint:counts", "WHEREIN_DEEP_ENDPOINT": "http://127.0.0.1:9/v1"}
    assert farm("poll", **deep).code == 0
    said = farm("work", "--burst", **deep).err
    assert "is indexed" in said
    assert "is not filled" in said
    assert farm.entry(remote)["state"] == "done"
    assert "0 queued" in farm("poll", **deep).out, "it is not tried again and again"

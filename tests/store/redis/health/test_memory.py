"""What an index takes, as the store tells it and as the server counts it."""

import pytest

import wherein
from wherein.config.settings import Settings

TOLD_WITHIN = 0.15
"""Of what the server uses: blocks that are allocated ahead make small indexes uneven."""

MOST = {"float16": 3_200, "float32": 4_200}
"""Bytes a chunk, by the kind of its vector."""

FUNCTIONS = 4_000

VERBS = "open close read write parse build find merge split join load store count list map route send"


@pytest.fixture
def words():
    """Identifiers that differ as those of real code do."""
    parts = VERBS.split()
    return [f"{a}_{b}_{c}" for a in parts for b in parts for c in parts]


@pytest.mark.parametrize("vectors", MOST)
def test_the_size_that_status_tells_is_what_the_server_uses_and_that_is_little_enough(
    server, folder, tmp_path, words, vectors
):
    for first in range(0, FUNCTIONS, 40):
        functions = (
            f"def {words[i]}(request, {words[i + 7]}):\n"
            f'    """{" ".join(words[i].split("_"))} for {words[i + 3]}."""\n'
            f"    {words[i + 1]} = {words[i + 2]}(request)\n"
            f"    return {words[i + 4]}({words[i + 1]}, {words[i + 5]}, timeout={i})\n"
            for i in range(first, first + 40)
        )
        folder.write(f"{words[first]}.py", "\n\n".join(functions))
    settings = Settings(store=f"{server.url}?tenant={vectors}&vectors={vectors}", data_dir=tmp_path)
    with server.client() as client, wherein.open_index(folder.root, settings=settings) as index:
        before = client.info("memory")["used_memory"]
        index.update()
        used = client.info("memory")["used_memory"] - before
        status = index.status()
    assert status.chunks >= FUNCTIONS
    assert status.bytes == pytest.approx(used, rel=TOLD_WITHIN)
    assert used <= MOST[vectors] * status.chunks

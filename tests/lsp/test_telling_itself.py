"""An editor that does not watch files still has an index that follows them; every progress has its end."""

import asyncio
import time

import pytest

from raw_client import CAPABILITIES
from wherein.status import Progress, UpdateReport


def finds(client, name):
    answer = client.command("wherein.search", {"query": name})
    return name in [result["symbol"] for result in answer["results"]]


def test_what_others_write_is_found_without_a_word_of_the_editor(client, shop):
    client.indexed()
    assert "didChangeWatchedFiles" not in CAPABILITIES["workspace"]
    shop.write("made/elsewhere.py", "def written_by_another_tool(x):\n    return x\n")
    until = time.monotonic() + 30
    while not finds(client, "written_by_another_tool"):
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.asyncio
async def test_a_progress_that_is_made_while_its_update_ends_never_begins():
    """The client's answer comes at the very moment in which the update is over."""
    from wherein_server.lsp.progress import UpdateProgress

    told: list[str] = []
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    class Shown:
        tokens: dict[str, asyncio.Future[None]] = {}  # noqa: RUF012

        async def create_async(self, token):
            self.tokens[token] = asyncio.get_running_loop().create_future()
            await answer

        def begin(self, token, value):
            told.append("begin")

        def end(self, token, value):
            told.append("end")

    class Server:
        work_done_progress = Shown()

        class client_capabilities:
            class window:
                work_done_progress = True

    progress = UpdateProgress(Server(), "shop", lambda: None)
    progress.began(Progress(0, 10, 0))
    await asyncio.sleep(0.01)
    answer.set_result(None)
    progress.ended(UpdateReport(), None)
    await asyncio.sleep(0.05)
    assert told.count("begin") == told.count("end")

"""A proxy between clients and a real server, on loopback: counts round trips, connections and bytes; may delay."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 18
LIMIT = 1 << 24


@dataclass
class CountingProxy:
    """Between TCP clients and a server's unix socket. A turn is bytes that a client sends after an answer, or first."""

    socket: Path
    round_trip: float = 0.0
    """seconds that a question and its answer travel; half of it each way. A new connection pays one as well"""
    port: int = 0
    turns: int = 0
    connections: int = 0
    up: int = 0
    down: int = 0

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def reset(self) -> None:
        self.turns = self.connections = self.up = self.down = 0

    @contextmanager
    def running(self) -> Iterator["CountingProxy"]:
        loop = asyncio.new_event_loop()
        up = threading.Event()
        ending = asyncio.Event()

        async def serve() -> None:
            server = await asyncio.start_server(self._client, "127.0.0.1", self.port, limit=LIMIT)
            self.port = server.sockets[0].getsockname()[1]
            up.set()
            await ending.wait()
            server.close()
            ended = asyncio.all_tasks() - {asyncio.current_task()}
            for task in ended:
                task.cancel()
            await asyncio.gather(*ended, return_exceptions=True)
            await asyncio.sleep(0)  # what was closed is let go of

        thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
        thread.start()
        assert up.wait(10)
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(ending.set)
            thread.join(10)
            loop.close()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.round_trip:
            await asyncio.sleep(
                self.round_trip
            )  # connect() has returned already, so its round trip is paid here

        from_server, to_server = await asyncio.open_unix_connection(str(self.socket), limit=LIMIT)
        asked = [False]
        try:
            await asyncio.gather(
                self._pump(reader, to_server, asked, True),
                self._pump(from_server, writer, asked, False),
                return_exceptions=True,
            )
        except asyncio.CancelledError:
            pass  # the proxy ends, and asyncio would print that
        finally:
            to_server.close()
            writer.close()

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, asked: list[bool], upwards: bool
    ) -> None:
        """Each piece is sent on when it has travelled for half a round trip, whatever comes behind it."""
        loop = asyncio.get_running_loop()
        travelling: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def arrive() -> None:
            while True:
                due, piece = await travelling.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                if not piece:
                    sink.close()
                    return
                sink.write(piece)
                await sink.drain()

        arriving = asyncio.create_task(arrive())
        try:
            while piece := await source.read(CHUNK):
                if upwards:
                    self.turns += not asked[0]
                    self.up += len(piece)
                else:
                    self.down += len(piece)
                asked[0] = upwards
                travelling.put_nowait((loop.time() + self.round_trip / 2, piece))
        except OSError:
            pass
        travelling.put_nowait((loop.time() + self.round_trip / 2, b""))
        await arriving

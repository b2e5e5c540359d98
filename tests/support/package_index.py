"""A package index on a real socket, with files of folders, which can be told to misbehave."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class PackageIndex:
    """Has projects, each a folder of files; `asked` tells who asked for what."""

    def __init__(self, folder: Path, server: ThreadingHTTPServer) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{server.server_address[1]}/simple"
        self.asked: list[tuple[str, str | None]] = []
        """path and the header Range"""
        self.logins: set[str | None] = set()
        self.cut: dict[str, list[int]] = {}
        """of files by name: after so many bytes the connection is closed, once for each number"""
        self.instead: dict[str, bytes] = {}
        """other content"""
        self.status: dict[str, int] = {}
        """other answers, by a part of the path"""
        self.ranges = True
        self.stalls = 0.0
        """seconds before a file's second half"""
        self.json = False
        self.page = b""
        """what every page says, if anything"""

    def files_asked(self) -> list[tuple[str, str | None]]:
        """Without the pages."""
        return [(path.rpartition("/")[2], told) for path, told in self.asked if path.startswith("/files/")]


@contextmanager
def package_index(folder: Path) -> Iterator[PackageIndex]:
    """One that runs."""
    server = _Server(("127.0.0.1", 0), _Handler)
    index = PackageIndex(folder, server)
    server.index = index  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up in the middle is no news."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        index: PackageIndex = self.server.index  # type: ignore[attr-defined]
        index.asked.append((self.path, self.headers.get("range")))
        index.logins.add(self.headers.get("authorization"))
        for part, status in index.status.items():
            if part in self.path:
                self._say(status, b"no", {"location": "/elsewhere"} if status == 302 else {})
                return
        *_, kind, project, name = (
            ["", *self.path.split("/")][-4:] if self.path.startswith("/files/") else ["", "", ""]
        )
        if kind:
            self._file(index, index.folder / project / name)
            return
        project = self.path.rstrip("/").rpartition("/")[2]
        files = sorted((index.folder / project).glob("*")) if (index.folder / project).is_dir() else []
        if index.page:
            self._say(200, index.page, {"content-type": "text/html"})
        elif not files:
            self._say(404, b"none")
        elif index.json:
            links = ", ".join(
                f'{{"filename": "{file.name}", "url": "/files/{project}/{file.name}"}}' for file in files
            )
            kind = "application/vnd.pypi.simple.v1+json"
            self._say(200, f'{{"files": [{links}]}}'.encode(), {"content-type": kind})
        else:
            links = "".join(
                f'<a href="../../files/{project}/{file.name}#sha256=0">{file.name}</a>' for file in files
            )
            self._say(200, f"<!DOCTYPE html><body>{links}".encode(), {"content-type": "text/html"})

    def _file(self, index: PackageIndex, file: Path) -> None:
        data = index.instead.get(file.name, file.read_bytes())
        start = 0
        if index.ranges and (told := self.headers.get("range")):
            start = int(told.removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if start else 200)
        if start:
            self.send_header("content-range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("content-length", str(len(data) - start))
        self.end_headers()
        cuts = index.cut.get(file.name)
        end = cuts.pop(0) if cuts else len(data)
        half = max(start, min(end, len(data) // 2))
        self.wfile.write(data[start:half])
        self.wfile.flush()
        if index.stalls:
            time.sleep(index.stalls)
        self.wfile.write(data[half:end])
        if end < len(data):
            self.close_connection = True

    def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""

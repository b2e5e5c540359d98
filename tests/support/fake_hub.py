"""A hub of models on a real socket, as far as the hub's own library asks it."""

import hashlib
import json
from pathlib import Path

from pytest_httpserver import HTTPServer, URIPattern
from werkzeug import Request, Response

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class FakeHub:
    """Has models, each the files of a folder; `fetched` tells which of them somebody loaded."""

    def __init__(self, httpserver: HTTPServer) -> None:
        self.url = httpserver.url_for("").rstrip("/")
        self.models: dict[str, Path] = {}
        self.fetched: list[str] = []
        self.authorizations: set[str | None] = set()
        for method in ("GET", "HEAD"):
            httpserver.expect_request(_Everything(), method=method).respond_with_handler(self._handle)

    def _handle(self, request: Request) -> Response:
        self.authorizations.add(request.headers.get("authorization"))
        for name, folder in self.models.items():
            if request.path.startswith(f"/api/models/{name}/"):
                return self._tree(folder) if "/tree/" in request.path else self._about(name, folder)
            inside, _, file = request.path.partition(f"/{name}/resolve/")
            if file and not inside:
                return self._file(request, folder, file.partition("/")[2])
        missing = Response("{}", status=404, content_type="application/json")
        missing.headers["X-Error-Code"] = "RepoNotFound"
        return missing

    def _about(self, name: str, folder: Path) -> Response:
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        siblings = [{"rfilename": file.relative_to(folder).as_posix()} for file in files]
        document = {"id": name, "modelId": name, "sha": COMMIT, "siblings": siblings}
        return Response(json.dumps(document), content_type="application/json")

    def _tree(self, folder: Path) -> Response:
        files = [
            {
                "type": "file",
                "path": file.relative_to(folder).as_posix(),
                "size": file.stat().st_size,
                "oid": hashlib.sha1(file.read_bytes()).hexdigest(),
            }
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        ]
        return Response(json.dumps(files), content_type="application/json")

    def _file(self, request: Request, folder: Path, path: str) -> Response:
        data = (folder / path).read_bytes()
        if request.method == "GET":
            self.fetched.append(path)
        made = Response(data, content_type="application/octet-stream")
        made.headers["ETag"] = f'"{hashlib.sha1(data).hexdigest()}"'
        made.headers["X-Repo-Commit"] = COMMIT
        made.headers["Content-Length"] = str(len(data))
        return made


class _Everything(URIPattern):
    """A path that fits all."""

    def match(self, uri: str) -> bool:
        return True

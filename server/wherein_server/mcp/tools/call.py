"""A tool's call in progress, and its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wherein.index import Index
from wherein.status import Status
from wherein_server.cli import jsonout
from wherein_server.cli.paths import relative_path, split_place
from wherein_server.explain.estimate import estimate_tokens
from wherein_server.mcp import shown
from wherein_server.mcp.page import Page
from wherein_server.mcp.repository import Repository
from wherein_server.mcp.trouble import ToolError

DEFAULT_TOKENS = 1500
"""Of an answer, where `max_tokens` does not say."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Text for a model; `data` where JSON was asked for."""

    text: str
    data: Mapping[str, Any] | None = None
    found: bool = True


@dataclass
class ToolCall:
    """The arguments, checked, and the repository they are about, refreshed."""

    repository: Repository
    arguments: Mapping[str, Any]
    notes: list[str] = field(default_factory=list)
    """sentences on what the answer is worth"""
    tokens: int = DEFAULT_TOKENS

    @property
    def index(self) -> Index:
        """What is asked."""
        return self.repository.index

    @property
    def wants_json(self) -> bool:
        """Whether the agent asked for it."""
        return self.arguments.get("format") == "json"

    @property
    def max_tokens(self) -> int:
        """The most that the answer may take."""
        return int(self.arguments.get("max_tokens", self.tokens))

    def path(self, given: str) -> str:
        """A path of the index for one that is given from the root, or absolute. Raises ToolError for one outside."""
        root = self.index.root
        return relative_path(given.removeprefix("./"), root, root)

    def place(self, given: str) -> tuple[str, int]:
        """A path of the index and a line."""
        found = split_place(given)
        if found is None:
            raise ToolError(f"{given!r} is not a path:line.", remedy="Give it as src/auth.py:88")
        return self.path(found[0]), found[1]

    def page(self, title: str) -> tuple[Page, Status]:
        """An answer's first line, with the state of the index, and what puts it in doubt."""
        status = self.repository.state()
        page = Page(self.max_tokens)
        page.end(f"{title} {shown.state(status, self.repository.behind())}".strip())
        for note in self.notes:
            page.end(note)
        if not self.notes:
            page.end(shown.doubt(status))
        return page, status

    def document(self, records: Sequence[Mapping[str, Any]], **more: object) -> Reply:
        """As many records as the budget allows, as JSON: what the command line prints, with what was left out."""
        block = jsonout.index_block(self.repository.state())
        left = self.max_tokens
        kept: list[Mapping[str, Any]] = []
        for record in records:
            left -= estimate_tokens(_dumped(record))
            if left < 0:
                break
            kept.append(record)
        data = {
            "schema": jsonout.SCHEMA,
            **more,
            "index": block,
            "results": kept,
            "left_out": len(records) - len(kept),
        }
        if behind := self.repository.behind():
            data["freshness"] = behind
        if self.notes:
            data["notes"] = self.notes
        return Reply(_dumped(data), data, bool(records))


def _dumped(value: object) -> str:
    import json

    return json.dumps(value, separators=(",", ":"))

"""JSON as the contract has it: plain ASCII, valid whatever bytes a file name holds."""

import base64
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wherein.hit import Hit
from wherein.outlined import Outlined
from wherein.status import DeepStatus, Status

if TYPE_CHECKING:
    from wherein.changed import Change

SCHEMA = 1

_SURROGATE = re.compile("[\ud800-\udfff]")


def print_json(document: Mapping[str, Any]) -> None:
    """One document, after its schema number."""
    json.dump({"schema": SCHEMA, **document}, sys.stdout)
    sys.stdout.write("\n")


def print_json_line(record: Mapping[str, Any]) -> None:
    """One record a line."""
    sys.stdout.write(json.dumps(record) + "\n")


def index_block(status: Status) -> dict[str, Any]:
    """What the answer was drawn from; with `deep` where the user has set a deep model."""
    block: dict[str, Any] = {
        "repository": readable(status.repository),
        "view": readable(status.view),
        "commit": status.commit,
        "behind": status.behind,
        "complete": status.complete,
        "store": readable(status.store),
        "model": status.model,
    }
    return block if status.deep is None else {**block, "deep": deep_block(status.deep)}


def deep_block(deep: DeepStatus) -> dict[str, Any]:
    """The deep tier: the model that is set, how far it is (of 1), and the one that answers, if any."""
    share = deep.share
    told: dict[str, Any] = {
        "setting": deep.setting,
        "model": deep.model or None,
        "share": None if share is None else round(share, 4),
        "answers": deep.answers or None,
        "problem": deep.problem or None,
    }
    if deep.each:
        told["models"] = [
            {"model": model, "share": round(filled / max(chunks, 1), 4)}
            for model, filled, chunks in deep.each
        ]
    return told


def joined_block(blocks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One block for several indexes: as stale and as incomplete as they are together."""
    known = [block["behind"] for block in blocks if block["behind"] is not None]
    return {
        **blocks[0],
        "repository": "*",
        "view": "*",
        "commit": None,
        "behind": sum(known) if known else None,
        "complete": all(block["complete"] for block in blocks),
    }


def result(hit: Hit, *, explain: bool = False, root: Path | None = None) -> dict[str, Any]:
    """One hit; `parts` of its score where asked for, and where the file is on this machine if its `root` is given."""
    found: dict[str, Any] = {
        "repository": readable(hit.repository),
        **path_fields(hit.path),
        "start_line": hit.start_line,
        "end_line": hit.end_line,
        "symbol": hit.symbol,
        "qualified_name": hit.qualified_name,
        "kind": hit.kind,
        "language": hit.language,
        "score": round(hit.score, 6),
        "text": hit.text,
        "line": max(hit.line, hit.start_line),
        "column": max(hit.column, 1),
    }
    if root is not None:
        found["absolute"] = readable(str(root.absolute() / hit.path))
    if hit.definition is not None:
        found["definition"] = {"start_line": hit.definition[0], "end_line": hit.definition[1]}
    if hit.part is not None:
        found["part"], found["part_count"] = hit.part
    if explain:
        found["parts"] = {name: round(value, 6) for name, value in hit.parts.items()}
        if hit.description:
            found["described"] = {"by": hit.described_by, "text": hit.description}
    return found


def place(hit: Hit) -> dict[str, Any]:
    """Where a definition is and what it is called, without its text."""
    return {
        **path_fields(hit.path),
        "start_line": hit.start_line,
        "end_line": hit.end_line,
        "qualified_name": hit.qualified_name,
        "kind": hit.kind,
    }


def outlined(each: Outlined) -> dict[str, Any]:
    """A line of an outline."""
    return {
        **path_fields(each.path),
        "start_line": each.start_line,
        "end_line": each.end_line,
        "line": each.line,
        "symbol": each.symbol,
        "qualified_name": each.qualified_name,
        "kind": each.kind,
        "language": each.language,
        "depth": each.depth,
        "column": each.column,
        "text": each.title,
    }


def change(each: "Change") -> dict[str, Any]:
    """A definition that is not as it was."""
    return {
        "change": each.how,
        **path_fields(each.path),
        "start_line": each.start_line,
        "end_line": each.end_line,
        "symbol": each.symbol,
        "qualified_name": each.qualified_name,
        "kind": each.kind,
        "language": each.language,
    }


def results(
    hits: Sequence[Hit], *, explain: bool = False, roots: Mapping[str, Path] | None = None
) -> list[dict[str, Any]]:
    """All hits; `roots` are folders by repository."""
    return [result(hit, explain=explain, root=(roots or {}).get(hit.repository)) for hit in hits]


def path_fields(path: str) -> dict[str, str]:
    """`path`, and for a name that is no Unicode its very bytes in base64 as `path_bytes`."""
    clean = readable(path)
    if clean == path:
        return {"path": path}
    return {"path": clean, "path_bytes": base64.b64encode(os.fsencode(path)).decode("ascii")}


def readable(text: str) -> str:
    """Text without lone surrogates, which many JSON readers refuse."""
    return _SURROGATE.sub("\ufffd", text)

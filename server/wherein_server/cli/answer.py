"""Prints an answer in the requested format, always with what it is worth."""

from dataclasses import replace
from typing import Any

from wherein_server.cli import hits, jsonout
from wherein_server.cli.asking import Answer
from wherein_server.cli.hits import Shape
from wherein_server.cli.options import Common
from wherein_server.cli.paths import standpoint
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.screen import Screen
from wherein_server.cli.wording import count, doubts, freshness


def print_answer(
    answer: Answer, query: str, shape: Shape, common: Common, *, form: str, files_only: bool = False
) -> None:
    """Hits on standard output, and what puts them in doubt: there too, or on standard error for programs."""
    screen = common.screen
    shape = replace(shape, standpoint=standpoint(common.repo, answer.root), roots=answer.roots)
    if files_only:
        first = {(hit.repository, hit.path): hit for hit in reversed(answer.hits)}
        answer = replace(answer, hits=[hit for hit in answer.hits if first[hit.repository, hit.path] is hit])
    if form == "json":
        _print_document(answer, query, shape)
        return
    if form == "jsonl":
        hits.print_jsonl(answer.hits, shape)
    elif files_only:
        hits.print_files(answer.hits, shape, screen)
    elif form == "vimgrep":
        hits.print_vimgrep(answer.hits, shape, screen)
    elif screen.pretty:
        _print_pretty(answer, shape, screen)
        return
    else:
        hits.print_plain(answer.hits, shape, screen, answer.root)
    for sentence in dict.fromkeys(filter(None, map(doubts, answer.statuses))):
        screen.note(sentence)


def _print_document(answer: Answer, query: str, shape: Shape) -> None:
    blocks = [jsonout.index_block(status) for status in answer.statuses]
    document: dict[str, Any] = {"query": query, "index": blocks[0]}
    if shape.with_repository:
        document["index"] = jsonout.joined_block(blocks)
        document["indexes"] = blocks
    if answer.changed is not None:
        document["since"] = {"revision": answer.changed.revision, "commit": answer.changed.commit}
    if answer.thinking is not None:
        from wherein_server.explain.think import as_data

        document["thought"] = as_data(answer.thinking)
    jsonout.print_json(
        document | {"results": jsonout.results(answer.hits, explain=shape.explain, roots=shape.roots)}
    )


def _print_pretty(answer: Answer, shape: Shape, screen: Screen) -> None:
    from rich.text import Text

    hits.print_pretty(answer.hits, shape, screen, answer.root)
    parts = [count(len(answer.statuses), "repository").replace("repositorys", "repositories")]
    if len(answer.statuses) == 1:
        parts = freshness(answer.statuses[0])
    parts.append(count(sum(status.chunks for status in answer.statuses), "chunk"))
    parts.append(f"{answer.milliseconds:.0f} ms")
    if not answer.hits:
        parts.insert(0, "nothing found")
    screen.console.print(Text(shown_name(" · ".join(parts)), style="dim"), soft_wrap=True)

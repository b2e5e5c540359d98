"""What was asked on the command line → an answer on the screen."""

import asyncio
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from wherein.config.settings import Settings
from wherein.errors import EndpointUnreachable
from wherein.status import Status
from wherein_server.cli import jsonout
from wherein_server.cli.links import Linker
from wherein_server.cli.options import Common
from wherein_server.cli.paths import seen_from, standpoint
from wherein_server.cli.sanitize import piped_name, shown, shown_name
from wherein_server.cli.session import opened, refresh, settings_for, status_of
from wherein_server.cli.waiting import Waiting
from wherein_server.cli.wording import count, doubts, freshness
from wherein_server.explain.targets import Question, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence, Set

    from wherein import Index
    from wherein_server.explain.answer import Answer
    from wherein_server.explain.citations import Citation
    from wherein_server.explain.context import Context
    from wherein_server.explain.endpoint.endpoint import Endpoint


def explain(
    common: Common,
    make_target: "Callable[[Index], Target]",
    *,
    update: bool,
    show_prompt: bool,
    use_cache: bool,
    think: bool | None = False,
) -> None:
    """Answer on standard output. `make_target` gets the open index: paths are relative to its root. `think`: have the
    model say first what the code that answers a question may look like; None: as the settings say."""
    from wherein_server.explain.endpoint.discover import discover
    from wherein_server.explain.gather import gather

    settings = settings_for(common)
    with opened(common, settings=settings) as index:
        target = make_target(index)
        if update:
            refresh(index, common)
        status = status_of(index, common, check=not update)
        if not show_prompt and (settings.llm.think if think is None else think):
            target = _thought_of(index, target, settings, common)
        context = gather(index, target, budget_tokens=prompt_tokens(settings))
        show = _Shown(common, context, status, Linker(common, index.root))
    if show_prompt:
        show.prompt()
        return
    try:  # no server is looked for before it is clear that there is something to ask
        endpoint = asyncio.run(discover(settings))
    except EndpointUnreachable:
        show.found()
        raise
    show.answer(endpoint, use_cache=use_cache)


def _thought_of(index: "Index", target: Target, settings: Settings, common: Common) -> Target:
    """The same with what a model thinks that its answer looks like, where it is a question that leaves that open."""
    from wherein_server.explain.think import thought_about

    if not isinstance(target, Question):
        return target
    thinking = thought_about(index, target.text, settings, common.screen.note)
    return target if thinking is None else replace(target, thought=thinking.thought)


def prompt_tokens(settings: Settings) -> int:
    """What a prompt may take where no server was asked."""
    from wherein_server.explain.endpoint.endpoint import Endpoint

    return Endpoint("", "", settings.llm.context_tokens, settings).prompt_tokens


class _Shown:
    """One context and its answer, in the form asked for."""

    def __init__(self, common: Common, context: "Context", status: Status, linker: Linker) -> None:
        self._common = common
        self._screen = common.screen
        self._context = context
        self._status = status
        self._linker = linker
        self._standpoint = standpoint(common.repo, linker.root)

    def prompt(self) -> None:
        """What would be sent, and nothing is."""
        from wherein_server.explain.prompt import make_prompt

        prompt = make_prompt(self._context)
        if self._common.json:
            document: dict[str, Any] = {
                "target": jsonout.readable(str(self._context.target)),
                "index": jsonout.index_block(self._status),
                "messages": prompt.messages(),
                "estimated_tokens": prompt.tokens,
            }
            jsonout.print_json(document)
            return
        for message in prompt.messages():
            self._screen.line(f"--- {message['role']}")
            self._screen.line(shown(message["content"]))
        self._say_doubts()
        self._screen.note(
            f"Nothing was sent. This is about {prompt.tokens:,} tokens; a server that reports the length of its "
            "window gets as much as fits there."
        )

    def found(self) -> None:
        """For people, where no model answers: what an answer would be made from."""
        from wherein_server.explain.citations import cite

        if not self._screen.pretty or self._common.json:
            return
        self._screen.note("What an answer would be made from:")
        sources = cite(self._context.snippets)
        self._list(sources, {source.n for source in sources})

    def answer(self, endpoint: "Endpoint", *, use_cache: bool) -> None:
        """Streamed for people, at the end for programs."""
        from wherein_server.explain.answer import answer

        waiting = Waiting(self._screen, endpoint.model)
        if self._common.json:
            with waiting:
                made = asyncio.run(
                    answer(self._context, endpoint, on_text=lambda _: None, use_cache=use_cache)
                )
            jsonout.print_json(self._document(made))
            return
        write = self._linker.writer()

        def on_text(piece: str) -> None:
            waiting.over()
            write.feed(piece)

        asking = answer(self._context, endpoint, on_text=on_text, on_sources=write.cites, use_cache=use_cache)
        try:
            with waiting:
                made = asyncio.run(asking)
        finally:
            write.finish()
        self._sources(made)
        if not self._screen.pretty:
            self._say_doubts()
        for note in made.notes:
            self._screen.note(note)

    def _say_doubts(self) -> None:
        for sentence in filter(None, [doubts(self._status)]):
            self._screen.note(sentence)

    def _sources(self, made: "Answer") -> None:
        self._screen.line()
        self._list(made.sources, {citation.n for citation in made.citations})
        if not self._screen.pretty:
            return
        from rich.text import Text

        parts = [made.model, *freshness(self._status)]
        if made.usage.completion_tokens is not None:
            parts.append(count(made.usage.completion_tokens, "token"))
        parts.append("from the cache" if made.cached else f"{made.timings.total:.1f} s")
        self._screen.console.print(Text(shown_name(" · ".join(parts)), style="dim"), soft_wrap=True)

    def _list(self, sources: "Sequence[Citation]", cited: "Set[int]") -> None:
        """Places, by their numbers; those that are not cited are told apart."""
        if not self._screen.pretty:
            for source in sources:
                place = f"{piped_name(self._seen(source))}:{source.start_line}"
                symbol = f": {shown_name(source.symbol)}" if source.symbol else ""
                mark = "" if source.n in cited else " (not cited)"
                self._screen.line(f"[{source.n}] {place}{symbol}{mark}")
            return
        from rich.text import Text

        for source in sources:
            link = self._linker.target(source.path, source.start_line)
            lines = f"{source.start_line}-{source.end_line}"
            style = "" if source.n in cited else "dim"
            linked = Text(f"{shown_name(self._seen(source))}:{lines}", style=f"cyan {style}".strip())
            if link:
                linked.stylize(f"link {link}")
            row = Text(f"[{source.n}] ", style=style).append_text(linked)
            row.append(f"  {shown_name(source.symbol)}".rstrip(), style=style)
            self._screen.console.print(row, soft_wrap=True)

    def _seen(self, source: "Citation") -> str:
        return seen_from(source.path, self._standpoint)

    def _document(self, made: "Answer") -> dict[str, Any]:
        return {
            "target": jsonout.readable(str(self._context.target)),
            "index": jsonout.index_block(self._status),
            "text": jsonout.readable(shown(made.text)),
            "citations": [_citation(citation) for citation in made.citations],
            "sources": [_citation(source) for source in made.sources],
            "dropped": list(made.dropped),
            "model": jsonout.readable(made.model),
            "usage": asdict(made.usage),
            "timings": {name: round(seconds, 3) for name, seconds in asdict(made.timings).items()},
            "cached": made.cached,
            "notes": [jsonout.readable(note) for note in made.notes],
        }


def _citation(citation: "Citation") -> dict[str, Any]:
    return {
        "n": citation.n,
        **jsonout.path_fields(citation.path),
        "start_line": citation.start_line,
        "end_line": citation.end_line,
        "symbol": citation.symbol,
    }

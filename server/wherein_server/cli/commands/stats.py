"""`wherein stats`."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from wherein.errors import WhereinError
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import opened, settings_for
from wherein_server.cli.wording import count, deep_tier

if TYPE_CHECKING:
    from wherein.config.language_model import LlmSettings
    from wherein.config.settings import Settings
    from wherein.measured.percentiles import Spread
    from wherein.measured.tally import Tallies, Tally
    from wherein.status import DeepStatus

MOST_DAYS = 30

UPDATE, DEEPEN, DESCRIBE, ANSWER, THINK = "update", "deepen", "describe", "answer", "think"
"""What is told in sentences of its own; all else is a question."""


@click.command(
    epilog=example("wherein stats", "wherein stats --days 7 --by-day", "wherein stats --prometheus")
)
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    default=MOST_DAYS,
    metavar="N",
    help=f"The last N days; {MOST_DAYS} by default, the most that are kept.",
)
@click.option("--by-day", is_flag=True, help="Print a line for each day.")
@click.option("--prometheus", is_flag=True, help="Print all-time counters in the text format of Prometheus.")
@common_options
def command(common: Common, days: int, by_day: bool, prometheus: bool) -> int:
    """Show how long searches, updates and answers took on this machine.

    The figures are recorded in the data folder and sent nowhere. Questions are kept only with the setting
    stats.queries, and nothing at all without stats.record.
    """
    from wherein.measured.journal import lines, totals
    from wherein.measured.percentiles import spreads
    from wherein.measured.tally import Tallies

    settings = settings_for(common)
    deep = _deep_here(common, settings)
    if prometheus:
        from wherein_server.metrics import exposition

        common.screen.line(exposition(totals(settings.data_dir), deep).rstrip("\n"))
        return Exit.DONE
    notes = list(lines(settings.data_dir, days))
    tallies = Tallies()
    tallies.add_all(notes)
    if common.json:
        document: dict[str, Any] = {"days": days, "stats": _rows(tallies, spreads(notes), settings.llm)}
        document["deep"] = None if deep is None else asdict(deep[1]) | {"repository": deep[0]}
        if by_day:
            document["by_day"] = [
                {"day": day} | {"stats": _rows(each, spread, settings.llm)}
                for day, each, spread in _of_days(notes)
            ]
        jsonout.print_json(document)
    elif not tallies.of:
        common.screen.note(
            f"Nothing was recorded in the last {count(days, 'day')}."
            if settings.stats.record
            else "Nothing is recorded: the setting stats.record is off."
        )
    elif by_day:
        for day, each, spread in _of_days(notes):
            common.screen.line(day)
            _print(common, each, spread, settings.llm)
    else:
        _print(common, tallies, spreads(notes), settings.llm)
    if deep is not None and not common.json:
        common.screen.line(f"deep tier of {shown_name(deep[0])}: {shown_name(deep_tier(deep[1]))}")
    return Exit.DONE if tallies.of else Exit.NOTHING_FOUND


def _deep_here(common: Common, settings: "Settings") -> "tuple[str, DeepStatus] | None":
    """How far the deep tier is in the repository where one stands; None without either."""
    if settings.deep_model is None:
        return None
    try:
        with opened(common, settings=settings) as index:
            status = index.deep_status()
            return None if status is None else (index.repository, status)
    except WhereinError:  # it was never indexed
        return None


def _of_days(
    notes: Iterable[Mapping[str, Any]],
) -> "Iterable[tuple[str, Tallies, dict[tuple[str, str], Spread]]]":
    """Day by day, the oldest first."""
    import time

    from wherein.measured.percentiles import spreads
    from wherein.measured.tally import Tallies, number

    def day(note: Mapping[str, Any]) -> str:
        return time.strftime("%Y-%m-%d", time.localtime(number(note.get("at"))))

    for each, group in groupby(sorted(notes, key=day), key=day):
        of_day = list(group)
        tallies = Tallies()
        tallies.add_all(of_day)
        yield each, tallies, spreads(of_day)


def _rows(
    tallies: "Tallies", spread: "Mapping[tuple[str, str], Spread]", prices: "LlmSettings"
) -> list[dict[str, Any]]:
    rows = []
    for (what, by), tally in sorted(tallies.of.items()):
        row: dict[str, Any] = {
            "what": what,
            "by": by,
            "count": tally.count,
            "empty": tally.empty,
            "failed": tally.failed,
            "seconds": asdict(spread[what, by]) if (what, by) in spread else None,
            "sums": tally.sums,
        }
        if what in (ANSWER, THINK, DESCRIBE):
            row |= {"cached": tally.cached, "cost": _cost(tally, prices)}
        rows.append(row)
    return rows


def _print(
    common: Common, tallies: "Tallies", spread: "Mapping[tuple[str, str], Spread]", prices: "LlmSettings"
) -> None:
    common.screen.line("what        by      count   p50 ms   p95 ms   p99 ms  nothing  failed")
    for (what, by), tally in sorted(tallies.of.items()):
        times = spread.get((what, by))
        told = (
            " ".join(f"{1000 * each:8.1f}" for each in (times.p50, times.p95, times.p99))
            if times
            else " ".join(["       -"] * 3)
        )
        common.screen.line(f"{what:<11} {by:<6} {tally.count:6,} {told} {tally.empty:8,} {tally.failed:7,}")
    for (what, by), tally in sorted(tallies.of.items()):
        if what == UPDATE:
            common.screen.line(_updates(by, tally))
        elif what == DEEPEN:
            common.screen.line(_deepened(by, tally))
        elif what == DESCRIBE:
            common.screen.line(_described(by, tally, prices))
        elif what in (ANSWER, THINK):
            common.screen.line(
                _answers("answers to" if what == ANSWER else "thoughts for", by, tally, prices)
            )


def _updates(by: str, tally: "Tally") -> str:
    files, embedded = int(tally.sums.get("files", 0)), int(tally.sums.get("embedded", 0))
    share = f" ({100 * (files - embedded) / files:.0f} % were in the store already)" if files else ""
    return f"updates by {by}: {count(files, 'file')} added or changed, {embedded:,} read anew{share}"


def _answers(what: str, by: str, tally: "Tally", prices: "LlmSettings") -> str:
    asked = tally.sums.get("prompt_tokens", 0), tally.sums.get("completion_tokens", 0)
    cost = _cost(tally, prices)
    return (
        f"{what} {by}: {tally.cached:,} of {tally.count:,} from the cache; {asked[0]:,.0f} tokens asked, "
        f"{asked[1]:,.0f} answered{f', which cost {cost:,.4f}' if cost else ''}"
    )


def _described(by: str, tally: "Tally", prices: "LlmSettings") -> str:
    asked = tally.sums.get("prompt_tokens", 0), tally.sums.get("completion_tokens", 0)
    cost = _cost(tally, prices)
    return (
        f"descriptions by {by}: {int(tally.sums.get('described', 0)):,} sentences; {asked[0]:,.0f} tokens asked, "
        f"{asked[1]:,.0f} answered{f', which cost {cost:,.4f}' if cost else ''}"
    )


def _deepened(by: str, tally: "Tally") -> str:
    tokens, cost = tally.sums.get("tokens", 0), tally.sums.get("cost", 0)
    told = f"deep tier by {by}: {int(tally.sums.get('embedded', 0)):,} texts embedded"
    if tokens:
        told += f", {tokens:,.0f} tokens sent{f', which cost {cost:,.4f}' if cost else ''}"
    return told


def _cost(tally: "Tally", prices: "LlmSettings") -> float:
    """In the currency of the prices that are set."""
    asked, answered = tally.sums.get("prompt_tokens", 0), tally.sums.get("completion_tokens", 0)
    return round((asked * prices.prompt_price + answered * prices.answer_price) / 1e6, 6)

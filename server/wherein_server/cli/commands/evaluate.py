"""`wherein evaluate`."""

import json
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wherein.errors import ConfigError
from wherein.measured.recording import record_as
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown, shown_name
from wherein_server.cli.session import opened, refresh, settings_for
from wherein_server.cli.wording import count
from wherein_server.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wherein.evaluation.figures import Difference
    from wherein.evaluation.question import Question
    from wherein.evaluation.report import Report
    from wherein.index import Index
    from wherein.search.search import Mode

MOST_MISSES = 50
"""Questions that are listed."""

LONGEST_SHOWN = 200
"""Characters of one."""


@click.command(
    epilog=example(
        "wherein evaluate",
        "wherein evaluate --save before.json",
        "wherein evaluate --baseline before.json",
        "wherein evaluate questions.jsonl --mode hybrid --misses",
    )
)
@click.argument("queries", required=False, type=click.Path(path_type=Path), metavar="[QUERIES.jsonl]")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare with an earlier run; its questions are asked again, about the same commit.",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write this run to a file, to compare with later.",
)
@click.option(
    "--questions",
    "most",
    type=click.IntRange(10, 1000),
    default=100,
    metavar="N",
    help="Ask at most N questions from the history: 10 to 1,000, by default 100.",
)
@click.option(
    "--mode",
    "modes",
    type=click.Choice(["hybrid", "lexical", "semantic"]),
    multiple=True,
    help="Search only in this mode; may be repeated.",
)
@click.option(
    "--long",
    "whole",
    is_flag=True,
    help="Ask whole commit messages, if they are long, instead of subjects.",
)
@click.option("--misses", is_flag=True, help="List the questions whose answer is not among the first ten.")
@common_options
def command(
    common: Common,
    queries: Path | None,
    baseline: Path | None,
    save: Path | None,
    most: int,
    modes: "tuple[Mode, ...]",
    whole: bool,
    misses: bool,
) -> int:
    """Measure how well searches find what is asked for in this repository.

    Without QUERIES.jsonl, the questions are the subjects of its commits, asked of the code as it was before them;
    the answers are the lines that a commit changed. Nothing reaches 1 there: look at differences. A line of
    QUERIES.jsonl is an object with a "query" and its "answers": paths, [path, first line, last line], or {"symbol":
    NAME}; these are asked of the files on disk.

    Exits with 1 if the answers are worse than the baseline's by more than the noise.
    """
    from wherein.evaluation.report import read_baseline
    from wherein.evaluation.written import read_questions

    record_as(None)  # these are no user's questions
    before = read_baseline(baseline) if baseline is not None else None
    questions: Sequence[Question] = ()
    commit: str | None = None
    if queries is not None:
        questions = read_questions(queries)
    elif before is not None:
        questions, commit = before.questions, before.commit
    else:
        from wherein.evaluation.history import past_of

        past = past_of(common.folder, most, whole=whole)
        questions, commit = past.questions, past.commit
    with _asked(common, commit) as index:
        report = _run(index, questions, commit, modes)
    differences = report.against(before) if before is not None else {}
    if save is not None:
        _save(report, save)
    if common.json:
        jsonout.print_json({"evaluation": report.as_data(), "against": _told(differences)})
    else:
        _print(report, differences, common)
        if misses:
            _print_misses(report, common)
    return Exit.NOTHING_FOUND if any(each.worse for each in differences.values()) else Exit.DONE


@contextmanager
def _asked(common: Common, commit: str | None) -> "Iterator[Index]":
    """The index that is asked, up to date. The view of an earlier commit goes again, if it was made for this."""
    settings = settings_for(common)
    with opened(common, view=commit, settings=settings) as index:
        made = commit is not None and not index.can_be_read()
        try:
            refresh(index, common)
            yield index
        finally:
            if made:
                index.forget_view()


def _run(
    index: "Index", questions: "Sequence[Question]", commit: str | None, modes: "Sequence[Mode]"
) -> "Report":
    from wherein.evaluation.evaluate import MODES, evaluate
    from wherein.evaluation.report import Report

    results = tuple(evaluate(index, questions, mode) for mode in modes or MODES)
    model = index.status(check=False).model
    return Report(index.repository, commit, model, tuple(questions), results)


def _save(report: "Report", file: Path) -> None:
    text = json.dumps(report.as_data(), indent=1) + "\n"
    try:
        write_whole(file, text.encode(), mode=0o644)
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}.") from error


def _told(differences: "dict[str, Difference]") -> dict[str, object]:
    return {
        mode: {
            "ndcg": round(each.mean, 6),
            "low": round(each.low, 6),
            "high": round(each.high, 6),
            "questions": each.questions,
            "worse": each.worse,
            "better": each.better,
        }
        for mode, each in differences.items()
    }


def _print(report: "Report", differences: "dict[str, Difference]", common: Common) -> None:
    asked = f"the files of commit {report.commit[:12]}" if report.commit else "the files on disk"
    common.screen.note(
        f"{count(len(report.questions), 'question')} to {asked} of {shown_name(report.repository)}"
    )
    common.screen.line("mode      NDCG@10  hit@1  hit@5  hit@10   MRR  p50 ms  p95 ms")
    for result in report.results:
        told = result.figures
        common.screen.line(
            f"{result.mode:<9} {told.ndcg:7.3f}  {told.hit1:5.3f}  {told.hit5:5.3f}  {told.hit10:6.3f} "
            f"{told.mrr:5.3f}"
            f"  {1000 * result.p50:6.1f}  {1000 * result.p95:6.1f}"
        )
    for mode, each in differences.items():
        word = "worse" if each.worse else "better" if each.better else "within the noise"
        common.screen.line(
            f"{mode} against the baseline: NDCG@10 {each.mean:+.3f} ({each.low:+.3f} to {each.high:+.3f} "
            f"over {count(each.questions, 'question')}): {word}"
        )


def _print_misses(report: "Report", common: Common) -> None:
    missed = [
        question
        for question, score in zip(report.questions, report.results[0].scores, strict=True)
        if not score.first
    ]
    for question in missed[:MOST_MISSES]:
        answer = question.answers[0]
        where = (
            f"{shown_name(answer.path)}:{answer.start_line}" if answer.start_line else shown_name(answer.path)
        )
        common.screen.line(f"{shown(question.query[:LONGEST_SHOWN])}\t{shown_name(answer.symbol) or where}")
    if len(missed) > MOST_MISSES:
        common.screen.note(f"{len(missed) - MOST_MISSES} more were not found.")

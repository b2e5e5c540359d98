"""`wherein index --describe`: who writes, how far it is, and the result."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from wherein.errors import ConsentMissing
from wherein.measured.recording import Facts, note
from wherein_server.cli.agree import agreed
from wherein_server.cli.deep_bar import DeepBar
from wherein_server.cli.options import Common
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import settings_for
from wherein_server.cli.wording import count

if TYPE_CHECKING:
    from wherein import Index
    from wherein.deepening.describing import DescribeReport
    from wherein_server.explain.describe import Writer

LOOK_SECONDS = 1.0
"""Between two looks whether another process has described what there is."""


def ready(common: Common, path: Path | None) -> "Writer":
    """Who is to write, before anything is indexed. Where that is not on this machine, the user is asked."""
    from wherein_server.explain.describe import Writer, find_endpoint, writer

    endpoint = find_endpoint(settings_for(common, path))
    try:
        return writer(endpoint)
    except ConsentMissing as error:
        agreed(error)
        return Writer(endpoint)


def described(index: "Index", common: Common, writes: "Writer", most: int | None) -> "DescribeReport":
    """Have what is lacking written; where another process of this machine is at it, wait until it is done."""
    common.screen.note(f"{shown_name(writes.model)} at {shown_name(writes.shown_url)} describes definitions.")
    began, facts = time.monotonic(), Facts()
    try:
        with DeepBar(common.screen, "Described", "chunks looked at") as progress:
            report = index.describe(writes, progress, most=most)
            if report.busy:
                common.screen.note("Another process is describing this repository; waiting for it.")
            while report.busy:
                time.sleep(LOOK_SECONDS)
                report = index.describe(writes, progress, most=most)
            facts["described"] = report.written
        return report
    finally:
        facts |= {
            "model": writes.model,
            "prompt_tokens": writes.prompt_tokens,
            "completion_tokens": writes.completion_tokens,
        }
        note(writes.endpoint.settings, "describe", index.repository, time.monotonic() - began, facts)


def summary(report: "DescribeReport") -> str:
    """What a run did."""
    model = shown_name(report.model)
    done = f"{count(report.written, 'sentence')} written by {model} in {report.seconds:.1f} s"
    failed = f", {count(report.unusable, 'definition')} without a usable answer" if report.unusable else ""
    left = (
        "" if report.looked_at == report.chunks else "; not everything was looked at, the next run continues"
    )
    return f"Described: {done}{failed}; {count(report.described, 'definition')} described in all{left}."

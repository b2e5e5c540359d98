"""`wherein doctor`."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

import click

from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.remedies import remedy_for
from wherein_server.cli.sanitize import shown

if TYPE_CHECKING:
    from wherein_server.cli.check import Check

MARKS = {"ok": ("ok  ", "green"), "warn": ("warn", "yellow"), "fail": ("FAIL", "red")}


@click.command(epilog=example("wherein doctor", "wherein doctor --json", "wherein doctor --secrets"))
@click.option(
    "--secrets",
    is_flag=True,
    help="List instead where the files hold keys, passwords and tokens, which are masked in the index. Exits with "
    "1 if there are none.",
)
@common_options
def command(common: Common, secrets: bool) -> int:
    """Check what wherein needs, and say how to fix what is wrong.

    Exits with 0 if wherein works, even with warnings, and with 2 if it does not.
    """
    if secrets:
        from wherein_server.cli.secrets import list_secrets

        return list_secrets(common)
    from wherein_server.cli.checks import run_checks

    checks = [
        replace(each, remedy=remedy_for(each.remedy, common.repo, common.store))
        for each in run_checks(common)
    ]
    if common.json:
        jsonout.print_json({"checks": [_fields(each) for each in checks]})
    else:
        for check in checks:
            mark, colour = MARKS[check.level]
            if common.screen.pretty:
                from rich.text import Text

                text = Text(mark, style=colour).append(
                    shown(f"  {check.name}: {check.says}"), style="default"
                )
                common.screen.console.print(text, soft_wrap=True)
            else:
                common.screen.line(f"{mark}  {check.name}: {shown(check.says)}")
            if check.remedy:
                common.screen.line(f"      Try: {shown(check.remedy)}")
    code = Exit.ERROR if any(check.level == "fail" for check in checks) else Exit.DONE
    if any(check.unanswered for check in checks):
        _leave(code)
    return code


def _fields(check: "Check") -> dict[str, str]:
    told = (("name", check.name), ("level", check.level), ("says", check.says), ("remedy", check.remedy))
    return {name: jsonout.readable(value) for name, value in told}


def _leave(code: int) -> NoReturn:
    """End now: what still waits for an answer, such as a name's lookup, would keep the process from its end."""
    sys.stdout.flush()
    sys.stderr.flush()
    from wherein.git.running import leave

    leave(code)

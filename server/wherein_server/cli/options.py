"""What every command takes, and arguments that several share."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from wherein.config.locations import project_root
from wherein.errors import NotARepository
from wherein.quick_dataclass import dataclass
from wherein_server.cli import complete
from wherein_server.cli.remedies import remedies_for
from wherein_server.cli.screen import Screen
from wherein_server.cli.system_errors import ANOTHER_FOLDER, NO_FOLDER

FORMATS = ("text", "json", "jsonl", "vimgrep")

MOST_RESULTS = 1_000
"""A larger `--limit` counts as this."""


@dataclass(frozen=True, slots=True)
class Common:
    """The options of every command."""

    repo: Path | None
    """None: where the user is"""
    store: str | None
    json: bool
    offline: bool
    screen: Screen

    @property
    def folder(self) -> Path:
        """What is indexed and searched: the named folder, else the whole repository that the user is in. Raises
        NotARepository if it is gone."""
        if self.repo is not None:
            return self.repo
        try:
            return project_root(Path())
        except FileNotFoundError:
            raise NotARepository(NO_FOLDER, remedy=ANOTHER_FOLDER) from None

    @property
    def folder_if_any(self) -> Path | None:
        """As `folder`, for what can do without: None if it is gone."""
        try:
            return self.folder
        except NotARepository:
            return None

    @property
    def standpoint(self) -> Path | None:
        """The folder that the user reads and types paths from; None if a folder was named."""
        return Path() if self.repo is None else None


def common_options(function: Callable[..., int | None]) -> Callable[..., int | None]:
    """Add the options of every command; they arrive as one first argument, a Common."""

    @click.option(
        "--repo",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="A repository, or a folder in one to keep to; by default, the repository you are in.",
    )
    @click.option("--store", metavar="URL", help="Where indexes are kept, instead of the configured store.")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    @click.option(
        "--offline",
        is_flag=True,
        help="Use no network except for the configured store and a language model on this machine.",
    )
    @click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colour and layout for readers: on a terminal (auto), always or never.",
    )
    @functools.wraps(function)
    def with_common(
        *, repo: Path | None, store: str | None, as_json: bool, offline: bool, color: str, **rest: object
    ) -> int | None:
        view = rest.get("view")
        with remedies_for(repo, store, view if isinstance(view, str) else None):
            return function(Common(repo, store, as_json, offline, Screen(color)), **rest)

    return with_common


def example(*lines: str) -> str:
    r"""The end of a command's help: how it is called. `\b` keeps the lines as they are."""
    return "\n".join(("\b", "Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)))


def limit_option(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`-n`: how many results."""
    return click.option(
        "-n",
        "--limit",
        "-k",
        "--top-k",
        "limit",
        type=int,
        metavar="N",
        callback=_checked_limit,
        help=f"At most N results; {default} by default.",
    )


def view_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--view`: what to search instead of the files on disk."""
    return click.option(
        "--view",
        metavar="REF",
        shell_complete=complete.views,
        help="A branch, tag or commit instead of the files on disk; main@{1} is what main showed before.",
    )(function)


def yes_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--yes`: do what is otherwise asked about."""
    return click.option(
        "--yes",
        is_flag=True,
        help="Index a folder outside of any repository even if it is large, a home folder or the system's; this is "
        "remembered.",
    )(function)


def format_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--format`, which `checked_format` joins with `--json`."""
    return click.option("--format", "form", type=click.Choice(FORMATS), help="How to print results.")(
        function
    )


def checked_format(common: Common, form: str | None) -> str:
    """One of FORMATS; a usage error if `--json` says otherwise."""
    if common.json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form} cannot be used together.")
    return "json" if common.json else form or "text"


def _checked_limit(context: click.Context, parameter: click.Parameter, value: int | None) -> int | None:
    if value is None:
        return None
    if value < 1:
        raise click.UsageError(f"--limit must be at least 1, not {value}.", context)
    return min(value, MOST_RESULTS)


no_update_option = click.option("--no-update", is_flag=True, help="Answer from the index as it is.")


def result_options(most: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`-n`, which is `most` by default, `--format`, `--view`, `--no-update`: of a command that lists results."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        return limit_option(most)(format_option(view_option(no_update_option(function))))

    return add


def answer_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--show-prompt`, `--no-cache`, `--no-update`."""
    for option in reversed(
        (
            click.option("--show-prompt", is_flag=True, help="Print what would be sent, and send nothing."),
            click.option("--no-cache", is_flag=True, help="Ask the model even if the same was asked before."),
            no_update_option,
        )
    ):
        function = option(function)
    return function


def filter_options(function: Callable[..., int | None]) -> Callable[..., int | None]:
    """`--lang`, `--path`, `--exclude`, `--kind`, each of which may be repeated, and `--code`, `--tests`, `--no-tests`.
    They arrive as one argument, `within`: SearchFilters as they were typed."""

    @click.option(
        "--lang",
        "languages",
        multiple=True,
        metavar="LANG",
        shell_complete=complete.languages,
        help="Only code of this language; may be repeated.",
    )
    @click.option(
        "--path",
        "paths",
        multiple=True,
        metavar="GLOB",
        shell_complete=complete.files,
        help="Only files that match a pattern as in .gitignore (*.py, src/**); may be repeated.",
    )
    @click.option(
        "--exclude",
        multiple=True,
        metavar="GLOB",
        shell_complete=complete.files,
        help="Leave out files that match; may be repeated.",
    )
    @click.option(
        "--kind",
        "kinds",
        multiple=True,
        metavar="KIND",
        shell_complete=complete.kinds,
        help="Only results of this kind (function, which methods are too, class, section, …); may be "
        "repeated.",
    )
    @_scope_option("code", "Only code: no tests, examples or documents.")
    @_scope_option("tests", "Only tests.")
    @_scope_option("no-tests", "No tests.")
    @functools.wraps(function)
    def with_filters(*common: Common, **given: object) -> int | None:
        within = {name: given.pop(name) for name in ("languages", "paths", "exclude", "kinds", "scopes")}
        return function(*common, within=within, **given)

    return with_filters


def _scope_option(scope: str, told: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--SCOPE`, which adds it to the argument `scopes`."""

    def add(context: click.Context, parameter: click.Parameter, given: bool) -> None:
        scopes: tuple[str, ...] = context.params.setdefault("scopes", ())
        if given and "tests" in (scope, *scopes) and scopes:
            raise click.UsageError(f"--{scopes[0]} and --{scope} cannot be used together.", context)
        context.params["scopes"] = (*scopes, scope) if given else scopes

    return click.option(f"--{scope}", is_flag=True, expose_value=False, callback=add, help=told)

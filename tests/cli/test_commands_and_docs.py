"""The commands as a whole: help, examples, the pages made from them, errors and exit codes."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import wherein
from wherein import errors
from wherein_server.cli.exits import Exit, exit_for
from wherein_server.cli.main import COMMANDS, cli

REPOSITORY = Path(__file__).resolve().parents[2]


def all_commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield (*path, name), command
        if isinstance(command, click.Group):
            yield from all_commands(command, (*path, name))


COMMANDS_BY_PATH = dict(all_commands(cli))


@pytest.mark.parametrize("path", COMMANDS_BY_PATH, ids=" ".join)
def test_every_command_has_help_with_an_example_and_the_common_options(path):
    result = CliRunner().invoke(cli, [*path, "--help"])
    assert result.exit_code == 0
    assert f"wherein {' '.join(path)}" in result.output
    assert "Example" in result.output
    for option in ("--repo", "--store", "--json", "--help"):
        assert option in result.output


@pytest.mark.parametrize("path", COMMANDS_BY_PATH, ids=" ".join)
def test_every_option_says_what_it_does(path):
    for parameter in COMMANDS_BY_PATH[path].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert parameter.help.endswith((".", "(10) without it."))


@pytest.mark.parametrize("path", COMMANDS_BY_PATH, ids=" ".join)
def test_every_command_and_option_is_in_the_docs(path):
    page = (REPOSITORY / "docs" / "commands.md").read_text(encoding="utf-8")
    section = page.split(f"## wherein {' '.join(path)}\n")[1].split("\n## ")[0]
    head = page.split("\n## ")[0]
    for parameter in COMMANDS_BY_PATH[path].params:
        if isinstance(parameter, click.Option):
            assert all(f"`{name}`" in section + head for name in parameter.opts)


def test_the_docs_are_as_the_code_has_it():
    spec = importlib.util.spec_from_file_location("make_docs", REPOSITORY / "scripts" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    make_docs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_docs)
    for name, text in make_docs.pages().items():
        assert (REPOSITORY / "docs" / name).read_text(encoding="utf-8") == text, (
            "run python scripts/make_docs.py"
        )


def test_help_lists_every_command_in_order_and_no_other():
    output = CliRunner().invoke(cli, []).output
    for heading, names in COMMANDS.items():
        lines = output.split(f"{heading}:\n")[1].split("\n\n")[0].splitlines()
        listed = [
            line.split()[0] for line in lines if not line.startswith("   ")
        ]  # others go on with a sentence
        assert listed == list(names)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.NotFound, 1),
        (errors.NotARepository, 2),
        (errors.ConfigError, 2),
        (errors.WhereinError, 2),
        (errors.IndexMissing, 3),
        (errors.IndexIncompatible, 3),
        (errors.StoreUnreachable, 4),
        (errors.EndpointUnreachable, 5),
    ],
)
def test_each_error_has_its_exit_code(error, code):
    assert exit_for(error("x")) == code


def test_an_error_that_derives_from_another_shares_its_code():
    class Truncated(wherein.IndexIncompatible):
        pass

    assert exit_for(Truncated("x")) is Exit.INDEX


def test_completion_offers_languages_by_their_beginning():
    from click.shell_completion import ShellComplete

    found = ShellComplete(cli, {}, "wherein", "_X").get_completions(["search", "--lang"], "py")
    assert [item.value for item in found] == ["python"]


def test_progress_without_a_terminal_ends_with_all_files(capsys):
    from wherein.status import Progress
    from wherein_server.cli.progress import UpdateProgress
    from wherein_server.cli.screen import Screen

    with UpdateProgress(Screen("never")) as progress:
        for done in (0, 30, 60, 60):
            progress(Progress(done, 60, done * 4))
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["wherein: Reading 60 files …", "wherein: Read 60 of 60 files, 240 chunks."]

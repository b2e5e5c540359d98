"""Finds the command, runs it, and turns errors into a sentence and an exit code."""

import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from wherein import WhereinError, __version__
from wherein.measured.recording import record_as
from wherein.redaction import without_passwords
from wherein_server.cli import memory
from wherein_server.cli.exits import Exit, exit_for
from wherein_server.cli.interrupts import end_at_latest, keep_interrupts, was_interrupted
from wherein_server.cli.lazy import LazyGroup
from wherein_server.cli.sanitize import sentence, shown
from wherein_server.cli.screen import prepare_streams
from wherein_server.cli.utf8 import require_utf8

COLLECTED_AFTER = 10_000
"""New objects until cycles of them are looked for, instead of 700: most are of modules, which stay. With what Python
looks at when it ends, which `gc.freeze` keeps from it, that was 30 ms of a search."""

COMMANDS = {
    heading: {name: f"wherein_server.cli.commands.{name}" for name in names.split()}
    for heading, names in {
        "Find": "search symbol related callers callees outline",
        "Explain, with your language model": "explain ask",
        "The index": "index status files watch hook repo gc clear",
        "Settings, measuring, trouble": "doctor config model stats evaluate completion",
        "For editors, coding agents and teams": "lsp mcp serve farm redis",
    }.items()
}


@click.group(
    cls=LazyGroup,
    modules=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='Example: wherein search "where are redirects followed"',
)
@click.version_option(__version__, prog_name="wherein")
@click.pass_context
def cli(context: click.Context) -> None:
    """Tells you where in your repositories something is done.

    Searches the repository you are in by words, names and meaning; offline, with nothing to set up.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    if arguments is None:
        require_utf8()
    # A command's matrices are small: BLAS threads only cost their start, and wait for each other on busy cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    code = int(Exit.ERROR)
    gc.set_threshold(COLLECTED_AFTER, 10, 10)
    gc.enable()
    keep_interrupts()
    record_as("cli")
    try:
        prepare_streams()
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader had enough: `| head`
        code = Exit.DONE
        _silence(sys.stdout)
    except (KeyboardInterrupt, click.exceptions.Abort):
        code = Exit.INTERRUPTED
        _say("Interrupted.")
        end_at_latest(code)
    except OSError as error:  # of the last flush: what the commands meet is told by `_run`
        code = Exit.ERROR
        _say(f"The output cannot be written: {error.strerror}.")
        _silence(sys.stdout)
    # what is left to do is Python's, which would die of it half-way
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    streams = sys.stdout, sys.stderr
    try:
        result = cli.main(args=arguments, prog_name="wherein", standalone_mode=False)
    except click.UsageError as error:
        path = (
            error.ctx.command_path
            if error.ctx
            else _command_of(sys.argv[1:] if arguments is None else arguments)
        )
        _say(" ".join(error.format_message().split()), remedy=f"{path} --help")
    except click.ClickException as error:
        _say(" ".join(error.format_message().split()))
    except WhereinError as error:
        _say(error.message, remedy=error.remedy)
        return exit_for(error)
    except (BrokenPipeError, KeyboardInterrupt, click.exceptions.Abort):
        raise
    except SystemExit:  # click's own end for a closed pipe, with the code of "nothing found"
        sys.stdout, sys.stderr = streams
        raise BrokenPipeError from None
    except OSError as error:
        from wherein_server.cli.system_errors import explained

        _trace()
        message, remedy = explained(error)
        _say(message, remedy=remedy)
    except MemoryError:
        _say(memory.MESSAGE, remedy=memory.REMEDY)
    except Exception as error:
        if was_interrupted(error):
            raise KeyboardInterrupt from None
        if isinstance(error, ValueError) and "null byte" in str(error):
            _say("A name must not hold NUL characters.")
        elif memory.is_short():
            _trace()
            _say(memory.MESSAGE, remedy=memory.REMEDY)
        else:
            _unexpected(error)
    else:
        return result if isinstance(result, int) else Exit.DONE
    return Exit.ERROR


def _command_of(arguments: Sequence[str]) -> str:
    """The command that words begin with: click does not say whose option it could not read."""
    found: click.Command = cli
    path = ["wherein"]
    context = click.Context(cli)
    for word in arguments:
        command = found.get_command(context, word) if isinstance(found, click.Group) else None
        if command is None:
            break
        found, path = command, [*path, word]
    return " ".join(path)


def _unexpected(error: Exception) -> None:
    _trace()
    first = str(error).partition("\n")[0]
    _say(
        f"Something went wrong that should not have ({type(error).__name__}: {first}).",
        remedy="WHEREIN_LOG_LEVEL=debug shows where; please report it",
    )


def _trace() -> None:
    if wants_traceback():
        import traceback

        sys.stderr.write(shown(without_passwords(traceback.format_exc())))


def wants_traceback() -> bool:
    """Whether a developer is looking: by environment, or by the settings once they are loaded."""
    logging = sys.modules.get("logging")
    return os.environ.get("WHEREIN_LOG_LEVEL", "").strip().lower() == "debug" or (
        logging is not None and logging.getLogger("wherein").level == logging.DEBUG
    )


def _say(message: str, *, remedy: str = "") -> None:
    try:
        sys.stdout.flush()
    except OSError:
        _silence(sys.stdout)
    try:
        sys.stderr.write(f"wherein: {sentence(message)}\n")
        if remedy:
            sys.stderr.write(f"  Try: {sentence(remedy)}\n")
        sys.stderr.flush()
    except BrokenPipeError:
        _silence(sys.stderr)


def _silence(stream: object) -> None:
    """Nobody reads this stream any more; what it still holds must not be tried again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())  # type: ignore[attr-defined]
    os.close(nowhere)

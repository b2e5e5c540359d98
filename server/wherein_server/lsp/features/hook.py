"""`wherein.hook`, `wherein/hook`: the git hooks that keep an index fresh: installed, removed, inspected."""

from collections.abc import Callable
from typing import Any

from wherein.errors import ConfigError
from wherein_server.cli.hooking import (
    INSTALLED_ALREADY,
    none_there,
    not_all,
    outcome_fields,
    outcome_lines,
    own_command,
    status_fields,
    status_lines,
)
from wherein_server.lsp.arguments import Arguments
from wherein_server.lsp.server import Call, WhereinServer
from wherein_server.lsp.workspace import Served

NAMES = ("action", "uri", "shared", "dry")

ACTIONS = ("status", "install", "uninstall")

Doing = Callable[[Served, bool, bool], dict[str, Any]]


def register(server: WhereinServer) -> None:
    """Serve it."""

    async def hook(call: Call) -> dict[str, Any]:
        given = Arguments(call.arguments, NAMES)
        action = given.choice("action", ACTIONS)
        shared, dry = given.switch("shared"), given.switch("dry")
        asked = await server.served(given.value("uri"))
        if len(asked) > 1:
            raise ConfigError("Several repositories are open.", remedy="say which one with 'uri'")
        if action != "status" and server.restricted and not dry:
            raise ConfigError(
                "The folders that are open are not trusted, so no hooks are changed in them.",
                remedy="trust the folder first",
            )
        told = await server.in_thread(_DOING[action], asked[0], shared, dry)
        return {"action": action, **told}

    server.answers("hook", "Looking at git's hooks", hook)


def _status(served: Served, _shared: bool, _dry: bool) -> dict[str, Any]:
    from wherein.hooks.status import hooks_status

    found = hooks_status(served.repository.place, served.repository.settings)
    lines = [*status_lines(found), *not_all(found)]
    return {"text": "\n".join(lines), **status_fields(found)}


def _install(served: Served, shared: bool, dry: bool) -> dict[str, Any]:
    from wherein.hooks.install import install

    data_dir = served.repository.settings.data_dir
    outcome = install(served.repository.place, data_dir, own_command(), shared=shared, dry_run=dry)
    lines = [*outcome_lines(outcome, INSTALLED_ALREADY), *outcome.notes]
    return {"text": "\n".join(lines), **outcome_fields(outcome, dry_run=dry)}


def _uninstall(served: Served, shared: bool, dry: bool) -> dict[str, Any]:
    from wherein.hooks.install import uninstall

    outcome = uninstall(
        served.repository.place, served.repository.settings.data_dir, shared=shared, dry_run=dry
    )
    outcome.lines = ""
    lines = [*outcome_lines(outcome, none_there(outcome)), *outcome.notes]
    return {"text": "\n".join(lines), **outcome_fields(outcome, dry_run=dry)}


_DOING: dict[str, Doing] = {"status": _status, "install": _install, "uninstall": _uninstall}

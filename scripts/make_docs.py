"""Write docs/commands.md and docs/settings.md from the code; with `--check`, fail where they would change."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from wherein.config.setting import Setting
from wherein.config.settings import Settings, all_settings
from wherein.store.redis.roles.acl import ROLES, WITHOUT_A_KEY, commands, may
from wherein_server.cli.main import cli

DOCS = Path(__file__).resolve().parent.parent / "docs"

NOTICE = "<!-- Made by scripts/make_docs.py from the code; change that. -->"

COMMANDS_HEAD = f"""# Commands
{NOTICE}

Results go to standard output, everything else to standard error. On a terminal results are laid out for
reading; elsewhere they are `path:line:col: symbol  first line`. Names of files are printed byte for byte,
or, where they hold control characters, quoted as git quotes them.

| exit code | means |
|---|---|
| 0 | found, done |
| 1 | nothing found |
| 2 | usage or another error |
| 3 | index missing or incompatible |
| 4 | store unreachable |
| 5 | language-model endpoint unreachable |
| 130 | interrupted |

Every command takes these options:
"""

SETTINGS_HEAD = f"""# Settings
{NOTICE}

A flag takes precedence over the environment; then come the repository's `.wherein.toml`, your own `config.toml`
(`wherein config path` says where it is) and the default. `wherein config show --origin` shows what applies where you
are.

A repository's file may set only what to index and how to rank, marked *project* below. Anything else in
it is ignored with a warning: cloning a repository must not choose where your code is sent.

`WHEREIN_CONFIG` in the environment names your own file, if it is not where the platform keeps such files.
"""

ROLES_HEAD = f"""# What a role may send to Redis
{NOTICE}

| | means |
|---|---|
| `own` | only on keys and search indexes of the user's repositories; a searcher reads keys, and uses indexes by name |
| `yes` | the command names no key |
| empty | refused |

Every command on data of other repositories and tenants is refused as well. A user of a whole tenant was given all of
its repositories; only admins and owners can change the list of their names. Before the login, a server takes `AUTH`,
`HELLO`, `QUIT` and `RESET` from anybody.

Tests send every command that a server lists (Redis 7.4, the core of 8.2, Valkey 9.1, each with RediSearch 2.10) as
searcher, indexer and admin, of one repository and of a tenant, and compare what is allowed with this table. The role
`owner` is for Redis 8 only; its search module could not be had for the tests, so it has not been tried.
"""

COMMON = ("repo", "store", "as_json", "offline", "color", "help")


def pages() -> Mapping[str, str]:
    """File name → text."""
    return {"commands.md": commands_page(), "settings.md": settings_page(), "redis-roles.md": roles_page()}


def roles_page() -> str:
    """Every command of Redis that some role may send."""
    every = sorted({name for role in (*ROLES, "always") for name in commands()[role]})
    rows = [
        f"| `{name.upper().replace('|', ' ')}` | {' | '.join(_may(role, name) for role in ROLES)} |"
        for name in every
    ]
    head = f"| command | {' | '.join(ROLES)} |\n|---|{'---|' * len(ROLES)}"
    return f"{ROLES_HEAD}\n{head}\n" + "\n".join(rows) + "\n"


def _may(role: str, name: str) -> str:
    if not may(role, name):
        return ""
    return "yes" if name in WITHOUT_A_KEY else "own"


def commands_page() -> str:
    """Every command with its arguments, options and examples."""
    found = list(_commands(cli, click.Context(cli, info_name="wherein")))
    every_command = [p for p in found[0][1].params if isinstance(p, click.Option) and p.name in COMMON]
    lines = [
        COMMANDS_HEAD,
        *_options(every_command),
        "| `-h`, `--help` | Show what the command does, with an example. |",
        "",
    ]
    for path, command in found:
        lines += [f"## {path}", "", *_command(path, command), ""]
    return "\n".join(lines).rstrip() + "\n"


def settings_page() -> str:
    """Every setting with its type, default, and who may set it."""
    defaults = Settings()
    lines = [SETTINGS_HEAD]
    for key, setting in all_settings():
        default = setting.default_text or f"`{_toml(defaults.value(key))}`"
        lines += [f"## {key}", "", setting.doc, "", f"- Default: {default}", f"- Set by: {_set_by(setting)}"]
        lines += [f"- Example: `{key} = {setting.example}`", ""]
    return "\n".join(lines).rstrip() + "\n"


def _commands(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield inner.command_path, command
        if isinstance(command, click.Group):
            yield from _commands(command, inner)


def _command(path: str, command: click.Command) -> Iterator[str]:
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    usage = " ".join([path, "[OPTIONS]", *(_argument(argument) for argument in arguments)])
    yield f"`{usage}`"
    for paragraph in (command.help or "").split("\n\n"):
        yield from ("", " ".join(paragraph.split()))
    own = [p for p in command.params if isinstance(p, click.Option) and p.name not in COMMON]
    if own:
        yield from ("", *_options(own))
    examples = [line[2:] for line in (command.epilog or "").split("\n") if line.startswith("  ")]
    yield from ("", "```sh", *examples, "```")


def _argument(argument: click.Argument) -> str:
    name = argument.metavar or str(argument.name).upper()
    if isinstance(argument.type, click.Choice):
        name = "|".join(argument.type.choices)
    name += "…" if argument.nargs == -1 else ""
    return name if argument.required else f"[{name}]"


def _options(options: list[click.Option]) -> Iterator[str]:
    yield from ("| option | does |", "|---|---|")
    for option in options:
        value = option.metavar or ""
        if isinstance(option.type, click.Choice):
            value = r"\|".join(option.type.choices)
        names = ", ".join(f"`{name}`" for name in option.opts)
        yield f"| {names}{f' `{value}`' if value else ''} | {option.help} |"


def _set_by(setting: Setting) -> str:
    ways = ["your own file"]
    if setting.project:
        ways.insert(0, "*project*")
    if setting.environment:
        ways.append(f"`{setting.environment}`")
    return ", ".join(ways)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, tuple):
        return "[]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def main() -> None:
    """Write the pages, or check them."""
    check = "--check" in sys.argv[1:]
    changed = []
    for name, text in pages().items():
        page = DOCS / name
        if page.exists() and page.read_text(encoding="utf-8") == text:
            continue
        changed.append(name)
        if not check:
            DOCS.mkdir(exist_ok=True)
            page.write_text(text, encoding="utf-8")
    if check and changed:
        sys.exit(f"{', '.join(changed)}: not as the code has it. Run: python scripts/make_docs.py")


if __name__ == "__main__":
    main()

"""`wherein serve`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wherein.errors import ConfigError
from wherein.extras import install_command
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.group import Group, Listing
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import settings_for

if TYPE_CHECKING:
    from wherein_server.serve.access import Access, Token

DEFAULT_PORT = 9950


@click.group(
    cls=Listing,
    invoke_without_command=True,
    epilog=example("wherein serve", "wherein serve --host 0.0.0.0 --name code.example.com --proxy 10.0.0.7"),
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="The address to listen on."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    metavar="PORT",
    help="The port; 0 picks a free one.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="A host name that the server is reached by; may be repeated.",
)
@click.option("--login", is_flag=True, help="Ask for a token on this machine, too.")
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="The address of a trusted reverse proxy, or a network of them; may be repeated.",
)
@click.option("--user-header", metavar="NAME", help="The header in which that proxy names the user.")
@click.option(
    "--forge",
    "forges",
    multiple=True,
    metavar="HOST=KIND",
    help="Which software a host of your own runs (github, gitlab, gitea, bitbucket), for links; may be repeated.",
)
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Serve over TLS, with this chain of certificates.",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Its private key.",
)
@click.option(
    "--webhook-secret-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Take webhooks for the farm, signed with this secret, one a line while it changes; without it, "
    "WHEREIN_FARM_WEBHOOK_SECRET, if that is set.",
)
@common_options
@click.pass_context
def command(
    context: click.Context,
    common: Common,
    host: str,
    port: int,
    names: tuple[str, ...],
    login: bool,
    proxies: tuple[str, ...],
    user_header: str | None,
    forges: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
    webhook_secret_file: Path | None,
) -> None:
    """Serve a web page and an API that search every indexed repository, for a team.

    As long as only this machine can connect, nobody needs to log in. Otherwise users need a token, or a trusted
    proxy that names them, and each sees the repositories granted to them. docs/serve.md says how to run it.
    """
    if context.invoked_subcommand is not None:
        return
    settings = settings_for(common)
    try:
        from wherein_server.serve.run import Options, serve
    except ImportError as error:
        raise ConfigError(
            f"Serving needs packages that are not installed ({error.name}).",
            remedy=install_command("serve"),
        ) from None
    from wherein_server.farm.webhook.secret import read_secrets

    secrets = read_secrets(webhook_secret_file, "--webhook-secret-file")
    options = Options(
        *(host, port, names, proxies, user_header or "", login, forges, certificate, key),
        webhook_secrets=secrets,
    )
    serve(settings, options, common.screen.note)


@command.group(cls=Group, epilog=example("wherein serve token new ada --repository '*'"))
def token() -> None:
    """Make, list and revoke the tokens that the server knows."""


@token.command(
    epilog=example(
        "wherein serve token new ada --repository '*'",
        "wherein serve token new ci --repository 'github.com/acme/*' --days 90",
        "wherein serve token new prometheus --metrics",
    )
)
@click.argument("name")
@click.option(
    "--repository",
    "repositories",
    multiple=True,
    metavar="PATTERN",
    help="Repositories that may be seen (* for any characters); may be repeated.",
)
@click.option("--metrics", is_flag=True, help="Allow reading the metrics, which name all repositories.")
@click.option("--days", type=click.IntRange(1, 36500), metavar="N", help="Let it expire after N days.")
@common_options
def new(common: Common, name: str, repositories: tuple[str, ...], metrics: bool, days: int | None) -> int:
    """Make a token and print it, this once: only its hash is kept."""
    if not repositories and not metrics:
        raise click.UsageError(
            "A token that may see nothing is of no use: give --repository PATTERN or --metrics."
        )
    made, text = _access(common).new_token(name, repositories, metrics=metrics, days=days)
    if common.json:
        jsonout.print_json({**_fields(made), "token": text})
    else:
        common.screen.line(text)
        common.screen.note("Save it now: it will not be shown again.")
    return Exit.DONE


@token.command(name="list", epilog=example("wherein serve token list"))
@common_options
def list_(common: Common) -> int:
    """List the tokens, without their secrets."""
    found = _access(common).contents().tokens
    if common.json:
        jsonout.print_json({"tokens": [_fields(each) for each in found]})
        return Exit.DONE if found else Exit.NOTHING_FOUND
    for each in found:
        seen = ", ".join((*each.repositories, *(["metrics"] if each.metrics else ())))
        end = (
            ""
            if each.expires is None
            else f"\tuntil {time.strftime('%Y-%m-%d', time.localtime(each.expires))}"
        )
        gone = " (expired)" if each.expired(time.time()) else ""
        common.screen.line(f"{each.id}\t{shown_name(each.name)}\t{shown_name(seen)}{end}{gone}")
    if not found:
        common.screen.note("There is no token yet (wherein serve token new).")
        return Exit.NOTHING_FOUND
    return Exit.DONE


@token.command(epilog=example("wherein serve token revoke ada"))
@click.argument("which", metavar="NAME|ID")
@common_options
def revoke(common: Common, which: str) -> int:
    """Revoke a token, or all tokens of a name; running servers refuse it from then on."""
    gone = _access(common).revoke(which)
    if common.json:
        jsonout.print_json({"revoked": [_fields(each) for each in gone]})
    else:
        for each in gone:
            common.screen.line(f"{each.id}\t{shown_name(each.name)} is revoked.")
    return Exit.DONE


@command.group(cls=Group, epilog=example("wherein serve user grant ada --repository 'github.com/acme/*'"))
def user() -> None:
    """Say what users may see whom a reverse proxy names."""


@user.command(
    epilog=example(
        "wherein serve user grant ada --repository 'github.com/acme/*'",
        "wherein serve user grant '*' --repository 'github.com/acme/docs'",
    )
)
@click.argument("name")
@click.option(
    "--repository",
    "repositories",
    multiple=True,
    required=True,
    metavar="PATTERN",
    help="Repositories that may be seen (* for any characters); may be repeated.",
)
@common_options
def grant(common: Common, name: str, repositories: tuple[str, ...]) -> int:
    """Let a user see these repositories and no others; `*` is every user without a grant of their own."""
    made = _access(common).grant(name, repositories)
    common.screen.note(f"{shown_name(made.name)} may see {shown_name(', '.join(made.repositories))}.")
    return Exit.DONE


@user.command(epilog=example("wherein serve user withdraw ada"))
@click.argument("name")
@common_options
def withdraw(common: Common, name: str) -> int:
    """Take back everything that a user was allowed to see."""
    access = _access(common)
    if not any(each.name == name.strip() for each in access.contents().users):
        common.screen.note(f"Nothing was granted to {shown_name(name)}.")
        return Exit.NOTHING_FOUND
    access.grant(name, ())
    common.screen.note(f"{shown_name(name)} cannot see anything any more.")
    return Exit.DONE


@user.command(name="list", epilog=example("wherein serve user list"))
@common_options
def list_users(common: Common) -> int:
    """List the users, with what they may see."""
    found = _access(common).contents().users
    if common.json:
        users = [{"name": each.name, "repositories": list(each.repositories)} for each in found]
        jsonout.print_json({"users": users})
    else:
        for each in found:
            common.screen.line(f"{shown_name(each.name)}\t{shown_name(', '.join(each.repositories))}")
    if not found:
        common.screen.note("Nothing is granted to any user (wherein serve user grant).")
        return Exit.NOTHING_FOUND
    return Exit.DONE


def _access(common: Common) -> "Access":
    from wherein_server.serve.access import Access

    return Access(settings_for(common).data_dir)


def _fields(each: "Token") -> dict[str, object]:
    return {
        "id": each.id,
        "name": jsonout.readable(each.name),
        "repositories": list(each.repositories),
        "metrics": each.metrics,
        "created": each.created,
        "expires": each.expires,
    }

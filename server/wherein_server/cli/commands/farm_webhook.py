"""`wherein farm webhook`."""

import socket
from pathlib import Path

import click

from wherein.errors import ConfigError
from wherein.extras import install_command
from wherein_server.cli.exits import Exit
from wherein_server.cli.farming import farm, file_option
from wherein_server.cli.options import Common, common_options, example


@click.command(
    epilog=example(
        "wherein farm webhook --secret-file webhook.secret",
        "wherein farm webhook --host 0.0.0.0 --port 8765 --metrics",
    )
)
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="The address to listen on; by default, only this machine can connect.",
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8765, metavar="N", help="The port; 8765 by default."
)
@click.option(
    "--secret-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file with the secret that forges sign with (one per line while it is being changed); without it, "
    "WHEREIN_FARM_WEBHOOK_SECRET.",
)
@click.option(
    "--metrics", is_flag=True, help="Serve metrics for Prometheus at /metrics, to anybody who asks."
)
@file_option
@common_options
def webhook(
    common: Common, file: Path | None, host: str, port: int, secret_file: Path | None, metrics: bool
) -> int:
    """Listen for pushes from GitHub, GitLab, Gitea or Forgejo, and hand them out at once.

    Requests must be signed with the secret. TLS is left to a reverse proxy. `wherein serve` accepts webhooks as
    well.
    """
    from wherein_server.farm.metrics import exposition
    from wherein_server.farm.status import status_of
    from wherein_server.farm.webhook.application import application
    from wherein_server.farm.webhook.hooks import Hooks
    from wherein_server.farm.webhook.secret import VARIABLE, read_secrets

    try:
        import uvicorn
    except ImportError:
        raise ConfigError(
            "Webhooks need packages that are not installed.", remedy=install_command("farm")
        ) from None
    secrets = read_secrets(secret_file, "--secret-file")
    if not secrets:
        raise ConfigError(
            "Webhooks are accepted only with a secret, and there is none.",
            remedy=f"--secret-file FILE, or {VARIABLE}, with what the forge was given as the webhook's secret",
        )
    with farm(common, file) as opened:
        served = application(
            Hooks(opened, secrets).take, (lambda: exposition(status_of(opened))) if metrics else None
        )
        listening = _listen(host, port)
        common.screen.note(
            f"Accepting webhooks at http://{host}:{listening.getsockname()[1]}/, until Ctrl-C."
        )
        configuration = uvicorn.Config(served, log_config=None, access_log=False, server_header=False)
        uvicorn.Server(configuration).run(sockets=[listening])
    return Exit.DONE


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()
    except OSError as error:
        raise ConfigError(f"Cannot listen on {host}:{port}: {error.strerror}.", remedy="--port 0") from None
    return listening

"""`wherein farm`."""

import click

from wherein_server.cli.commands.farm_list import add, list_, remove, retry
from wherein_server.cli.commands.farm_run import adopt, poll, run, work
from wherein_server.cli.commands.farm_status import status
from wherein_server.cli.commands.farm_webhook import webhook
from wherein_server.cli.group import Group
from wherein_server.cli.options import example


@click.group(
    cls=Group,
    epilog=example(
        "wherein farm add https://github.com/acme/web",
        "wherein farm run --file farm.toml",
        "wherein farm work --concurrency 4",
        "wherein farm status",
    ),
)
def command() -> None:
    """Keep a team's repositories indexed in its Redis, by workers on any number of machines."""


for each in (add, list_, remove, retry, poll, run, work, webhook, status, adopt):
    command.add_command(each)

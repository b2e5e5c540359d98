"""`python -m wherein_server.cli` is `wherein`."""

from wherein_server.cli.entry import run

run()

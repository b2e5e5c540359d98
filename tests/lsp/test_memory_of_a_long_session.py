"""What a server holds does not grow with what it was told."""

from pathlib import Path

TOLD = 4_000

AT_ONCE = 50
"""So many are answered before more come."""

MOST_GROWTH = 2 << 20
"""Bytes: a task that is kept for each of them is a kilobyte."""


def anonymous(process):
    """Bytes that a process holds of its own."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("RssAnon"))
    return int(line.split()[1]) * 1024


def test_notifications_leave_nothing_behind(start, shop, tmp_path):
    client = start(begin_anew=True)
    client.initialize(shop.root)
    client.indexed()
    elsewhere = {"textDocument": {"uri": (tmp_path / "elsewhere.py").as_uri()}}

    def tell(times):
        for number in range(times):
            client.notify("textDocument/didSave", elsewhere)
            if number % AT_ONCE == 0:
                client.command("wherein.status")

    tell(TOLD // 4)
    before = anonymous(client.process)
    tell(TOLD)
    assert anonymous(client.process) - before < MOST_GROWTH

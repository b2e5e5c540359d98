"""How the server begins and ends."""

import os
import signal
import socket

import wherein
from installed_command import run_command
from redis_servers import wait_until
from wherein.config.settings import Settings


def test_it_ends_in_order_by_a_signal_and_goes_on_answering_until_then(library, start):
    for number, code in ((signal.SIGTERM, 0), (signal.SIGINT, 130)):
        server = start(library)
        with server.raw() as connection:
            connection.sendall(b"GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")
            ended, said = server.stop(number)
        assert ended == code, said
        assert "Traceback" not in said


def test_what_cannot_be_served_is_one_sentence(library, tmp_path):
    def command(*arguments):
        environment = {"PATH": os.environ["PATH"], "WHEREIN_DATA_DIR": str(library), "LANG": "C.UTF-8"}
        done = run_command("serve", *arguments, folder=tmp_path, environment=environment)
        return done.returncode, done.stderr.splitlines()

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = command("--port", str(port))
        assert (code, said[1]) == (2, "  Try: wherein serve --port 0")
        assert str(port) in said[0]
    no_key = tmp_path / "none.pem"
    no_key.write_text("none")
    for arguments in (
        ("--host", "no.such.host.invalid"),
        ("--proxy", "nowhere"),
        ("--user-header", "X-User"),
        ("--forge", "git.example.com=cvs"),
        ("--certificate", str(no_key)),
        ("--certificate", str(no_key), "--key", str(no_key)),
    ):
        code, said = command(*arguments)
        assert code == 2
        assert said[0].startswith("wherein: "), said
        assert len(said) <= 2, said


def test_what_is_indexed_while_it_runs_is_found(start, make_repo, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    server = start(data)
    status, _, answer = server.ask("/api/v1/search", q="total")
    assert (status, answer["error"]["message"]) == (404, "No repository is indexed yet.")
    repo = make_repo("late")
    repo.commit({"late.py": "def comes_late():\n    return 1\n"})
    with wherein.open_index(repo.root, settings=Settings(data_dir=data)) as index:
        index.update(processes=0)
        wait_until(lambda: server.get("repositories")["repositories"], within=60)
        assert server.get("search", q="comes late")["results"][0]["symbol"] == "comes_late"
        repo.write("late.py", "def comes_later_still():\n    return 1\n")
        index.update(processes=0)
    assert server.get("search", q="comes later")["results"][0]["symbol"] == "comes_later_still"
    server.stop()

"""`wherein mcp install` and `uninstall`: in a client's configuration, and nothing else of it."""

import json
import tomllib
from pathlib import Path

import pytest

from wherein.errors import ConfigError
from wherein_server.mcp.clients import jsonc
from wherein_server.mcp.clients.client import clients
from wherein_server.mcp.clients.install import install, uninstall

CLIENTS = list(clients())
JSON_CLIENTS = [name for name, client in clients().items() if client.format == "json"]


class Home:
    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.environ = {"XDG_CONFIG_HOME": str(folder / "config")}

    def path(self, name):
        return clients()[name].path(self.environ)

    def write(self, name, text):
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def install(self, name, *arguments, dry_run=False):
        server = clients()[name].server("/opt/wherein", ["mcp", *arguments])
        return install(clients()[name], server, self.data, dry_run=dry_run, environ=self.environ)

    def uninstall(self, name, *, dry_run=False):
        return uninstall(clients()[name], self.data, dry_run=dry_run, environ=self.environ)

    def servers(self, name):
        text = self.path(name).read_bytes().decode("utf-8-sig")
        client = clients()[name]
        return (tomllib.loads(text) if client.format == "toml" else jsonc.loads(text))[client.key]


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return Home(tmp_path)


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_without_a_file_gets_one_that_goes_again(home, name):
    shown = home.install(name, dry_run=True)
    assert shown.changes
    assert not home.path(name).exists()
    home.install(name)
    entry = home.servers(name)["wherein"]
    assert (entry["command"], entry["args"]) == ("/opt/wherein", ["mcp"])
    assert not home.install(name).changes
    assert home.uninstall(name, dry_run=True).changes
    home.uninstall(name)
    assert not home.path(name).exists()
    assert home.path(name).parent == Path.home() or not home.path(name).parent.exists()
    assert not home.uninstall(name).changes


SERVERS = '"other": {"command": "x", "args": ["wherein", "//", "/* no */"]}'
TEXTS = [
    "{}",
    "{ }\n",
    "{\n}\n",
    "{\n  // nothing yet\n}\n",
    '{\n  "a": 1\n}\n',
    '{"a":1}',
    '{ "a": 1 }',
    '{\n\t"a": [1, 2,],\n\t/* here */ "b": {"c": "// no"},\n}\n',
    '{\n  "KEY": {}\n}\n',
    '{"KEY":{}, "z": "}"}',
    '{\n  "KEY": {\n  }\n}\n',
    '{\n    "KEY": {\n        // mine\n        SERVERS, // and this\n    },\n    "z": null\n}',
    '{"KEY": {SERVERS}}',
    '{\r\n  "a": 1,\r\n  "KEY": {\r\n    SERVERS\r\n  }\r\n}\r\n',
    '\ufeff{\n  "a": "ü\\ud83d\\ude00 \u2028"\n}\n',
    '{"é": {"KEY": {"wherein": 1}}, "KEY": {"wherein ": {}, "x": {"wherein": []}}}',
    '{  \n  "a": 1\n}',
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", ["claude", "vscode"])
def test_every_other_byte_of_a_json_file_stays(home, name, text):
    text = text.replace("KEY", clients()[name].key).replace("SERVERS", SERVERS)
    home.write(name, text)
    home.install(name)
    written = home.path(name).read_bytes().decode()
    assert home.servers(name)["wherein"]["command"] == "/opt/wherein"
    kept = [line.strip() for line in text.splitlines() if line.strip(" {}\r\n")]
    assert all(line in written for line in kept if len(text.splitlines()) > 3)
    home.install(name, "--tools", "all")
    assert home.servers(name)["wherein"]["args"] == ["mcp", "--tools", "all"]
    home.uninstall(name)
    assert home.path(name).read_bytes().decode() == text


TABLES = [
    "model = 'x'\n",
    "model = 'x'",
    "# mine\n\n[mcp_servers.other]\ncommand = 'x' # here\n\n# about what follows\n[tools]\nweb = true\n",
    "[mcp_servers.other]\r\ncommand = 'x'\r\n",
    'note = """\n[mcp_servers.other]\n"""\n',
]


@pytest.mark.parametrize("text", TABLES)
def test_every_other_line_of_a_toml_file_stays(home, text):
    home.write("codex", text)
    home.install("codex")
    assert home.path("codex").read_bytes().decode().startswith(text)
    home.install("codex", "--tools", "all")
    assert home.servers("codex")["wherein"]["args"] == ["mcp", "--tools", "all"]
    home.path("codex").write_bytes(home.path("codex").read_bytes() + b"\n# after\n[later]\nx = 1\n")
    home.uninstall("codex")
    assert home.path("codex").read_bytes().decode().replace("\r", "") == (
        text.replace("\r", "") + ("" if text.endswith("\n") else "\n") + "\n# after\n[later]\nx = 1\n"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("claude", b"\xff\xfe{"),
        ("claude", '{"mcpServers": ['),
        ("claude", "[1, 2]"),
        ("claude", '{"mcpServers": []}'),
        ("claude", '{"mcpServers": {}, "mcpServers": {"x": {}}}'),
        ("codex", "mcp_servers = { other = { command = 'x' } }\n"),
        ("codex", "mcp_servers = 3\n"),
        ("codex", "[mcp_servers\n"),
    ],
)
def test_a_file_that_cannot_be_changed_safely_is_left_with_a_word_on_what_to_add(home, name, text):
    home.write(name, text)
    before = home.path(name).read_bytes()
    with pytest.raises(ConfigError) as raised:
        home.install(name)
    assert "left as it is" in raised.value.message
    assert raised.value.remedy
    assert home.path(name).read_bytes() == before
    assert [each.name for each in home.path(name).parent.iterdir() if each.name.startswith(".w")] == []


def test_a_link_to_a_file_stays_one_and_rights_stay(home, tmp_path):
    kept = tmp_path / "dotfiles.json"
    kept.write_text('{"secret": "s3cret"}')
    kept.chmod(0o640)
    home.path("cursor").parent.mkdir()
    home.path("cursor").symlink_to(kept)
    change = home.install("cursor")
    assert home.path("cursor").is_symlink()
    assert "wherein" in json.loads(kept.read_text())["mcpServers"]
    assert kept.stat().st_mode & 0o777 == 0o640
    assert change.lines


def test_clients_that_are_kept_elsewhere_are_found_there(tmp_path):
    environ = {"CODEX_HOME": str(tmp_path / "cx"), "CLAUDE_CONFIG_DIR": str(tmp_path / "cl")}
    assert clients()["codex"].path(environ) == tmp_path / "cx" / "config.toml"
    assert clients()["claude"].path(environ) == tmp_path / "cl" / ".claude.json"


@pytest.mark.parametrize("comments", ["/" * 200, "/* x */ " * 200, "// // " * 100])
def test_a_comma_before_many_comments_takes_no_time(comments):
    assert jsonc.loads(f'{{"a": 1, {comments}\n "b": [2, {comments}\n],}}') == {"a": 1, "b": [2]}

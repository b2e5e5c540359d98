"""docs/editors.md names every command with its arguments, and its snippets can be read."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from wherein.config.settings import all_settings
from wherein_server.lsp.errors import Code
from wherein_server.lsp.features import (
    ask,
    callees,
    callers,
    changed,
    explain,
    hook,
    reindex,
    related,
    search,
    status,
    symbol,
)

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "editors.md").read_text(encoding="utf-8")
FEATURES = (ask, callees, callers, changed, explain, hook, reindex, related, search, status, symbol)
OTHER_SPELLINGS = {"textDocument", "range"}
"""accepted, and told elsewhere or not at all"""


@pytest.mark.parametrize("feature", FEATURES, ids=lambda each: each.__name__.rpartition(".")[2])
def test_every_argument_is_in_the_table_of_commands(feature):
    name = feature.__name__.rpartition(".")[2]
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `wherein.{name}` |")]
    assert f"`wherein/{name}`" in row
    told = set(re.findall(r"`(\w+)`", row.split("|")[3]))
    known = set(feature.NAMES) - OTHER_SPELLINGS
    if name == "symbol":
        known -= {"symbol", "query"}
    if name == "ask":
        known -= {"question"}
    assert told == known


def test_every_error_code_is_explained(reading):
    for code in (Code.INDEX, Code.STORE, Code.ENDPOINT, Code.ARGUMENTS, Code.CANCELLED):
        assert f"| {int(code)} |" in PAGE


def test_the_server_offers_exactly_the_commands_of_the_page(start):
    client = start()
    offered = client.initialize()["capabilities"]["executeCommandProvider"]["commands"]
    assert sorted(offered) == sorted(set(re.findall(r"^\| `(wherein\.\w+)` \|", PAGE, re.M)))


def snippets(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)


@pytest.mark.parametrize("snippet", snippets("json"))
def test_json_snippets_are_json(snippet):
    document = json.loads(snippet)
    if isinstance(document, list):
        return
    settings = {key for key, _ in all_settings()}
    options = document.get("clients", {}).get("wherein", {}).get("initializationOptions", {})
    for table, values in options.items():
        assert {f"{table}.{name}" for name in values} <= settings


@pytest.mark.parametrize("snippet", snippets("toml"))
def test_toml_snippets_are_toml(snippet):
    assert tomllib.loads(snippet)["language-server"]["wherein"]["args"] == ["lsp"]

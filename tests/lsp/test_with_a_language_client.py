"""A typed client of pytest-lsp drives the installed command: what comes back is LSP as its types have it."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

COMMAND = Path(sys.executable).parent / "wherein"
BASE = Path(tempfile.gettempdir()) / f"wherein-lsp-client-{os.getpid()}"

pytestmark = pytest.mark.asyncio


def make_client():
    """pytest-lsp's own handler of progress takes no partial results."""
    client = LanguageClient(converter_factory=default_converter)
    features = {name: each for name, each in DEFAULT_CLIENT_FEATURES.items() if name != types.PROGRESS}
    register_lsp_features(client, features)
    client.values = {}
    client.feature(types.PROGRESS)(
        lambda params: client.values.setdefault(params.token, []).append(params.value)
    )
    return client


@pytest.fixture
def folder():
    """A plain folder, and a place for its index; the server is configured before the test knows its own."""
    root = Path(tempfile.mkdtemp(dir=BASE)) / "project"
    root.mkdir()
    (root / "tax.py").write_text("def value_added_tax(amount):\n    return amount * 0.19\n")
    yield root
    shutil.rmtree(BASE, ignore_errors=True)


@pytest_lsp.fixture(
    config=ClientServerConfig(
        [str(COMMAND), "lsp", "--stdio"],
        client_factory=make_client,
        server_env={"WHEREIN_DATA_DIR": str(BASE / "data"), "HOME": str(BASE / "home")},
    )
)
async def client(lsp_client: LanguageClient, request):
    BASE.mkdir(exist_ok=True)
    root = request.getfixturevalue("folder")
    lsp_client.root = root
    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities("visual-studio-code"),
            workspace_folders=[types.WorkspaceFolder(root.as_uri(), root.name)],
        )
    )
    await command(lsp_client, "wherein.reindex", {})
    yield
    await lsp_client.shutdown_session()


async def command(client, name, *arguments):
    return await client.workspace_execute_command_async(
        types.ExecuteCommandParams(command=name, arguments=list(arguments))
    )


async def test_workspace_symbols_are_typed(client):
    symbols = await client.workspace_symbol_async(types.WorkspaceSymbolParams(query="value"))
    assert symbols[0].name == "value_added_tax"
    assert symbols[0].kind is types.SymbolKind.Function
    assert symbols[0].location.range.start == types.Position(0, 4)


async def test_code_actions_are_offered(client):
    uri = (client.root / "tax.py").as_uri()
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=types.TextDocumentIdentifier(uri),
            range=types.Range(types.Position(1, 4), types.Position(1, 8)),
            context=types.CodeActionContext(diagnostics=[]),
        )
    )
    assert [action.title for action in actions] == ["Explain this", "Find similar code"]
    place = {"uri": uri, "position": {"line": 1, "character": 4}}
    assert (await command(client, "wherein.related", place))["results"] == []


async def test_errors_have_their_codes(client):
    with pytest.raises(JsonRpcException) as refused:
        await command(client, "wherein.search", {})
    assert refused.value.code == -32602
    assert "query" in refused.value.message


async def test_progress_of_indexing_that_begins_ends(client):
    """There is none where indexing was over before the client had answered; one file takes that little."""
    assert len(client.values) <= 1
    for values in client.values.values():
        kinds = [value["kind"] if isinstance(value, dict) else value.kind for value in values]
        assert kinds[0] == "begin"
        assert kinds[-1] == "end"

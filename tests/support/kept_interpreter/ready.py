"""What is imported and read once, before anything is forked."""

import gc
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from raw_client import CAPABILITIES

IMPORTED_LATE = (
    "filelock",
    "hiredis",
    "httpx2",
    "importlib.readers",
    "platformdirs.unix",
    "redis",
    "rich.console",
    "rich.markdown",
    "rich.progress",
    "rich.syntax",
    "simsimd",
    "ssl",
)
"""What functions of wherein import, of the Python library and of others."""

DATA = (
    "chunking.encodings:_declarations",
    "chunking.generated:_described",
    "git.ignore.conventions:_table",
    "git.remote:_failures",
    "languages.registry:_tables",
    "made_with:_parsers",
    "path_groups:_inside",
    "path_groups:_prose",
    "path_groups:path_groups",
    "search.calls.resolve:_evidence",
    "search.everyday:_table",
    "search.foreign.english:_signs",
    "search.intent:_vocabulary",
    "search.intent:idle_terms",
    "search.long_weights:long_weights",
    "search.messages:_told",
    "search.query:_vocabulary",
    "search.rank.score:_weights",
    "search.report_parts:_told",
    "search.synonyms:_table",
    "search.telling:_factors",
    "search.traces:_formats",
    "search.trace_order:_patterns",
    "secrets.files:secret_names",
    "secrets.files:_contents",
    "secrets.rules:rules",
    "unasked.places:_table",
)
"""Functions that keep what they read in the package's own data, which no setting, folder or variable changes."""

QUERIES = ("bash", "c", "go", "java", "javascript", "python", "ruby", "rust", "typescript")
"""Languages of the tests' files: a process that parses compiles their queries, in some 10 ms each, or more."""

MESSAGES = (
    *(
        "initialize",
        "initialized",
        "shutdown",
        "exit",
        "$/progress",
        "$/cancelRequest",
        "client/registerCapability",
    ),
    *("window/logMessage", "window/showMessage", "window/workDoneProgress/create", "workspace/configuration"),
    *("workspace/executeCommand", "workspace/symbol", "textDocument/didOpen", "textDocument/didSave"),
)
"""Of the language server's protocol: what converts each is compiled when a first one comes, in .1 s for these."""

LAZY = "wherein.quick_dataclass"
PAGE_WORDS = 1024
"""Of a page of an index file."""


def make_ready() -> None:
    """Half of what a small search costs, and two thirds of a first index, beside the start of an interpreter."""
    _import_everything()
    _write_methods()
    _load_model()
    _convert_messages()
    for place in DATA:
        module, _, function = place.partition(":")
        getattr(import_module(f"wherein.{module}"), function)()
    registry = import_module("wherein.languages.registry")
    for name in QUERIES:
        language = registry.get(name)
        _ = language.query, language.calls
    import_module("wherein.store.sqlite.sums")._weights(PAGE_WORDS)
    assert len(list(Path("/proc/self/task").iterdir())) == 1, "a process of several threads must not fork"


def _import_everything() -> None:
    import wherein
    import wherein_server

    for package in (wherein, wherein_server):
        root = Path(package.__path__[0])
        for file in sorted(root.rglob("*.py")):  # some folders are packages without a file that says so
            if file.stem not in ("__init__", "__main__"):
                import_module(".".join((package.__name__, *file.relative_to(root).with_suffix("").parts)))
    for name in IMPORTED_LATE:
        import_module(name)


def _write_methods() -> None:
    """Of the data classes that would write theirs when a first object is made (`wherein.quick_dataclass`)."""
    for each in gc.get_objects():
        if isinstance(each, type) and getattr(each.__init__, "__module__", "") == LAZY:
            with suppress(TypeError, AttributeError):  # it is written; then there is no object
                each.__init__(None)  # type: ignore[misc]


def _load_model() -> None:
    """In memory: of a file that is mapped, each command would have a descriptor from its beginning."""
    import numpy

    model = import_module("wherein.embedding.open")._packaged()
    model._vectors = numpy.array(model._vectors)


def _convert_messages() -> None:
    """By the one converter of a language server, which a process makes for itself otherwise."""
    from lsprotocol import types

    from wherein_server.lsp import server

    converter = server.default_converter()
    for name in MESSAGES:
        for each in filter(None, types.METHOD_TO_TYPES[name][:2]):
            converter.get_structure_hook(each)
            converter.get_unstructure_hook(each)
    place = {"uri": "file:///a", "name": "a"}
    given = {
        "processId": 1,
        "rootUri": "file:///a",
        "workspaceFolders": [place],
        "capabilities": CAPABILITIES,
    }
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": given}
    converter.structure(message, types.InitializeRequest)
    able = types.ServerCapabilities(hover_provider=True, text_document_sync=types.TextDocumentSyncOptions())
    converter.unstructure(types.InitializeResponse(1, types.InitializeResult(able)))
    server.default_converter = lambda: converter

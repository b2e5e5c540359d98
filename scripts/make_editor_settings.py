"""Write what VS Code's extension knows of the server from the server: its settings, the kinds of chunks and the
languages. With `--check`, fail where that would change."""

import inspect
import json
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wherein.config.setting import Setting
from wherein.config.settings import SECTIONS, Settings, all_settings
from wherein.languages.registry import names
from wherein.search.inline_filters import KINDS

EXTENSION = Path(__file__).resolve().parent.parent / "editors" / "vscode"
MANIFEST = EXTENSION / "package.json"
GENERATED = EXTENSION / "src" / "generated.ts"

TITLES = {
    "": "Storage",
    "index": "What is indexed",
    "search": "Searching",
    "llm": "Language model",
    "lsp": "Language server",
    "background": "In the background",
    "stats": "Statistics",
}

NOT_OF_THE_EDITOR = frozenset({"log_level"})
"""Beside secrets, which no file of settings holds: they are kept by the editor's key store."""

Property = dict[str, Any]


def pages() -> Mapping[Path, str]:
    """File → text."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    own = manifest["contributes"]["configuration"][:1]
    manifest["contributes"]["configuration"] = own + list(_sections())
    return {MANIFEST: _json(manifest), GENERATED: _typescript()}


def _sections() -> Iterator[Property]:
    order = 100
    for prefix, title in TITLES.items():
        properties: dict[str, Property] = {}
        for key, setting in _told():
            if key.rpartition(".")[0] == prefix:
                order += 1
                properties[f"wherein.{key}"] = _property(key, setting, order)
        if properties:
            yield {"title": title, "properties": properties}


def _told() -> Iterator[tuple[str, Setting]]:
    return (
        (key, setting)
        for key, setting in all_settings()
        if not setting.secret and key not in NOT_OF_THE_EDITOR
    )


def _property(key: str, setting: Setting, order: int) -> Property:
    kind, optional = _kind(key)
    made: Property = {"type": [kind, "null"] if optional or setting.default_text else kind}
    given = inspect.getclosurevars(setting.read).nonlocals
    if kind == "integer":
        made |= {"minimum": given["least"], "maximum": given["most"]}
    if kind == "string" and "choices" in given:
        made["enum"] = [*given["choices"]]
    if kind == "array":
        made["items"] = {"type": "string"}
    if kind == "object":
        made["additionalProperties"] = {"type": "number" if key == "search.ranking" else "string"}
    made["default"] = None if setting.default_text else _plain(Settings().value(key))
    # what a repository's own file may set, a folder's settings may; anything else is the user's, on each machine
    made |= {"scope": "resource" if setting.project else "machine", "order": order}
    default = f" Default: {setting.default_text}." if setting.default_text else ""
    made["markdownDescription"] = setting.doc + default
    return made


def _kind(key: str) -> tuple[str, bool]:
    """The JSON type of a setting, and whether it may be none."""
    section, _, name = key.rpartition(".")
    owner = SECTIONS[section] if section else Settings
    hint = typing.get_type_hints(owner)[name]
    optional = isinstance(hint, types.UnionType)
    if optional:
        hint = next(each for each in typing.get_args(hint) if each is not type(None))
    plain = typing.get_origin(hint) or hint
    names = {bool: "boolean", int: "integer", float: "number", str: "string", tuple: "array", Path: "string"}
    return ("object" if issubclass(plain, Mapping) else names[plain]), optional


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def _typescript() -> str:
    told = [(key, setting.project) for key, setting in _told()]
    project = [key for key, of_project in told if of_project]
    own = [key for key, of_project in told if not of_project]
    named = {
        "PROJECT_SETTINGS": (project, "What a folder's settings may set: what to index and how to rank."),
        "OWN_SETTINGS": (
            own,
            "What the user alone may set; a change of these needs the server to start anew.",
        ),
        "KINDS": ([*KINDS], "Behind `kind:`."),
        "LANGUAGES": (sorted(names()), "Behind `lang:`."),
    }
    parts = [
        f"/** {doc} */\nexport const {name}: readonly string[] = [\n"
        + "".join(f"  {_quoted(value)},\n" for value in values)
        + "];\n"
        for name, (values, doc) in named.items()
    ]
    notice = "// Made by scripts/make_editor_settings.py from the server's code; change that.\n"
    return "\n".join([notice, *parts])


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the files, or check them."""
    check = "--check" in sys.argv[1:]
    stale = [file for file, text in pages().items() if not file.exists() or file.read_text("utf-8") != text]
    if check and stale:
        names = ", ".join(file.name for file in stale)
        sys.exit(f"{names}: not as the code has it. Run: python scripts/make_editor_settings.py")
    for file in stale:
        file.write_text(pages()[file], encoding="utf-8")


if __name__ == "__main__":
    main()

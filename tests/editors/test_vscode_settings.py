"""What the extension for VS Code says of settings, kinds and languages is what the server has."""

import importlib.util
import json
import re
from pathlib import Path

import wherein
from wherein.config.settings import all_settings

REPOSITORY = Path(__file__).resolve().parents[2]
EXTENSION = REPOSITORY / "editors" / "vscode"


def manifest():
    return json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))


def properties():
    sections = manifest()["contributes"]["configuration"]
    return {name: told for section in sections for name, told in section["properties"].items()}


def test_the_extension_has_the_settings_kinds_and_languages_of_the_server():
    script = REPOSITORY / "scripts" / "make_editor_settings.py"
    spec = importlib.util.spec_from_file_location("make_editor_settings", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for file, text in module.pages().items():
        assert file.read_text(encoding="utf-8") == text, f"run scripts/make_editor_settings.py: {file.name}"


def test_a_folder_can_set_in_the_editor_only_what_its_own_file_may_and_no_secret_is_a_setting():
    told = properties()
    for key, setting in all_settings():
        name = f"wherein.{key}"
        if setting.secret:
            assert name not in told
        elif name in told:
            assert told[name]["scope"] == ("resource" if setting.project else "machine"), name
    assert all(told[f"wherein.server.{name}"]["scope"] == "machine" for name in ("path", "package"))


def test_the_extension_has_the_version_of_the_server():
    assert manifest()["version"] == wherein.__version__


def test_lock_files_name_no_registry():
    for lock in (EXTENSION / "package-lock.json", EXTENSION / "test/code-server/package-lock.json"):
        assert not re.search(r"https?://registry|\"resolved\"", lock.read_text(encoding="utf-8")), lock


def test_each_package_that_the_extension_brings_along_is_accounted_for():
    locked = json.loads((EXTENSION / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    brought = {
        name.rpartition("node_modules/")[2] for name, told in locked.items() if name and not told.get("dev")
    }
    text = (REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"depends on one package\*\*(.+?)\n\n", text, re.DOTALL)
    assert brought <= set(re.findall(r"`([a-z-]+)`", told))
    assert len(brought) == 8

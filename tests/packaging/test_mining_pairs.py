"""The pairs that the model is tuned on are mined by the chunker of today."""

import importlib
import zipfile
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

MODULE = '''"""Reading of settings, with more words in it than the smallest file that is mined may have."""


def read_settings(path, fallback=None):
    """Read the settings of a file, or what stands in for them.

    :param path: where they are
    """
    if not path.exists():
        return dict(fallback or {})
    entries = path.read_text("utf-8").splitlines()
    return dict(entry.split("=", 1) for entry in entries if "=" in entry)
'''


def test_a_doc_comment_is_paired_with_its_definition_without_that_comment(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    mine_pairs = importlib.import_module("mine_pairs")
    with zipfile.ZipFile(tmp_path / "acme-1.whl", "w") as wheel:
        wheel.writestr("acme/settings.py", MODULE)
        wheel.writestr("acme/tests/test_settings.py", MODULE)
        wheel.writestr("acme/_vendor/other.py", MODULE)
    package = mine_pairs.Package("pip", "acme", "1", "MIT", "acme-1.whl", "")

    (line,) = mine_pairs.mine(package, tmp_path)
    name, said, place, code = line.rstrip("\n").split("\t")
    assert (name, said) == ("acme", "read the settings of a file or what stands in for them")
    assert place == "acme settings py read settings"
    assert code.startswith("def read settings path fallback none")
    assert "stands in for them" not in code

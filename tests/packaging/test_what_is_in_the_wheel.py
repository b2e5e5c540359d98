"""What people download: complete, small and quick to import."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wherein import __version__

ROOT = Path(__file__).parents[2]
PACKAGES = (ROOT / "indexer/wherein", ROOT / "server/wherein_server")
LARGEST_WHEEL = 32_000_000  # bytes; the two models are most of it
HEAVY = {"git", "httpx2", "numpy", "onnxruntime", "rich", "tokenizers", "torch", "tree_sitter"}


def run(wheel, code, *arguments, **options):
    """Run code with the packages of the wheel in front of those of the checkout."""
    start = f"import sys; sys.path.insert(0, {str(wheel.unpacked)!r})\n"
    command = [sys.executable, "-I", "-B", "-c", start + code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def files_of(packages):
    """What lies in the checkout, but for what tools cache there."""
    return {
        str(file.relative_to(package.parent))
        for package in packages
        for file in package.rglob("*")
        if file.is_file() and not any(part.startswith((".", "__pycache__")) for part in file.parts)
    }


def test_every_file_of_the_packages_is_in_the_wheel_and_nothing_else(wheel):
    assert wheel.package_files == files_of(PACKAGES)


def test_the_wheel_stays_small(wheel):
    assert wheel.file.stat().st_size <= LARGEST_WHEEL


def test_the_wheel_carries_the_licences_of_code_and_model(wheel):
    licences = {Path(name).name for name in wheel.names if ".dist-info/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}


def test_without_extras_nothing_of_deep_learning_is_required(wheel):
    required = [need for need in wheel.metadata.get_all("Requires-Dist") if "extra ==" not in need]
    assert required
    assert not [
        need for need in required if need.startswith(("onnxruntime", "torch", "tokenizers", "transformers"))
    ]


def test_the_version_is_told_alike_by_package_and_metadata(wheel):
    assert wheel.metadata["Version"] == __version__


@pytest.mark.parametrize("package", ["wherein", "wherein_server", "wherein_server.cli.main"])
def test_importing_it_imports_nothing_heavy(wheel, package):
    told = run(wheel, f"import {package} as it; print(it.__file__, *sys.modules)").split()
    assert Path(told[0]).is_relative_to(wheel.unpacked)
    assert not HEAVY.intersection(told[1:])


def test_the_wheel_alone_finds_code(wheel, repo, data_dir):
    repo.commit({"web.py": "def follow_redirects(response):\n    return response.next\n"})
    found = run(
        wheel,
        "from wherein_server.cli.main import run; run()",
        "search",
        "where are redirects followed",
        cwd=repo.root,
        env={**os.environ, "WHEREIN_DATA_DIR": str(data_dir)},
    )
    assert found.startswith("web.py:1:")


def test_the_source_distribution_gives_the_same_wheel(wheel, names_from_sources):
    assert names_from_sources == wheel.names


def test_the_source_distribution_holds_the_tests_and_what_they_read(source_folder):
    assert {"tests", "fixtures", "docs", "scripts", "install", "pyproject.toml", "README.md"} <= {
        entry.name for entry in source_folder.iterdir()
    }

"""The distribution, built once without network by the build backend that pyproject.toml names."""

import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Wheel:
    """A wheel, and the folder that it is unpacked in."""

    file: Path
    unpacked: Path

    @property
    def names(self) -> set[str]:
        return {str(path.relative_to(self.unpacked)) for path in self.unpacked.rglob("*") if path.is_file()}

    @property
    def package_files(self) -> set[str]:
        return {name for name in self.names if not name.split("/")[0].endswith(".dist-info")}

    @property
    def metadata(self) -> Message:
        (file,) = self.unpacked.glob("*.dist-info/METADATA")
        return Parser().parsestr(file.read_text(encoding="utf-8"))


def build(source: Path, target: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


def build_wheel(source: Path, folder: Path) -> Wheel:
    wheel = Wheel(build(source, "wheel", folder / "built"), folder / "unpacked")
    with zipfile.ZipFile(wheel.file) as archive:
        archive.extractall(wheel.unpacked)
    return wheel


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Wheel:
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def source_folder(tmp_path_factory) -> Path:
    """The source distribution, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build(ROOT, "sdist", folder / "built")) as archive:
        # as `filter="data"`, which Python 3.11.2 of Debian 12 does not know
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder / "unpacked")
    (unpacked,) = (folder / "unpacked").iterdir()
    return unpacked


@pytest.fixture
def names_from_sources(source_folder, tmp_path) -> set[str]:
    """What is in the wheel that the source distribution gives."""
    with zipfile.ZipFile(build(source_folder, "wheel", tmp_path / "built")) as archive:
        return {each.filename for each in archive.infolist() if not each.is_dir()}

"""Mine pairs of (what a doc comment says, the code it stands on) from packages: training data of tune_model.py.

    env/bin/pip install .
    env/bin/python scripts/mine_pairs.py --cache build/packages --out build/pairs.tsv

Downloads the packages of tuning_packages.toml with pip and npm, checks each archive's hash, and cuts its source
files with wherein's own chunker and tokenizer. Nothing is installed or run. Run it with Python 3.11 on x86-64
Linux, for which the packages are pinned. Each line of the output: package, doc, name and path, body; the last
three are words.
"""

import argparse
import itertools
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from model_folder import sha256

from wherein import tokens
from wherein.chunking import chunker
from wherein.chunking.chunk import Chunk
from wherein.chunking.content import skip_by_content
from wherein.chunking.decode import decode
from wherein.chunking.lines import split_lines
from wherein.languages import registry

PAIRS_A_PACKAGE = 6_000
BYTES_A_PACKAGE = 12_000_000
"""Of source code, so that no package says most."""
FILE_BYTES = range(300, 250_000)
DOC_WORDS = range(3, 61)
BODY_WORDS = range(8, 301)
"""Shorter bodies say nothing; of longer ones only the beginning is kept, as indexing does."""

SOURCE = re.compile(r"\.(c|cc|cpp|cs|h|hpp|java|js|kt|mjs|py|rs|swift|ts|tsx)$")
FOREIGN = re.compile(
    r"(^|/)(_?vendor(ed)?|third[_-]?party|externals?|extern|node_modules|Pods"  # other people's
    r"|tests?|__tests__|testing|spec|examples?|demos?|locale"  # not the package's code
    r"|umd|cjs|dist-cjs|build|bundles?)(/|$)"  # the same code again
    r"|abseil|absl/|nlohmann|boringssl|curl|sqlite3|\.min\.|\.d\.ts$|bundle",  # either of both
    re.IGNORECASE,
)
COMMENT_MARKS = re.compile(r"^[\s/*#!\"']+|[\s*/\"']+$")
FIRST_PARAGRAPH = re.compile(r"\n\s*\n|\n\s*[@:\\]|\n\s*-{3,}|^\s*[@:\\]")


@dataclass(frozen=True)
class Package:
    """One entry of tuning_packages.toml."""

    registry: str
    name: str
    version: str
    licence: str
    file: str
    sha256: str


def main() -> None:
    """Fetch, mine, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cache", type=Path, default=Path("build/packages"), help="folder of the archives")
    parser.add_argument("--out", type=Path, default=Path("build/pairs.tsv"), help="file to write")
    parser.add_argument("--jobs", type=int, default=2, help="processes that mine")
    arguments = parser.parse_args()
    listed = tomllib.loads((Path(__file__).parent / "tuning_packages.toml").read_text("utf-8"))["package"]
    packages = [Package(**entry) for entry in listed]
    arguments.cache.mkdir(parents=True, exist_ok=True)
    for package in packages:
        fetch(package, arguments.cache)
    with ProcessPoolExecutor(arguments.jobs) as pool:
        mined = list(pool.map(partial(mine, folder=arguments.cache), packages))
    arguments.out.write_text("".join(itertools.chain.from_iterable(mined)), "utf-8", newline="\n")
    print(f"{sum(map(len, mined))} pairs of {len(packages)} packages, sha256 {sha256(arguments.out)}")


def fetch(package: Package, folder: Path) -> None:
    """Download a package's archive unless it is there, and check it."""
    archive = folder / package.file
    pinned = f"{package.name}=={package.version}"
    if not archive.exists():
        print("fetching", pinned, flush=True)
        if package.registry == "npm":
            command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        else:
            with TemporaryDirectory() as temporary:
                requirements = Path(temporary) / "requirements.txt"
                requirements.write_text(f"{pinned} --hash=sha256:{package.sha256}\n")
                download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
                options = ["--only-binary=:all:", "--dest", str(folder), "-r", str(requirements)]
                subprocess.run([*download, *options], check=True)
    if sha256(archive) != package.sha256:
        raise SystemExit(f"{archive} is not the {pinned} that the model is made of.")


def mine(package: Package, folder: Path) -> list[str]:
    """The pairs of a package, as lines of the output; one a doc text."""
    pairs: dict[str, str] = {}
    size = 0
    for path, data in sources(folder / package.file):
        size += len(data)
        if size > BYTES_A_PACKAGE or len(pairs) >= PAIRS_A_PACKAGE:
            break
        text = decode(data)
        if not isinstance(text, str):
            continue
        language = registry.detect(path, text[: chunker.HEAD_CHARACTERS])
        if skip_by_content(path, text, language):
            continue
        lines = split_lines(text)
        place = " ".join(tokens.words(path)[-4:])
        for chunk in chunker.chunk(path, text, language):
            doc, body = doc_and_body(chunk, lines)
            if len(doc) in DOC_WORDS and len(body) >= BODY_WORDS.start:
                name = " ".join(tokens.words(chunk.qualified_name))
                said, code = " ".join(doc), " ".join(body[: BODY_WORDS.stop - 1])
                pairs.setdefault(said, f"{package.name}\t{said}\t{place} {name}\t{code}\n")
    return list(pairs.values())


def doc_and_body(chunk: Chunk, lines: list[str]) -> tuple[list[str], list[str]]:
    """Words of the first paragraph of a definition's doc comment, and of the definition without that comment."""
    if not chunk.doc or not chunk.symbol:
        return [], []
    doc = FIRST_PARAGRAPH.split(chunk.doc.strip())[0]
    commented = {COMMENT_MARKS.sub("", line) for line in chunk.doc.split("\n")}
    code = [
        line
        for line in lines[chunk.start_line - 1 : chunk.end_line]
        if COMMENT_MARKS.sub("", line) not in commented
    ]
    return tokens.words(doc), tokens.words("\n".join(code))


def sources(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Path and content of the source files of an archive that are its own, by path."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            for item in sorted(wheel.infolist(), key=lambda item: item.filename):
                if wanted(item.filename, item.file_size):
                    yield item.filename, wheel.read(item)
        return
    with tarfile.open(archive) as tar:
        for member in sorted(tar.getmembers(), key=lambda member: member.name):
            path = member.name.partition("/")[2]
            file = tar.extractfile(member) if wanted(path, member.size) else None
            if file is not None:
                yield path, file.read()


def wanted(path: str, size: int) -> bool:
    """Whether a file is source code of the package itself."""
    return size in FILE_BYTES and SOURCE.search(path) is not None and not FOREIGN.search(path)


if __name__ == "__main__":
    main()

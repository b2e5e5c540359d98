#!/usr/bin/env python3
"""Lay out the repositories of a set of questions, so that the benchmarks can be run on it.

    benchmarks/lay_out.py --out DIR [--clones DIR] [--from DIR] [NAME ...]

Makes a benchmark home of each kind of question that the set has: DIR/validation-files and DIR/validation-functions of
benchmarks/validation, which is the default; DIR/newcomers-functions and DIR/newcomers-asked of benchmarks/newcomers
(`--from`). Every repository is checked out at its pinned revision, only below its benchmark_root, and becomes a fresh
repository of one commit. Revisions are taken from `--clones` (git directories at DIR/owner+name/repo, DIR/owner+name or
DIR/owner/name), else fetched from their URL.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import console
from clones import clone_of

VALIDATION = Path(__file__).parent / "validation"
SETS = ("files", "functions", "asked")
AUTHOR = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@example.invalid")


def lay_out(source: Path, out: Path, clones: Path | None, only: list[str]) -> None:
    """Make the homes of a source: a folder with repos.json and SET/annotations."""
    specs = json.loads((source / "repos.json").read_text("utf-8"))
    sets = [name for name in SETS if (source / name / "annotations").is_dir()]
    first, *others = (out / f"{source.name}-{name}" for name in sets)
    for home, name in zip((first, *others), sets, strict=True):
        home.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source / name / "annotations", home / "annotations", dirs_exist_ok=True)
        asked = {file.stem for file in (source / name / "annotations").iterdir()}
        chosen = [spec for spec in specs if spec["name"] in asked and (not only or spec["name"] in only)]
        (home / "repos.json").write_text(json.dumps(chosen, indent=1) + "\n", "utf-8")
    for spec in specs:
        if not only or spec["name"] in only:
            check_out(spec, first / "repos" / spec["name"], clones)
            print(spec["name"], flush=True)
    for home in others:
        if not (home / "repos").is_symlink():
            (home / "repos").symlink_to(Path("..") / first.name / "repos")


def check_out(spec: dict[str, Any], out: Path, clones: Path | None) -> None:
    """One repository at its revision, below its benchmark_root, as a fresh repository of one commit."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as work:
        git_dir = (
            clone_of(spec["checkout_from"], clones) if clones else _fetched(spec, Path(work) / "fetched")
        )
        # an index of its own, so that the clone stays as it is
        environment = {**os.environ, "GIT_INDEX_FILE": str(Path(work) / "index")}
        base = ["git", "-c", "core.bare=false", "--git-dir", str(git_dir), "--work-tree", str(out.resolve())]
        tree = spec["revision"], "--", spec.get("benchmark_root") or "."
        subprocess.run([*base, "checkout", "-q", *tree], cwd=out, env=environment, check=True)
    git = ["git", "-C", str(out), *AUTHOR]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A", "-f"], check=True, stderr=subprocess.DEVNULL)
    subprocess.run([*git, "commit", "-q", "-m", spec["revision"]], check=True)


def _fetched(spec: dict[str, Any], into: Path) -> Path:
    subprocess.run(["git", "init", "-q", "--bare", str(into)], check=True)
    fetch = ["git", "-C", str(into), "fetch", "-q", "--depth", "1", spec["url"], spec["revision"]]
    if subprocess.run(fetch, check=False).returncode:
        sys.exit(f"{spec['url']} cannot be fetched; lay out from clones with --clones.")
    return into


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--clones", type=Path)
    parser.add_argument("--from", dest="source", type=Path, default=VALIDATION, metavar="DIR")
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    lay_out(arguments.source, arguments.out, arguments.clones, arguments.names)


if __name__ == "__main__":
    main()

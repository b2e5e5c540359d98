#!/usr/bin/env python3
"""All benchmarks: results.json, and from it the tables of RESULTS.md and results/, and the plots.

    benchmarks/all.py FILES FUNCTIONS [HOME ...] [--validation HOME ...] [--beside FOLDER ...] [--semble PYTHON]
                      [--ripgrep RG] [--million] [--only PART ...]

The first home is the one whose repositories speed is measured on. Takes about a quarter of an hour on two quiet cores,
and five minutes more with `--million`. `--only` measures just these parts, and leaves the others in results.json as
they are: retrieval, validation, all_repositories, ablation, side_by_side, latency, startup, memory, incremental.
side_by_side.py says what PYTHON is; without it that part is left out.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import console
import report
from homes import check_home
from timing import machine

FOLDER = Path(__file__).parent
PARTS = (
    *("retrieval", "validation", "all_repositories", "ablation", "side_by_side"),
    *("latency", "startup", "memory", "incremental"),
)


def commands(arguments: argparse.Namespace, data_dir: Path) -> dict[str, list[str]]:
    """Part → its script with arguments."""
    homes, validation = list(map(str, arguments.homes)), list(map(str, arguments.validation))
    indexes = ["--data-dir", str(data_dir)]
    found = {
        "retrieval": ["retrieval.py", *homes, *indexes],
        "ablation": ["ablation.py", *homes, *indexes],
        "latency": ["latency.py", homes[0], *(["--million"] if arguments.million else [])],
        "startup": ["startup.py", homes[0]],
        "memory": ["memory.py", homes[0]],
        "incremental": ["incremental.py", homes[0]],
    }
    if validation:
        found["validation"] = ["retrieval.py", *validation, *indexes]
    beside = ["--beside", *map(str, arguments.beside)] if arguments.beside else []
    found["all_repositories"] = ["all_repositories.py", *homes, *validation, *beside]
    if arguments.semble:
        ripgrep = ["--ripgrep", arguments.ripgrep] if arguments.ripgrep else []
        found["side_by_side"] = [
            "side_by_side.py", *homes, *validation, "--semble", str(arguments.semble), *ripgrep,
        ]  # fmt: skip
    return {part: found[part] for part in PARTS if part in found and part in (arguments.only or PARTS)}


def run(command: list[str], into: Path) -> dict[str, Any] | list[dict[str, Any]]:
    """Run a script and read what it wrote."""
    subprocess.run([sys.executable, FOLDER / command[0], *command[1:], "--json", into], check=True)
    written: dict[str, Any] | list[dict[str, Any]] = json.loads(into.read_text("utf-8"))
    return written


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--validation", nargs="+", type=Path, default=[], metavar="HOME")
    parser.add_argument(
        "--beside", nargs="+", type=Path, default=[], metavar="FOLDER", help="of further repositories"
    )
    parser.add_argument("--semble", type=Path, metavar="PYTHON")
    parser.add_argument("--ripgrep", metavar="RG")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART")
    parser.add_argument(
        "--out", type=Path, default=FOLDER, metavar="DIR", help="of results.json, RESULTS.md and results/"
    )
    arguments = parser.parse_args()
    for home in (*arguments.homes, *arguments.validation):
        check_home(home)
    file = arguments.out / "results.json"
    results: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    results["machine"] = machine()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        for part, command in commands(arguments, work / "data").items():
            began = time.perf_counter()
            print(f"== {part}", flush=True)
            results[part] = run(command, work / f"{part}.json")
            print(f"   {time.perf_counter() - began:.0f} s", flush=True)
            file.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    report.write(results, arguments.out)


if __name__ == "__main__":
    main()

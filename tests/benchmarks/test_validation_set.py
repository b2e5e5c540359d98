"""The validation set: whole, laid out as homes, and kept apart from what wherein learns from."""

import json
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VALIDATION = ROOT / "benchmarks" / "validation"
SPECS = json.loads((VALIDATION / "repos.json").read_text("utf-8"))


@pytest.mark.parametrize("name", ["files", "functions"])
def test_every_repository_has_questions_with_answers(name):
    for spec in SPECS:
        items = json.loads((VALIDATION / name / "annotations" / f"{spec['name']}.json").read_text("utf-8"))
        assert len(items) >= 8
        queries = [item["query"] for item in items]
        assert len(set(queries)) == len(queries)
        root = spec["benchmark_root"] or ""
        for item in items:
            assert item["category"]
            assert item["relevant"]
            for answer in item["relevant"]:
                path = answer if isinstance(answer, str) else answer["path"]
                assert path.startswith(root)
                if name == "functions":
                    assert 1 <= answer["start_line"] <= answer["end_line"]
                    assert answer["symbol"]


def test_none_of_its_repositories_is_among_the_packages_that_the_model_learns_from():
    packages = tomllib.loads((ROOT / "scripts" / "tuning_packages.toml").read_text("utf-8"))["package"]
    learnt = {package["name"].lower() for package in packages}
    owned = {part.lower() for spec in SPECS for part in (spec["name"], spec["checkout_from"].split("/")[1])}
    assert not learnt & owned


def test_a_source_is_laid_out_as_two_homes_at_its_revisions(make_repo, run_script, tmp_path):
    clone = make_repo("clones/acme/tiny")
    revision = clone.commit({"src/answer.py": "def answer():\n    return 42\n", "README": "left out\n"})
    clone.commit({"src/answer.py": "def answer():\n    return 43\n"})
    spec = {
        "name": "tiny",
        "language": "python",
        "url": "https://example.invalid/acme/tiny",
        "revision": revision,
    }
    spec |= {"benchmark_root": "src", "checkout_revision": revision, "checkout_from": "acme/tiny"}
    source = tmp_path / "mine"
    for name in ("files", "functions"):
        (source / name / "annotations").mkdir(parents=True)
        question = {"query": "answer", "category": "symbol", "relevant": ["src/answer.py"]}
        (source / name / "annotations" / "tiny.json").write_text(json.dumps([question]))
    (source / "repos.json").write_text(json.dumps([spec]))

    out, clones = tmp_path / "out", clone.root.parents[1]
    done = run_script("lay_out.py", "--from", source, "--clones", clones, "--out", out)
    assert done.returncode == 0, done.stderr
    for name in ("mine-files", "mine-functions"):
        laid_out = out / name / "repos" / "tiny"
        assert "42" in (laid_out / "src" / "answer.py").read_text()
        assert not (laid_out / "README").exists()
        assert (laid_out / ".git").is_dir()
    report = tmp_path / "report.json"
    assert run_script("retrieval.py", out / "mine-functions", "--json", report).returncode == 0
    assert json.loads(report.read_text())[0]["ndcg10"] == 1


def test_a_missing_clone_is_one_sentence(run_script, tmp_path):
    (tmp_path / "clones").mkdir()
    done = run_script("lay_out.py", "--clones", tmp_path / "clones", "--out", tmp_path / "out", "jq")
    assert done.returncode == 1
    assert done.stderr.strip() == f"There is no clone of jqlang/jq in {tmp_path / 'clones'}."

"""The sets that are kept aside: whole, laid out as homes, and apart from what wherein learns from."""

import json
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VALIDATION = ROOT / "benchmarks" / "validation"
NEWCOMERS = ROOT / "benchmarks" / "newcomers"
STRANGERS = ROOT / "benchmarks" / "strangers"
VISITORS = ROOT / "benchmarks" / "visitors"
LEARNING = ROOT / "benchmarks" / "learning"
WRITTEN = ROOT / "benchmarks" / "written"
SHARED_FUNCTIONS = {
    "caddyserver/caddy",
    "apache/commons-csv",
    "httpie/cli",
    "jekyll/jekyll",
    "prettier/prettier",
}
"""Whose functions the shared benchmark asks for."""
ASIDE = (VALIDATION, NEWCOMERS, STRANGERS, VISITORS)
SPECS = [json.loads((each / "repos.json").read_text("utf-8")) for each in (*ASIDE, LEARNING)]


@pytest.mark.parametrize(
    ("source", "specs", "name", "least"),
    [
        (VALIDATION, SPECS[0], "files", 8),
        (VALIDATION, SPECS[0], "functions", 8),
        (NEWCOMERS, SPECS[1], "functions", 6),
        (STRANGERS, SPECS[2], "functions", 3),
        (VISITORS, SPECS[3], "functions", 8),
        (LEARNING, SPECS[4], "functions", 1),
    ],
)
def test_every_repository_has_questions_with_answers(source, specs, name, least):
    for spec in specs:
        items = json.loads((source / name / "annotations" / f"{spec['name']}.json").read_text("utf-8"))
        assert len(items) >= least
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


def test_forty_questions_for_ask_have_their_sources():
    items = [
        item
        for file in (NEWCOMERS / "asked" / "annotations").iterdir()
        for item in json.loads(file.read_text("utf-8"))
    ]
    assert len({item["question"] for item in items}) == 40
    for item in items:
        assert item["sources"]
        for source in item["sources"]:
            assert source["path"]
            assert source["symbol"]
            assert 1 <= source["start_line"] <= source["end_line"]


@pytest.mark.parametrize("specs", SPECS[:-1])
def test_none_of_its_repositories_is_among_the_packages_that_the_model_learns_from(specs):
    packages = tomllib.loads((ROOT / "scripts" / "tuning_packages.toml").read_text("utf-8"))["package"]
    learnt = {package["name"].lower() for package in packages}
    owned = {part.lower() for spec in specs for part in (spec["name"], spec["checkout_from"].split("/")[1])}
    assert not learnt & owned


def test_nothing_is_asked_of_what_is_kept_aside_where_weights_learn():
    learnt = {spec["checkout_from"].lower() for spec in SPECS[-1]}
    aside = {spec["checkout_from"].lower() for specs in SPECS[:-1] for spec in specs}
    assert learnt
    assert not learnt & aside


def test_models_learn_from_no_repository_that_is_kept_aside():
    written = json.loads((WRITTEN / "repos.json").read_text("utf-8"))
    read = {"/".join(spec["url"].split("/")[-2:]).lower() for spec in written}
    aside = {spec["checkout_from"].lower() for specs in SPECS[:-1] for spec in specs}
    assert len(read) > 100
    assert not read & (aside | SHARED_FUNCTIONS)


def test_every_function_that_models_learn_from_has_its_place_and_three_questions():
    written = json.loads((WRITTEN / "repos.json").read_text("utf-8"))
    assert {spec["name"] for spec in written} == {file.stem for file in (WRITTEN / "questions").iterdir()}
    for spec in written:
        places: list[tuple[str, int]] = []
        for line in (WRITTEN / f"questions/{spec['name']}.jsonl").read_text("utf-8").splitlines():
            function = json.loads(line)
            assert function["name"]
            assert 1 <= function["start_line"] <= function["end_line"]
            assert len(function["questions"]) == 3
            assert all(function["questions"])
            places.append((function["path"], function["start_line"]))
        assert places
        assert len(set(places)) == len(places)


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


def test_what_ask_shows_is_compared_with_the_sources_that_have_to_be_there(make_repo, run_script, tmp_path):
    home = tmp_path / "mine-asked"
    repo = make_repo("mine-asked/repos/tiny")
    repo.commit(
        {
            "dates.py": "def parse_date(text):\n    year, month = text.split('-')\n    return year, month\n",
            "other.py": "def unrelated():\n    return 42\n",
        }
    )
    (home / "repos.json").write_text(json.dumps([{"name": "tiny", "language": "python"}]))
    (home / "annotations").mkdir()
    there = {"path": "dates.py", "symbol": "parse_date", "start_line": 1, "end_line": 3}
    missing = {"path": "gone.py", "symbol": "gone", "start_line": 1, "end_line": 3}
    asked = [{"question": "how is a date parsed?", "sources": [there, missing]}]
    (home / "annotations" / "tiny.json").write_text(json.dumps(asked))
    report = tmp_path / "report.json"
    done = run_script("asked.py", home, "--json", report)
    assert done.returncode == 0, done.stderr
    found = {name: mean for name, (mean, _, _) in json.loads(report.read_text())["mine-asked"].items()}
    assert found == {"sources": 0.5, "all sources": 0.0, "one in the first 3": 1.0}


def test_a_missing_clone_is_one_sentence(run_script, tmp_path):
    (tmp_path / "clones").mkdir()
    done = run_script("lay_out.py", "--clones", tmp_path / "clones", "--out", tmp_path / "out", "jq")
    assert done.returncode == 1
    assert done.stderr.strip() == f"There is no clone of jqlang/jq in {tmp_path / 'clones'}."


def test_doc_comments_are_asked_of_code_that_does_not_say_them(make_repo, run_script, tmp_path):
    clone = make_repo("clones/acme/tiny")
    said = "Turn a date that somebody typed into its year and month."
    code = f'def parse(text):\n    """{said}\n\n    More of it.\n    """\n    year, month = text.split("-")\n'
    code += "    if not year:\n        raise ValueError(text)\n    return year, month\n"
    other = "// Adds what was bought to the cart of whoever bought it.\nfunc Add(c Cart, x int) int {\n\tif x < 0 {\n"
    other += "\t\treturn c.n\n\t}\n\treturn c.n + x\n}\n"
    revision = clone.commit({"dates.py": code, "cart.go": f"package cart\n\n{other}"})
    spec = {"name": "tiny", "language": "python", "checkout_from": "acme/tiny", "revision": revision}
    (tmp_path / "repos.json").write_text(json.dumps([spec]))

    home = tmp_path / "home"
    done = run_script(
        "described.py", tmp_path / "repos.json", "--clones", clone.root.parents[1], "--out", home
    )
    assert done.returncode == 0, done.stderr
    asked = {
        item["query"]: item for item in json.loads((home / "annotations" / "tiny.json").read_text("utf-8"))
    }
    assert set(asked) == {said.rstrip("."), "Adds what was bought to the cart of whoever bought it"}
    assert [asked[query]["category"] for query in sorted(asked)] == ["described", "semantic"]
    left = (home / "repos" / "tiny" / "dates.py").read_text("utf-8")
    assert said not in left
    assert "More of it" not in left
    assert left.splitlines()[5:] == code.splitlines()[5:]
    (answer,) = asked[said.rstrip(".")]["relevant"]
    assert (answer["path"], answer["end_line"]) == ("dates.py", 9)

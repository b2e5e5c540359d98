"""results.json becomes tables and plots, and nothing else of the pages changes."""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "benchmarks"

TEXT = """\
# Results

Words before.

<!-- begin retrieval -->
an older table
<!-- end retrieval -->

<!-- begin latency -->
not measured again
<!-- end latency -->

Words after.
"""


def test_all_parts_of_a_run_end_up_in_the_text_and_in_plots(home, run_script, tmp_path):
    (tmp_path / "RESULTS.md").write_text(TEXT)
    done = run_script("all.py", home, "--only", "retrieval", "ablation", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "RESULTS.md").read_text()
    assert "an older table" not in text
    assert "| NDCG@10 | home |" in text
    assert "**wherein**" in text
    assert "not measured again" in text
    assert text.startswith("# Results\n\nWords before.")
    assert text.endswith("Words after.\n")
    results = json.loads((tmp_path / "results.json").read_text())
    assert set(results) == {"machine", "retrieval", "ablation"}
    assert results["machine"]["versions"]["wherein"]


def test_a_part_measured_later_leaves_the_others_as_they_were(home, run_script, tmp_path):
    (tmp_path / "RESULTS.md").write_text(TEXT)
    (tmp_path / "results.json").write_text(json.dumps({"startup": {"kept": True}}))
    done = run_script("all.py", home, "--only", "retrieval", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "results.json").read_text())["startup"] == {"kept": True}


def test_a_block_is_filled_in_whichever_page_it_stands_and_no_other_page_changes(home, run_script, tmp_path):
    (tmp_path / "results").mkdir()
    (tmp_path / "RESULTS.md").write_text("# Results\n\n[ranking](results/ranking.md)\n")
    (tmp_path / "results" / "ranking.md").write_text(TEXT)
    (tmp_path / "results" / "speed.md").write_text("# Speed\n\nretrieval\n")
    done = run_script("all.py", home, "--only", "retrieval", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "results" / "ranking.md").read_text()
    assert "an older table" not in text
    assert "| NDCG@10 | home |" in text
    assert "not measured again" in text
    assert (tmp_path / "RESULTS.md").read_text() == "# Results\n\n[ranking](results/ranking.md)\n"
    assert (tmp_path / "results" / "speed.md").read_text() == "# Speed\n\nretrieval\n"


def test_the_pages_here_say_what_results_json_says_each_block_once(run_script, tmp_path):
    pages = {page.relative_to(FOLDER): page.read_text("utf-8") for page in FOLDER.glob("results/*.md")}
    pages[Path("RESULTS.md")] = (FOLDER / "RESULTS.md").read_text("utf-8")
    begun = re.findall(r"<!-- begin (.+?) -->", "".join(pages.values()))
    assert sorted(begun) == sorted(set(begun))
    assert begun == re.findall(r"<!-- end (.+?) -->", "".join(pages.values()))
    (tmp_path / "results").mkdir()
    emptied = re.compile(r"(<!-- begin (?!typing_ahead)(.+?) -->).*?(<!-- end \2 -->)", re.DOTALL)
    for path, text in pages.items():
        (tmp_path / path).write_text(emptied.sub(r"\1\n\3", text), "utf-8")
    (tmp_path / "results.json").write_bytes((FOLDER / "results.json").read_bytes())
    done = run_script("report.py", tmp_path / "results.json")
    assert done.returncode == 0, done.stderr
    assert {path: (tmp_path / path).read_text("utf-8") for path in pages} == pages


def test_plots_are_well_formed_and_name_what_they_show(run_script, tmp_path):
    contender = {"first_result_seconds": 0.6, "index_seconds": 1.0, "index_seconds_of_rounds": [1.0, 1.1]}
    contender |= {"contender": "wherein", "ndcg10": 0.9, "query_p50_ms": 5.0, "query_p95_ms": 9.0}
    literal = {"contender": "ripgrep", "first_result_seconds": 0.004, "search_seconds": 0.006}
    sizes = [
        {
            "chunks": n,
            "query_p50_ms": p,
            "query_p95_ms": 2 * p,
            "first_query_ms": 50,
            "resident_mb": 90,
            "disk_mb": 12,
        }
        | {"index_seconds": 3.0}
        for n, p in ((10_000, 4.0), (200_000, 21.0))
    ]
    peers = {"ripgrep": 0.139, "coderankembed": 0.769, "colgrep": 0.768}
    row = {"home": "files", "peers": peers, "ndcg10": 0.9, "hit10": 1.0, "by_category": {}, "by_language": {}}
    results = {"side_by_side": [{"home": "files", "contenders": [contender, literal]}]}
    results |= {"retrieval": [row], "latency": sizes}
    (tmp_path / "results.json").write_text(json.dumps(results))
    (tmp_path / "RESULTS.md").write_text(TEXT)
    done = run_script("report.py", tmp_path / "results.json")
    assert done.returncode == 0, done.stderr
    quality = texts(tmp_path / "quality-time.svg")
    assert {"wherein", "ripgrep", "CodeRankEmbed alone", "colgrep", "NDCG@10"} <= quality
    assert {"p50", "p95", "p50 budget", "200k"} <= texts(tmp_path / "latency-size.svg")
    assert "| 200,000 | 21.0 ms | 42.0 ms |" in (tmp_path / "RESULTS.md").read_text()


def texts(svg):
    return {element.text for element in ElementTree.parse(svg).iter("{http://www.w3.org/2000/svg}text")}


def test_the_deep_tier_is_a_table_and_a_plot(run_script, tmp_path):
    shares = [{"share": s, "ndcg10": 0.7 + s / 20, "by_category": {"semantic": 0.5}} for s in (0.0, 1.0)]
    row = {"home": "functions", "model": "deep@1", "chunks_a_second": 200.0, "shares": shares}
    (tmp_path / "RESULTS.md").write_text("<!-- begin deep tier -->\n<!-- end deep tier -->\n")
    (tmp_path / "results.json").write_text(json.dumps({"deep_tier": [row]}))
    done = run_script("report.py", tmp_path / "results.json")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "RESULTS.md").read_text()
    assert "| functions | .700 | .750 |" in text
    assert "deep@1; filled at 200 chunks a second" in text
    assert "functions" in "".join(ElementTree.parse(tmp_path / "deep-share.svg").getroot().itertext())

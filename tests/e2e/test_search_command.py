"""`wherein search` on a real repository: first, again, after changes, in each format."""

import json
from pathlib import Path

REDIRECTS = "where are redirects followed after a 303"
METHOD = "src/courier/session.py"


def test_the_first_search_indexes_and_answers(wherein):
    answer = wherein("search", REDIRECTS)
    assert answer.code == 0, answer.err
    path, line, column, rest = answer.lines[0].split(":", 3)
    assert path == METHOD
    assert int(line) == 25
    assert int(column) == 9
    assert rest.startswith(" Session.resolve_redirects  def resolve_redirects(self")
    assert len(wherein.index_files()) == 1


def test_json_has_the_fields_of_the_contract(indexed):
    answer = indexed("search", "--json", REDIRECTS)
    document = answer.json
    assert list(document) == ["schema", "query", "index", "results"]
    assert document["schema"] == 1
    assert document["query"] == REDIRECTS
    index = document["index"]
    assert list(index) == ["repository", "view", "commit", "behind", "complete", "store", "model"]
    assert index["commit"] == indexed.git("rev-parse", "HEAD").strip()
    assert (index["behind"], index["complete"]) == (0, True)
    best = document["results"][0]
    assert (best["path"], best["symbol"]) == (METHOD, "resolve_redirects")
    assert best["qualified_name"] == "Session.resolve_redirects"
    assert (best["kind"], best["language"]) == ("method", "python")
    assert best["start_line"] == 25
    assert best["end_line"] in (36, 37)
    assert best["text"].splitlines()[0].strip().startswith("def resolve_redirects")
    scores = [result["score"] for result in document["results"]]
    assert scores[0] == max(scores)
    assert answer.err == ""


def test_jsonl_is_a_result_a_line(indexed):
    answer = indexed("search", "--format", "jsonl", REDIRECTS)
    assert next(json.loads(line)["path"] for line in answer.lines) == METHOD


def test_vimgrep_lines_name_path_line_column_and_text(indexed):
    answer = indexed("search", "--format", "vimgrep", "basic auth header", "-n1")
    assert answer.out == "src/courier/auth.py:6:5:def basic_auth_header(user: str, password: str) -> str:\n"


def test_options_stand_before_or_after_the_query_and_the_query_needs_no_quotes(indexed):
    before = indexed("search", "-n", "2", "--lang", "python", "basic", "auth", "header")
    after = indexed("search", "basic auth", "header", "--lang", "py", "--top-k=2")
    assert before.out == after.out
    assert len(before.lines) == 2


def test_a_query_that_begins_with_a_dash_comes_after_two_dashes(indexed):
    assert indexed("search", "--", "--retry", "-with-backoff").lines[0].startswith("web/retry.js:")


def test_filters_narrow_the_answer(indexed):
    query = ("search", "--format", "jsonl", "request")
    paths = {
        json.loads(line)["path"] for line in indexed(*query, "--path", "src/**", "--exclude", "*auth*").lines
    }
    assert paths
    assert all(path.startswith("src/") and "auth" not in path for path in paths)
    kinds = {json.loads(line)["kind"] for line in indexed(*query, "--kind", "class").lines}
    assert kinds == {"class"}
    languages = {
        json.loads(line)["language"] for line in indexed(*query, "--lang", "js", "--lang", "go").lines
    }
    assert languages <= {"javascript", "go"}


def test_files_only_prints_each_file_once(indexed):
    lines = indexed("search", "-l", "request response session").lines
    assert METHOD in lines
    assert len(lines) == len(set(lines))
    results = indexed("search", "-l", "--json", "request response session").json["results"]
    assert [result["path"] for result in results] == lines


def test_context_shows_the_lines_around_the_best_one(indexed):
    lines = indexed("search", "-C", "1", "-n", "1", "turns the method into GET after 303").lines
    assert lines[0].startswith(f"{METHOD}:25:9:")
    shown = [line for line in lines[1:] if line.startswith(f"{METHOD}-")]
    assert len(shown) == 3
    assert any("303" in line for line in shown)


def test_explain_score_adds_parts_that_sum_to_the_score(indexed):
    best = indexed("search", "--explain-score", "--json", REDIRECTS).json["results"][0]
    assert abs(sum(best["parts"].values()) - best["score"]) < 1e-3
    assert " = +" in indexed("search", "--explain-score", REDIRECTS).lines[1]


def test_each_mode_answers(indexed):
    for mode in ("hybrid", "semantic", "lexical"):
        assert indexed("search", "--mode", mode, REDIRECTS).lines[0].startswith(f"{METHOD}:25:"), mode
    assert indexed("search", "--mode", "symbol", "resolve_redirects").lines[0].startswith(f"{METHOD}:25:")


def test_nothing_found_is_exit_code_1(indexed):
    answer = indexed("search", "--mode", "lexical", "zzyzxqqq")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "wherein: Nothing here is close to the query: none of its words is in the index.\n"
    document = indexed("search", "--json", "--mode", "lexical", "zzyzxqqq")
    assert (document.code, document.json["results"]) == (1, [])


def test_what_changes_on_disk_is_found_by_the_next_search(wherein, repo):
    wherein("index")
    repo.write("src/courier/proxy.py", "def tunnel_through_proxy(host):\n    return host\n")
    (repo.root / "web" / "retry.js").unlink()
    assert wherein("search", "tunnel through proxy").lines[0].startswith("src/courier/proxy.py:1:")
    assert "retry.js" not in wherein("search", "retry with backoff").out


def test_no_update_answers_from_the_index_as_it_is_and_says_how_far_behind_it_is(wherein, repo):
    wherein("index")
    repo.write("src/courier/proxy.py", "def tunnel_through_proxy(host):\n    return host\n")
    answer = wherein("search", "--no-update", "tunnel through proxy")
    assert "proxy.py" not in answer.out
    assert answer.err.endswith(
        "wherein: 1 file on disk differs from the index (wherein index refreshes it).\n"
    )
    assert wherein("search", "--no-update", "--json", "tunnel").json["index"]["behind"] == 1


def test_no_update_without_an_index_is_exit_code_3_with_the_remedy(wherein, repo):
    answer = wherein("search", "--no-update", "redirects")
    assert answer.code == 3
    assert answer.out == ""
    assert "indexed" in answer.err
    assert "Try: wherein index" in answer.err


def test_another_repository_is_searched_by_its_folder(indexed, tmp_path):
    answer = indexed("search", "--repo", str(indexed.folder), REDIRECTS, cwd=tmp_path)
    assert answer.lines[0].startswith(METHOD)


def test_a_folder_outside_git_is_searched_as_well(wherein, tmp_path):
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "notes.py").write_text("def water_the_plants():\n    pass\n")
    assert wherein("search", "water plants", cwd=folder).lines[0].startswith("notes.py:1:5:")


def test_all_repos_searches_every_index_and_names_the_repository(wherein, repo, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.py").write_text("def follow_redirects_of_letters():\n    pass\n")
    wherein("index")
    wherein("index", cwd=other)
    answer = wherein("search", "--all-repos", "--json", "follow redirects")
    document = answer.json
    assert {result["repository"] for result in document["results"][:2]} == {
        index["repository"] for index in document["indexes"]
    }
    assert document["index"]["repository"] == "*"
    for result in document["results"]:
        assert Path(result["absolute"]).read_text().split("\n")[result["line"] - 1] in result["text"]
    shown = wherein("search", "--all-repos", "follow redirects").lines
    assert any(line.startswith(f"{METHOD}:") for line in shown)
    assert any(line.startswith(f"{other}/notes.py:1:5: ") for line in shown)
    shown = wherein("search", "--all-repos", "--format", "vimgrep", "follow redirects", cwd=other).lines
    assert any(line.startswith("notes.py:1:5:") for line in shown)
    assert any(line.startswith(f"{repo.root}/{METHOD.partition(':')[0]}:") for line in shown)


def test_all_repos_without_any_index_is_exit_code_3(wherein):
    answer = wherein("search", "--all-repos", "redirects")
    assert answer.code == 3
    assert "No repository is indexed yet." in answer.err


def test_nothing_is_written_into_the_repository(wherein, repo):
    wherein("search", REDIRECTS)
    assert repo.git("status", "--porcelain", "--ignored") == ""


def test_below_the_root_the_whole_repository_is_searched_and_paths_open_from_there(indexed):
    below = indexed.folder / "src" / "courier"
    answer = indexed("search", "-n1", REDIRECTS, cwd=below)
    assert answer.lines[0].startswith("session.py:25:9:")
    assert indexed("search", "-n1", "-l", "retry with backoff", cwd=below).out == "../../web/retry.js\n"
    assert indexed("search", "-n1", "--json", REDIRECTS, cwd=below).json["results"][0]["path"] == METHOD


def test_a_folder_that_is_named_keeps_to_what_lies_below(wherein):
    answer = wherein("search", "-l", "retry redirects request", "--repo", "web")
    assert answer.lines == ["web/retry.js"]


def test_a_kind_inside_a_query_is_checked_and_filters_alone_list(wherein, repo):
    wrong = wherein("search", "redirects kind:functoin")
    assert (wrong.code, wrong.out) == (2, "")
    assert "'functoin' is not a kind of result.\n  Try: function" in wrong.err
    listed = wherein("search", "kind:class lang:python path:src/", "--json").json["results"]
    assert [(hit["path"], hit["start_line"]) for hit in listed] == sorted(
        (hit["path"], hit["start_line"]) for hit in listed
    )
    assert {hit["kind"] for hit in listed} == {"class"}
    assert wherein("search", "kind:macro").code == 1


def test_from_a_folder_paths_are_taken_as_they_are_shown(wherein, repo):
    folder = repo.root / "src"
    (shown, *_) = wherein("search", "follow redirects", "-n", "1", cwd=folder).lines
    path, line = shown.split(":")[:2]
    assert path == "courier/session.py"
    for arguments in (("--path", path), ("--path", "courier/**"), ("--path", "../src"), (f"path:{path}",)):
        found = wherein("search", *arguments, "follow redirects", "-n", "1", cwd=folder)
        assert found.lines == [shown], arguments
    assert path not in wherein("search", "--exclude", path, "follow redirects", cwd=folder).out
    assert wherein("related", f"{path}:{line}", cwd=folder).code == 0
    assert wherein("files", "--why", path, cwd=folder).out.startswith("src/courier/session.py is indexed")
    assert wherein("search", f"{path}:{line}", "-n", "1", cwd=folder).lines[0].startswith(f"{path}:{line}:")

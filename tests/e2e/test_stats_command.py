"""`wherein stats`: what was asked here, how long it took, and the same for Prometheus."""

from prometheus_client.parser import text_string_to_metric_families

from embedding_server import EmbeddingServer


def test_searches_and_updates_are_counted_and_nothing_else_is_kept(wherein, repo):
    assert wherein("stats").code == 1
    wherein("search", "where redirects are followed")
    wherein("search", "Session", "--mode", "symbol")
    wherein("symbol", "nothing_like_it")
    answer = wherein("stats", "--json")
    assert answer.code == 0, answer.err
    rows = {row["what"]: row for row in answer.json["stats"]}
    assert (rows["search"]["count"], rows["update"]["count"], rows["symbol"]["empty"]) == (2, 1, 1)
    done = rows["update"]["sums"]
    assert done["files"] == done["embedded"] > 0
    assert done["chunks"] > done["files"]
    assert 0 < rows["search"]["seconds"]["p50"] <= rows["search"]["seconds"]["longest"] < 60
    text = wherein("stats", "--by-day").out
    assert f"updates by cli: {done['files']:.0f} files added or changed" in text
    assert "redirects" not in text


def test_evaluation_is_no_question_of_a_user(wherein, repo, tmp_path):
    wherein("index")
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"query": "redirects", "answers": ["src/courier/session.py"]}\n' * 10)
    wherein("evaluate", str(questions))
    assert [row["what"] for row in wherein("stats", "--json").json["stats"]] == ["update"]


def test_a_prometheus_can_read_it(wherein, repo):
    wherein("search", "redirects")
    families = {
        family.name: family for family in text_string_to_metric_families(wherein("stats", "--prometheus").out)
    }
    samples = {
        (sample.name, sample.labels["what"], sample.labels.get("le")): sample.value
        for sample in families["wherein_seconds"].samples
    }
    assert samples["wherein_seconds_count", "search", None] == 1
    assert samples["wherein_seconds_bucket", "search", "+Inf"] == 1
    files = {sample.labels["what"]: sample.value for sample in families["wherein_updated_files"].samples}
    assert files["update"] > 1


def test_the_deep_tier_is_told_with_what_it_took(wherein, repo, httpserver):
    server = EmbeddingServer(httpserver)
    environment = {"WHEREIN_DEEP_MODEL": "endpoint:counts", "WHEREIN_DEEP_ENDPOINT": server.url}
    assert wherein("index", "--deep", environment=environment).code == 0
    answer = wherein("stats", "--json", environment=environment)
    (filled,) = (row for row in answer.json["stats"] if row["what"] == "deepen")
    chunks = server.texts[1:]  # the first one asks how long the model's vectors are
    assert filled["sums"]["tokens"] == sum(map(len, chunks))
    assert filled["sums"]["embedded"] == len(chunks)
    deep = answer.json["deep"]
    assert deep["filled"] == deep["chunks"] > 0
    assert "deep tier of" in wherein("stats", environment=environment).out
    families = {
        family.name: family
        for family in text_string_to_metric_families(
            wherein("stats", "--prometheus", environment=environment).out
        )
    }
    assert families["wherein_deep_filled"].samples[0].value == deep["chunks"]

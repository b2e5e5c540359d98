"""Steps of ranking taken out, one at a time."""

from wherein.search.intent import Intent
from wherein.search.rank.score import default_weights


def test_each_step_and_every_feature_that_has_a_weight_is_compared_with_the_whole_ranking(home, benchmark):
    printed, (report,) = benchmark("ablation.py", home, "--features")
    rows = {row["variant"]: row for row in report["rows"]}
    assert {"without lexical", "without semantic", "without variety", "lexical alone"} <= rows.keys()
    assert rows["without lexical"]["change"] == rows["without lexical"]["ndcg10"] - report["ndcg10"]
    assert set(rows["without names"]["by_category"]) == {"semantic", "symbol"}
    assert set(rows["without names"]["by_language"]) == {"python"}
    assert rows["without named"]["feature"]
    assert not rows["without names"]["feature"]
    assert "without variety" in printed
    out = {row["variant"].removeprefix("without ") for row in report["rows"] if row["feature"]}
    assert out == {name for intent in Intent for name in default_weights(intent)}

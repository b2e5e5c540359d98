from wherein.search.intent import Intent
from wherein.search.rank.score import default_weights
from wherein.search.rank.steps import STEPS, adjusted, features_of


def test_every_weight_belongs_to_exactly_one_step():
    listed = [feature for features in STEPS.values() for feature in features]
    assert len(listed) == len(set(listed))
    for intent in Intent:
        assert default_weights(intent).keys() <= set(listed)


def test_a_step_is_left_out_as_a_whole_and_a_feature_alone():
    weights = {"stem": 1.0, "folder": 2.0, "lexical": 3.0}
    assert adjusted(weights, {"paths": 0.0}) == {"stem": 0.0, "folder": 0.0, "lexical": 3.0}
    assert adjusted(weights, {"stem": 0.5}) == {"stem": 0.5, "folder": 2.0, "lexical": 3.0}
    assert features_of(["names", "stem"]) == {"named", "named_type", "symbol", "stem"}

"""Weights that are bent to another kind of question."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import bend_weights
import fit_weights
from homes import Answer, Question
from wherein.search.intent import Intent

NAMES = ["lexical", "semantic"]
NEAR = {intent: np.array([0.5, 0.5, 0.1]) for intent in Intent}


@pytest.fixture
def cases():
    """Forty questions for an action, in eight repositories: the answer is the nearest in meaning, not in words."""
    random = np.random.default_rng(7)
    found = []
    for i in range(40):
        features = random.random((20, 2)).astype(np.float32)
        met = [int(row == features[:, 1].argmax()) for row in range(20)]
        question = Question(f"repository{i % 8}", "", "newcomer", f"question {i}", (Answer("a.py"),))
        places = list(range(20))
        found.append(
            fit_weights.Case("home", question, {Intent.ACTION: 1.0}, features, places, places, met, 1.0)
        )
    return found


def test_an_action_s_weights_go_to_what_tells_the_answers_and_all_others_stay(cases):
    bent = bend_weights.bent(cases, NAMES, NEAR)
    lexical, semantic, same_file = bent[Intent.ACTION]
    assert semantic > NEAR[Intent.ACTION][1] > lexical >= 0
    assert same_file == NEAR[Intent.ACTION][2]
    assert all(bent[intent] is NEAR[intent] for intent in Intent if intent is not Intent.ACTION)


def test_whole_repositories_are_held_out(cases, monkeypatch):
    seen = []

    def noted(own, names, near):
        seen.append({case.repository for case in own})
        return near

    monkeypatch.setattr(bend_weights, "bent", noted)
    scored = bend_weights.held_out(cases, NAMES, NEAR, seed=0)
    assert [case for case, _ in scored] == cases
    everything = {case.repository for case in cases}
    left_out = [everything - taught for taught in seen]
    assert set.union(*left_out) == everything
    assert sum(map(len, left_out)) == len(everything)

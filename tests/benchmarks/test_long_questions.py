"""Long texts as questions: what is counted as found, and weights that are fitted to it."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import fit_long_questions as fit
import long_questions as long
from wherein.search.long_weights import long_weights

CART = """\
class Cart:
    def total(self, prices):
        return sum(prices)

    def discount(self, total):
        return total * 0.9


def print_receipt(cart):
    print(cart)
"""

TEXT = (
    "The discount of a cart is taken twice\n\n"
    + "When somebody puts two things into the cart and asks for a receipt, the discount is taken from the total of all "
    "prices and then once more, so that the shop loses money with each of them. It should be taken once. " * 3
)


@pytest.fixture
def shop(repo):
    repo.write("shop/cart.py", CART)
    repo.write("shop/till.py", "def open_till():\n    return 'open'\n")
    repo.commit()
    return repo


def asked(shop, open_index, **issue):
    index = open_index(shop)
    index.update()
    return long.asked_of(index, {"repository": "ada/shop", "text": TEXT} | issue, keep=True)


def test_lines_that_were_changed_stand_for_the_functions_that_they_lie_in(shop, open_index):
    found = asked(shop, open_index, changes=[["shop/cart.py", 5, 6], ["shop/cart.py", 1, 1]])
    assert found.gold == [("shop/cart.py", "Cart.discount")]  # a class is no function
    assert found.files == ["shop/cart.py"]
    over_two = asked(shop, open_index, changes=[["shop/cart.py", 3, 6]])
    assert over_two.gold == [("shop/cart.py", "Cart.total"), ("shop/cart.py", "Cart.discount")]


def test_answers_that_are_given_are_taken_as_they_are(shop, open_index):
    found = asked(shop, open_index, gold=[["a.py", "f"], ["a.py", "f"]], files=["a.py", "b.py"])
    assert (found.gold, found.files) == ([("a.py", "f")], ["a.py", "b.py"])


def test_what_is_kept_gives_the_order_that_a_search_gives(shop, open_index):
    found = asked(shop, open_index, changes=[["shop/cart.py", 5, 6]])
    names = list(long_weights())
    weights = np.array([long_weights()[name] for name in names])
    assert found.hits[0] == ("shop/cart.py", "Cart.discount")
    assert fit.ordered(found, names, weights)[: len(found.hits)] == found.hits
    of_best = dict(found.found)[found.hits[0]]
    assert {"whole_text", "title", "whole_file"} <= set(of_best)


def question(gold, hits, repository="a", files=("x.py",)):
    return long.Asked(repository, gold, list(files), hits)


def test_figures_tell_whether_all_are_found_the_first_file_and_the_first_place():
    hits = [("x.py", str(i)) for i in range(10)]

    def of(gold, files=("x.py",)):
        return long.figures(question(gold, hits, files=files), hits)

    assert of([("x.py", "0"), ("x.py", "4")]) == [1, 1, 1, 1, 1]
    assert of([("x.py", "1"), ("x.py", "5")]) == [0, 1, 1, 1 / 2, 1]
    assert of([("x.py", "3"), ("x.py", "gone")], files=["y.py"]) == [0, 0, 0, 1 / 4, 1]
    assert of([("y.py", "0")]) == [0, 0, 1, 0, 0]
    of_files_alone = of([])
    assert of_files_alone[2] == 1
    assert np.isnan([of_files_alone[i] for i in (0, 1, 3, 4)]).all()


def test_means_are_those_of_repositories_and_differences_too():
    rows = [("a", [1.0] * 5), ("a", [1.0] * 5), ("a", [1.0] * 5), ("b", [0.0] * 5)]
    said = long.means(rows)
    assert said.startswith("2 repositories, 4 issues: all@5 0.500 (")
    assert said.endswith("of issues 0.750 0.750 0.750 0.750 0.750")
    worse = [(name, [0.0] * 5) for name, _ in rows]
    assert long.differences(rows, worse).startswith("all@5 -0.500 (")


@pytest.fixture
def taught():
    """Forty questions of eight repositories: the title finds what was changed, the names never do."""
    random = np.random.default_rng(7)
    package = long_weights()
    every = []
    for i in range(40):
        title, names = random.permutation(12), random.permutation(12)
        places = [(f"{row}.py", str(row)) for row in range(12)]
        found = [
            (
                place,
                {
                    "title": package["title"] / (6 + int(title[row])),
                    "names": package["names"] / (6 + int(names[row])),
                },
            )
            for row, place in enumerate(places)
        ]
        best = places[int(title.argmin())]
        every.append(long.Asked(f"r{i % 8}", [best], [best[0]], [], found))
    return every


def test_weights_go_to_what_finds_the_answers_whatever_stands_in_the_package(taught):
    names = list(long_weights())
    weights = dict(zip(names, fit.fitted(taught, names, fit.start(names)), strict=True))
    assert weights["title"] > 1 > weights["names"]
    assert weights["whole_text"] == pytest.approx(1)  # nothing tells of it
    assert {name: weights[name] for name in fit.BY_HAND} == pytest.approx(fit.BY_HAND)
    assert all(weights[name] <= 0 for name in fit.HARM)


def test_whole_repositories_are_held_out(taught, monkeypatch):
    seen = []

    def noted(own, names, near):
        seen.append({each.repository for each in own})
        return near

    monkeypatch.setattr(fit, "fitted", noted)
    names = list(long_weights())
    rows = fit.held_out(taught, names, fit.start(names))
    everything = {each.repository for each in taught}
    left_out = [everything - each for each in seen]
    assert sum(map(len, left_out)) == len(everything) == len(set.union(*left_out))
    assert sorted(name for name, _ in rows) == sorted(each.repository for each in taught)


def test_long_messages_become_questions_that_are_asked_of_the_code_before_them(
    make_folder, run_script, tmp_path
):
    clone = make_folder("clones/ada+shop")
    clone.git("init", "--quiet")
    lines = [f"def step_{i}(value):\n    return value + {i}\n\n\n" for i in range(12)]
    clone.write("shop/steps.py", "".join(lines))
    clone.commit()
    for i in range(60):
        clone.write("README.md", f"{i}\n")
        clone.commit()
    for i in range(12):
        lines[i] = lines[i].replace("value +", "value -")
        clone.write("shop/steps.py", "".join(lines))
        clone.git("add", "--all")
        told = f"Step {i} takes away\n\nWhat step_{i} adds is to be taken away. " + "It was wrong. " * 40
        clone.git("commit", "--quiet", "--message", told)
    make_folder("clones/ada+empty").git("init", "--quiet")
    folder = clone.root.parent
    issues, texts = tmp_path / "issues.jsonl", tmp_path / "texts.json"
    done = run_script("long_messages.py", folder, issues, texts)
    assert done.returncode == 0, done.stderr
    assert "ada+empty" in done.stderr
    assert "Traceback" not in done.stderr
    found = [json.loads(line) for line in issues.read_text().splitlines()]
    assert len(found) == 12
    assert {each["repository"] for each in found} == {"ada/shop"}
    asked = json.loads(texts.read_text())
    for each in found:
        ((path, first, last),) = each["changes"]
        i = (first - 2) // 4
        assert (path, first, last) == ("shop/steps.py", 4 * i + 2, 4 * i + 2)
        assert asked[f"ada/shop#{each['issue']}"].startswith(f"Step {i} takes away")
        assert clone.git("show", f"{each['commit']}:shop/steps.py").split("\n")[first - 1].endswith(f"+ {i}")
    asked_of_all = run_script("long_questions.py", issues, texts, folder, "--kept", tmp_path / "kept")
    assert asked_of_all.returncode == 0, asked_of_all.stderr
    assert "1 repositories, 12 issues: all@5 1.000" in asked_of_all.stdout

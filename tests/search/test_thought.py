"""What somebody thinks that the answer looks like is asked beside the question, and never against it."""

import time

import pytest

from wherein.everywhere import search_everywhere
from wherein.search.query import parse
from wherein.search.thought import (
    CODE,
    MOST_WORDS,
    NAMES,
    Thought,
    sketched,
    thought_of,
    thought_readings,
)

FILES = {
    "ledger.py": "def reconcile(entries):\n    return [e for e in entries if e.debit != e.credit]\n",
    "menu.py": "def draw_menu(items):\n    for item in items:\n        print(item)\n",
    "mail.py": "def send_mail(recipient, body):\n    connect().sendmail(recipient, body)\n",
    "tests/test_ledger.py": "def test_reconcile():\n    assert reconcile([]) == []\n",
}


@pytest.fixture
def index(repo, open_index):
    repo.commit(FILES)
    opened = open_index(repo)
    opened.update(processes=0)
    return opened


def paths(hits):
    return [hit.path for hit in hits]


@pytest.mark.parametrize(
    "thought",
    [Thought(names=("reconcile",)), Thought(sketch="def check(entries):\n    return debit != credit")],
    ids=["names", "sketch"],
)
def test_what_no_word_of_the_question_says_is_found_by_the_thought(index, thought):
    question = "money going missing"
    assert "ledger.py" not in paths(index.search(question, mode="lexical"))
    first = index.search(question, thought=thought)[0]
    assert first.path == "ledger.py"
    assert set(first.parts) & {NAMES, CODE}


def test_filters_of_the_question_hold_for_the_thought(index):
    hits = index.search("money going missing path:tests", thought=Thought(names=("reconcile",)))
    assert set(paths(hits)) == {"tests/test_ledger.py"}


@pytest.mark.parametrize("question", ['"draw_menu"', "path:menu.py", "menu.py:2"])
def test_a_question_that_says_exactly_what_it_wants_is_asked_alone(index, question):
    thought = Thought(names=("reconcile",), sketch="debit credit")
    assert thought_readings(thought, parse(question)) == {}
    assert paths(index.search(question, thought=thought)) == paths(index.search(question))


def test_a_thought_is_bounded_and_what_is_no_name_is_left_out():
    names = ("a b", "x", '"quoted"', "path:menu.py", *(f"name_{n}" for n in range(100)))
    sketch = " ".join(f"word{n}" for n in range(10_000))
    found = thought_readings(Thought(names, sketch), parse("money going missing"))
    assert not found[NAMES].filters
    assert len(found[NAMES].names) <= 12
    assert len(found[CODE].text.split()) == MOST_WORDS
    assert thought_readings(Thought(("..",), "()[]"), parse("money going missing")) == {}


@pytest.mark.parametrize(
    "thought",
    [Thought(sketch="def draw_menu(items): print(items)"), Thought(names=("draw_menu", "menu", "print"))],
    ids=["sketch", "names"],
)
def test_half_a_thought_that_is_wrong_does_not_come_before_what_the_question_says(index, thought):
    question = "send a mail to its recipient"
    assert index.search(question, thought=thought)[0].path == "mail.py"


def test_whoever_sketches_the_answer_names_what_is_called_in_it():
    assert sketched("def check(entries):\n    reconcile(entries)") == Thought(
        ("check", "reconcile"), "def check(entries):\n    reconcile(entries)", known=True
    )
    assert sketched("Names: reconcile\n```\ncheck(x)\n```") == Thought(("reconcile",), "check(x)", known=True)
    assert sketched("reconcile, settle") == Thought((), "reconcile, settle", known=True)


@pytest.mark.parametrize("piece", ["\n", " ", "; ", "```", "names", "*", "`a", "function ", "x(", "{"])
def test_a_thought_of_any_length_is_read_at_once(piece):
    began = time.process_time()
    for text in (piece * 100_000, f"def f(x):{piece * 100_000}"):
        thought_of(text)
        sketched(text)
    assert time.process_time() - began < 1


def test_a_search_of_several_repositories_finds_by_the_thought_as_well(index):
    found = search_everywhere(
        [index], "money going missing", settings=index._settings, thought=Thought(names=("reconcile",))
    )
    assert found.hits[0].path == "ledger.py"

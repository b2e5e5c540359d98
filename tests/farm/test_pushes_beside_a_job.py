"""What is pushed, or removed, while a repository is indexed, which takes minutes: the job asked its remote before."""

import pytest

from wherein.store.redis.connection.address import parse
from wherein.store.redis.connection.connect import connect
from wherein_server.farm.ledger import Ledger

FIRST, SECOND, THIRD = (letter * 40 for letter in "abc")

FACTS = {"made_with": "one", "seconds": 1.0, "files": 1, "chunks": 1, "embedded": 1, "who": "me"}


@pytest.fixture
def ledger(redis_url):
    address = parse(redis_url)
    ledger = Ledger(connect(address), address.tenant)
    ledger.add("acme/web", "https://git.example.org/acme/web")
    return ledger


def test_a_push_is_still_wanted_when_the_job_before_it_is_done(ledger):
    ledger.want(ledger.named("acme/web"), FIRST, "main", "first")
    begun = ledger.named("acme/web")
    ledger.want(begun, SECOND, "main", "push")
    ledger.put_back(ledger.named("acme/web"), 0.0)  # the job of the push found the repository in use
    ledger.done(begun, commit=FIRST, branch="main", outcome="indexed", facts=FACTS)
    now = ledger.named("acme/web")
    assert (now.indexed, now.wanted, now.state("one")) == (FIRST, SECOND, "waiting")
    assert list(ledger.due()) == [now.id]


def test_a_push_that_comes_while_the_end_is_written_is_still_wanted(ledger, monkeypatch):
    ledger.want(ledger.named("acme/web"), FIRST, "main", "first")
    begun = ledger.named("acme/web")
    tell, pushed = ledger._tell, []

    def push_first(*told):
        if not pushed:
            pushed.append(SECOND)
            ledger.want(begun, SECOND, "main", "push")
        tell(*told)

    monkeypatch.setattr(ledger, "_tell", push_first)
    ledger.done(begun, commit=FIRST, branch="main", outcome="indexed", facts=FACTS)
    now = ledger.named("acme/web")
    assert (now.indexed, now.wanted) == (FIRST, SECOND)


def test_a_branch_that_went_on_untold_is_wanted_where_it_was_found(ledger):
    ledger.want(ledger.named("acme/web"), FIRST, "main", "first")
    begun = ledger.named("acme/web")
    ledger.put_back(begun, 0.0)
    ledger.done(begun, commit=THIRD, branch="main", outcome="indexed", facts=FACTS)
    now = ledger.named("acme/web")
    assert (now.indexed, now.wanted, now.state("one")) == (THIRD, THIRD, "done")
    assert not ledger.due()


def test_what_was_removed_while_a_job_had_it_begins_anew_when_it_is_added_again(ledger):
    begun = ledger.named("acme/web")
    ledger.remove(begun.id)
    ledger.failed(begun, "too slow", "It took too long.", most=1, aside=True)
    ledger.put_back(begun, 0.0)
    ledger.done(begun, commit=FIRST, branch="main", outcome="indexed", facts=FACTS)
    assert not ledger.due()
    ledger.add("acme/web", begun.url)
    assert ledger.named("acme/web") == begun

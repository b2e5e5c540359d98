"""Sentences of a language model about definitions without a comment: written once, kept, searched, marked."""

import json
import random
import re
import string
import time
from dataclasses import replace

import pytest
from werkzeug import Response

from misbehaving_server import DONE, MisbehavingServer, event
from wherein.config.language_model import LlmSettings
from wherein.deepening import describing
from wherein.deepening.describing import Unusable, first_sentence
from wherein.errors import ConsentMissing, EndpointUnreachable
from wherein.store.description import LONGEST_SENTENCE, packed, unpacked
from wherein_server.explain.describe import Writer, writer
from wherein_server.explain.endpoint.endpoint import Endpoint
from wherein_server.explain.endpoint.failures import NotUnderstood, Stalled

CODE = '''\
def alpha(given):
    return given.a


def beta(given):
    """Its author says what it does."""
    return given.b


class Gamma:
    def delta(self):
        return self.d


def omega(given):
    return given.o
'''


@pytest.fixture
def model(httpserver):
    """A model that says of each function what a test put into `model.says`, by a word of its code."""
    server = MisbehavingServer(httpserver)
    server.says_of = {}

    def handle(request):
        asked = request.get_json()
        server.requests.append(asked)
        code = asked["messages"][-1]["content"]
        said = next(
            (text for word, text in server.says_of.items() if word in code), "Does something plain here."
        )
        if callable(said):
            return said()
        return Response(event(said) + event(finish="stop") + DONE, content_type="text/event-stream")

    server.server.expect_request("/v1/chat/completions", method="POST").respond_with_handler(handle)
    return server


@pytest.fixture
def writes(model, settings):
    def make(name="tiny", **llm):
        return Writer(
            Endpoint(model.url, name, 8_192, replace(settings, llm=LlmSettings(base_url=model.url, **llm)))
        )

    return make


def asked_about(model):
    """The names of the definitions that the model was sent, since the last call."""
    names = [re.search(r"(?:def|class) (\w+)", each["messages"][-1]["content"])[1] for each in model.requests]
    model.requests.clear()
    return names


@pytest.fixture
def plain(settings):
    """No deep model: descriptions need none."""
    return replace(settings, deep_model=None)


@pytest.fixture
def index_at(repo, open_at):
    def make(settings):
        repo.commit({"src/a.py": CODE})
        opened = open_at(repo, settings)
        opened.update(processes=0)
        return opened

    return make


@pytest.fixture
def index(index_at, plain):
    return index_at(plain)


@pytest.fixture
def anywhere(index_at, stored):
    """In each store."""
    return index_at(replace(stored, deep_model=None))


def test_definitions_without_a_comment_are_described_once_and_then_found_by_what_was_said(
    anywhere, model, writes
):
    model.says_of = {"alpha": "Polishes the zeppelin before take-off.", "delta": "Ends the masquerade."}
    assert [hit.symbol for hit in anywhere.search("polish zeppelin", mode="lexical")] == []
    report = anywhere.describe(writes())
    assert sorted(asked_about(model)) == ["alpha", "delta", "omega"]
    assert (report.written, report.unusable, report.described) == (3, 0, 3)
    assert report.looked_at == report.chunks
    for mode in ("hybrid", "lexical"):
        first = anywhere.search("polishing zeppelins", mode=mode)[0]
        assert first.symbol == "alpha"
        assert first.parts["described"] > 0
        assert (first.description, first.described_by) == ("Polishes the zeppelin before take-off.", "tiny")
        assert "zeppelin" not in first.text
    (beta,) = [hit for hit in anywhere.search("beta", limit=3) if hit.symbol == "beta"]
    assert beta.description == ""
    assert anywhere.status().described.described == 3
    assert anywhere.status().described.models == ("tiny",)
    assert anywhere.describe(writes()).written == 0
    assert asked_about(model) == []


def test_the_same_code_is_described_once_wherever_it_stands_and_changed_code_again(
    anywhere, repo, model, writes
):
    anywhere.describe(writes())
    asked_about(model)
    repo.commit({"src/copy.py": CODE, "src/a.py": CODE.replace("given.a", "given.other")})
    anywhere.update(processes=0)
    report = anywhere.describe(writes())
    assert asked_about(model) == ["alpha"]  # what changed; the copy shares what is known
    assert report.described == 6
    anywhere.update(processes=0, force=True)
    assert anywhere.describe(writes()).written == 0
    assert anywhere.status().described.described == 6


def test_another_model_describes_what_is_new_and_leaves_what_there_is(index, repo, model, writes):
    index.describe(writes())
    repo.commit({"src/new.py": "def fresh(x):\n    return x\n"})
    index.update(processes=0)
    asked_about(model)
    index.describe(writes("other"))
    assert asked_about(model) == ["fresh"]
    assert index.status().described.models == ("tiny", "other")


def test_a_run_ends_after_as_many_as_were_wanted_and_the_next_goes_on(index, model, writes):
    assert index.describe(writes(), most=1).written == 1
    assert len(asked_about(model)) == 1
    assert index.describe(writes()).written == 2


def test_what_was_opened_or_changed_last_is_described_first(index, repo, model, writes):
    repo.commit(
        {"src/open.py": "def opened(x):\n    return x\n", "tests/test_it.py": "def test_it():\n    pass\n"}
    )
    index.update(processes=0)
    index.describe(writes(), first=["src/open.py"])
    asked = asked_about(model)
    assert (asked[0], asked[-1]) == ("opened", "test_it")


def test_an_interrupt_keeps_what_was_written(index, model, writes):
    def interrupted():
        raise KeyboardInterrupt

    class Impatient(Writer):
        def describe(self, code):
            return interrupted() if len(model.requests) == 2 else super().describe(code)

    with pytest.raises(KeyboardInterrupt):
        index.describe(Impatient(writes().endpoint))
    assert index.status().described.described == 2
    assert index.describe(writes()).written == 1


def test_descriptions_go_with_the_code_that_they_are_of_and_by_a_command(anywhere, repo, model, writes):
    anywhere.describe(writes())
    repo.commit({"src/a.py": "def kept(x):\n    return x\n"})
    anywhere.update(processes=0)
    anywhere.describe(writes())
    anywhere.collect()
    assert anywhere.status().described.described == 1
    assert anywhere.forget_descriptions() >= 1
    assert anywhere.status().described.described == 0
    assert anywhere.search("kept")[0].described_by == ""


def test_ranking_is_as_before_where_the_step_is_left_out_and_where_nothing_new_is_said(
    index, repo, plain, open_at, model, writes
):
    before = [(hit.symbol, hit.score) for hit in index.search("delta of gamma")]
    model.says_of = {"alpha": "Says nothing new."}
    index.describe(writes())
    assert [(hit.symbol, hit.score) for hit in index.search("delta of gamma")] == before
    without = open_at(repo, replace(plain, search=replace(plain.search, ranking={"described": 0.0})))
    assert all("described" not in hit.parts for hit in without.search("nothing plain"))


def test_no_secret_of_the_code_is_sent(repo, plain, open_at, model, writes):
    letters = string.ascii_letters + string.digits
    key = "ghp_" + "".join(random.Random(7).choices(letters, k=36))
    repo.commit({"a.py": f'def login(host):\n    token = "{key}"\n    return host.login(token)\n'})
    index = open_at(repo, plain)
    index.update(processes=0)
    index.describe(writes())
    sent = json.dumps(model.requests)
    assert "login" in sent
    assert key not in sent


ENDLESS = lambda: Response((event("word ") for _ in iter(int, 1)), content_type="text/event-stream")  # noqa: E731
BAD = {
    "nothing": event("") + event(finish="stop"),
    "blanks": event(" \n ") + event(finish="stop"),
    "markup": event("<html><body>Sign in</body></html>") + event(finish="stop"),
    "json": event('{"sentence": "It adds."}') + event(finish="stop"),
}


@pytest.mark.parametrize("kind", [*BAD, "endless", "page", "ten megabytes"])
def test_what_is_no_sentence_is_not_kept_and_a_model_that_writes_none_ends_the_run(
    index, model, writes, kind, monkeypatch
):
    monkeypatch.setattr(describing, "UNUSABLE_IN_A_ROW", 2)
    made = {
        "endless": ENDLESS,
        "page": lambda: Response("<html>Sign in</html>", content_type="text/html"),
        "ten megabytes": lambda: Response(
            json.dumps({"choices": [{"message": {"content": "x" * 10_000_000}, "finish_reason": "stop"}]}),
            content_type="application/json",
        ),
    }
    bad = made.get(kind) or (lambda: Response(BAD[kind] + DONE, content_type="text/event-stream"))
    model.says_of = {"alpha": bad}
    report = index.describe(writes())
    assert (report.written, report.unusable) == (2, 1)  # the others have theirs
    model.says_of = {"": bad}
    with pytest.raises(EndpointUnreachable) as failed:
        repo_of_more(index, writes)
    assert isinstance(failed.value, Unusable | NotUnderstood) or "empty" in failed.value.message
    assert index.status().described.described == 2
    model.says_of = {}
    assert index.describe(writes()).written == 3


def repo_of_more(index, writes):
    """Two more definitions, described."""
    (index.root / "more.py").write_text("def one(x):\n    return x + 1\n\n\ndef two(x):\n    return x + 2\n")
    index.update(processes=0)
    index.describe(writes())


def test_a_model_that_falls_silent_or_never_ends_its_sentence_ends_the_run_and_what_was_said_stays(
    index, model, writes, monkeypatch
):
    def silent():
        yield event("Slowly ")
        time.sleep(3)

    def dripping():
        while True:
            yield event("w ")
            time.sleep(0.05)

    index.describe(writes(), most=1)
    model.says_of = {"": lambda: Response(silent(), content_type="text/event-stream")}
    with pytest.raises(Stalled):
        index.describe(writes(idle_timeout=1))
    monkeypatch.setattr("wherein_server.explain.describe.LONGEST_SECONDS", -0.5)
    model.says_of = {"": lambda: Response(dripping(), content_type="text/event-stream")}
    with pytest.raises(Stalled, match="did not end"):
        index.describe(writes(first_token_timeout=1))
    assert index.status().described.described == 1


def test_a_server_that_is_away_is_told_and_nothing_is_lost(index, model, writes, settings):
    index.describe(writes(), most=1)
    away = Endpoint("http://127.0.0.1:1/v1", "tiny", 8_192, settings)
    with pytest.raises(EndpointUnreachable):
        index.describe(Writer(away))
    assert index.status().described.described == 1


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Reads the file. And more.", "Reads the file. And more."),
        ("Reads a configuration file. It also says more.", "Reads a configuration file."),
        ("**Reads** the file", "Reads** the file"),
        ("\n\n- Reads the file.\nSecond line", "Reads the file."),
        ("Reads \x1b[31mred\x1b[0m \u202etxt\u2066 files\x00.", "Reads [31mred [0m txt files ."),
        ("<html>x y</html>", ""),
        ("```\n", ""),
        ("Yes", ""),
        ("", ""),
    ],
)
def test_a_sentence_is_one_line_without_control_characters(said, kept):
    assert first_sentence(said) == kept


def test_what_is_kept_of_a_sentence_has_a_bound():
    long = first_sentence("wörter " * 100_000)
    assert len(long.encode()) <= LONGEST_SENTENCE
    row = unpacked(packed(long, "m" * 500).tobytes())
    assert row.sentence == long
    assert row.model.endswith("…")
    assert len(row.terms) >= 1


def test_code_is_sent_to_another_machine_only_by_the_users_word(settings):
    def of(url, model="tiny", *, remote=False, **llm):
        own = replace(settings, llm=LlmSettings(base_url=url, **llm))
        return Endpoint(url, model, None, own, remote=remote)

    far = "https://llm.example.com/v1"
    with pytest.raises(ConsentMissing, match="not on this machine"):
        writer(of(far))
    with pytest.raises(ConsentMissing):
        writer(of(far, describe_consent="https://other.example.com/v1"))
    assert writer(of(far, describe_consent=far)).model == "tiny"
    assert writer(of("http://127.0.0.1:8080/v1")).model == "tiny"
    with pytest.raises(ConsentMissing):  # the server is here, its model is not
        writer(of("http://127.0.0.1:11434/v1", "big:120b-cloud"))
    with pytest.raises(ConsentMissing):
        writer(of("http://127.0.0.1:11434/v1", remote=True))
    offline = of("http://127.0.0.1:11434/v1", remote=True, describe_consent="http://127.0.0.1:11434/v1")
    offline = replace(offline, settings=replace(offline.settings, offline=True))
    with pytest.raises(EndpointUnreachable, match="offline"):
        writer(offline)

"""Searching through the library: filters, phrases, limits, scores."""

import dataclasses
from contextlib import contextmanager

import pytest

import wherein
from indexed_folder import write_files
from wherein.config.sections import SearchSettings
from wherein.config.settings import Settings

SESSION = '''\
"""Sessions keep cookies between requests."""


class Session:
    """Sends requests."""

    def send(self, request):
        """Send one request over the network and return its response."""
        return self.transport.deliver(request)

    def resolve_redirects(self, response):
        """Follow redirects until a final answer."""
        while response.status in (301, 302, 303):
            response = self.send(response.next)
        return response
'''

RETRY = """\
// Send again, waiting longer after each failure.
export function retryRequest(request, attempts) {
  for (let i = 0; i < attempts; i++) {
    send(request);
  }
}
"""

GUIDE = """\
# Guide

## Redirects

Redirects are followed until a final answer; send a request to see it.
"""


def sources():
    many = {f"jobs/job_{i}.py": f"def run_job_{i}(request):\n    send(request, {i})\n" for i in range(30)}
    return many | {
        "src/session.py": SESSION,
        "web/retry.js": RETRY,
        "docs/guide.md": GUIDE,
        "tests/test_session.py": "def test_send_a_request():\n    assert Session().send(request)\n",
    }


FILES = sources()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder and the data folder of its index."""
    folder = tmp_path_factory.mktemp("searched")
    write_files(folder / "project", FILES)
    return folder / "project", folder / "data"


@pytest.fixture(scope="module")
def index(place):
    """For tests that change nothing."""
    folder, data = place
    with wherein.open_index(folder, settings=Settings(data_dir=data)) as index:
        index.update()
        yield index


@pytest.fixture
def ranked_with(place, index):
    """ranked_with(step=0.0): the same index under other weights."""
    folder, data = place

    @contextmanager
    def opened(**weights):
        settings = Settings(data_dir=data, search=SearchSettings(ranking=weights))
        with wherein.open_index(folder, settings=settings) as other:
            yield other

    return opened


def test_hits_are_chunks_with_the_text_of_their_lines(index):
    hits = index.search("send a request", limit=100)
    assert len(hits) > 20
    for hit in hits:
        lines = FILES[hit.path].split("\n")
        assert hit.text == "\n".join(lines[hit.start_line - 1 : hit.end_line])
        assert hit.text.strip("\n") == hit.text
        assert hit.repository == index.repository


def test_a_hit_tells_what_it_is(index):
    (hit,) = index.search("resolve_redirects", limit=1)
    assert (hit.path, hit.start_line, hit.end_line) == ("src/session.py", 11, 15)
    assert (hit.symbol, hit.qualified_name) == ("resolve_redirects", "Session.resolve_redirects")
    assert (hit.kind, hit.language) == ("method", "python")


@pytest.mark.parametrize("mode", ["hybrid", "semantic", "lexical"])
@pytest.mark.parametrize("query", ["send a request", "resolve_redirects", "how redirects are followed"])
def test_the_parts_of_a_score_sum_to_it_and_the_best_come_first(index, query, mode):
    hits = index.search(query, mode=mode, limit=50)
    assert hits
    for hit in hits:
        assert sum(hit.parts.values()) == pytest.approx(hit.score, abs=1e-5)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("mode", ["hybrid", "semantic", "lexical"])
def test_each_mode_finds_what_a_query_describes(index, mode):
    assert index.search("follow redirects until a final answer", mode=mode)[0].path in (
        "src/session.py",
        "docs/guide.md",
    )


@pytest.mark.parametrize(
    ("filters", "path"),
    [
        ({"languages": ["javascript"]}, "web/retry.js"),
        ({"languages": ["js"]}, "web/retry.js"),
        ({"kinds": ["section"]}, "docs/guide.md"),
        ({"paths": ["web/"]}, "web/retry.js"),
        ({"paths": ["*.md"]}, "docs/guide.md"),
        ({"paths": ["tests/**"]}, "tests/test_session.py"),
        ({"exclude": ["jobs/", "src/", "docs/", "web/"]}, "tests/test_session.py"),
        ({"languages": ["python"], "kinds": ["method"]}, "src/session.py"),
        ({"kinds": ["function"], "paths": ["src/session.py"]}, "src/session.py"),
    ],
    ids=str,
)
@pytest.mark.parametrize("mode", ["hybrid", "semantic", "lexical"])
def test_a_filter_never_costs_the_only_hit(index, filters, path, mode):
    (hit,) = index.search("send a request", limit=1, mode=mode, **filters)
    assert hit.path == path


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("send a request lang:javascript", "web/retry.js"),
        ("kind:section send a request", "docs/guide.md"),
        ("send path:tests/ a request", "tests/test_session.py"),
        ('send a request path:"web/*.js"', "web/retry.js"),
        ("send a request -path:jobs/ -path:src/ -path:docs/ -path:web/", "tests/test_session.py"),
    ],
)
def test_filters_may_stand_in_the_query(index, query, path):
    (hit,) = index.search(query, limit=1)
    assert hit.path == path


@pytest.mark.parametrize(
    "filters", [{"languages": "js"}, {"kinds": "section"}, {"paths": "web/**"}, {"exclude": "src/"}]
)
def test_a_filter_that_is_a_string_is_a_list_of_one(index, filters):
    listed = {name: [value] for name, value in filters.items()}
    assert index.search("send", limit=100, **filters) == index.search("send", limit=100, **listed)
    assert index.symbols("send", **filters) == index.symbols("send", **listed)


def test_a_kind_that_there_is_not_is_refused(index):
    with pytest.raises(wherein.ConfigError, match="'functoin' is not a kind of result"):
        index.search("send", kinds=["functoin"])
    assert index.search("send", kinds=["Method"])


def test_filters_in_the_query_join_those_beside_it(index):
    assert index.search("send lang:javascript", kinds=["section"]) == []


def test_a_filter_that_nothing_passes_finds_nothing(index):
    assert index.search("send a request", paths=["nowhere/"]) == []
    assert index.search("send a request", kinds=["trait"]) == []


def test_a_quoted_phrase_must_stand_in_every_hit(index):
    hits = index.search('"over the   NETWORK" send')
    assert [hit.symbol for hit in hits] == ["send"]
    assert all("send" in hit.text.lower() for hit in index.search('"send"', limit=50))
    assert [hit.symbol for hit in index.search('send "over the network" "no such"')] == ["send"]


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(index, limit):
    for ask in (index.search, index.symbols):
        with pytest.raises(wherein.ConfigError, match=f"at least 1, not {limit}"):
            ask("send", limit=limit)
    with pytest.raises(wherein.ConfigError, match=f"at least 1, not {limit}"):
        index.related("src/session.py", 8, limit=limit)


def test_a_huge_limit_gives_what_there_is(index):
    every = index.search("send a request", limit=10**9)
    assert len(every) < 100
    assert every[:5] == index.search("send a request", limit=5)
    assert len(index.symbols("run_job", limit=10**9)) == 30
    assert index.related("src/session.py", 8, limit=10**9)


def test_a_mode_that_there_is_not_is_refused(index):
    with pytest.raises(wherein.ConfigError, match="no search mode 'magic'"):
        index.search("send", mode="magic")


@pytest.mark.parametrize("query", ["", "   ", "\0", "!?", '"', "-", "*"])
def test_a_query_without_words_is_refused(index, query):
    with pytest.raises(wherein.ConfigError) as refused:
        index.search(query)
    assert refused.value.remedy


@pytest.mark.parametrize(
    "query",
    ['"send', "send*", "send NEAR(request, 3)", "send AND NOT", "body:send", "^send", "'; DROP TABLE chunk; --",
     "se\0nd", "path:", "lang:", "kind:\"", "\ud800 send", "ß ﬁ İ send", "send " * 20_000, "send " + "a" * 100_000],
    ids=lambda query: query[:20].encode("ascii", "backslashreplace").decode(),
)  # fmt: skip
@pytest.mark.parametrize("mode", ["hybrid", "semantic", "lexical", "symbol"])
def test_no_query_breaks_a_search(index, query, mode):
    assert isinstance(index.search(query, mode=mode), list)


@pytest.mark.parametrize("value", ["'; DROP TABLE chunk; --", "\0", "[]]", "**", "a" * 10_000, "\ud800"])
def test_no_filter_breaks_a_search(index, value):
    for filters in ({"paths": [value]}, {"exclude": [value]}):
        assert isinstance(index.search("send", **filters), list)
    with pytest.raises(wherein.ConfigError, match="not a language"):
        index.search("send", languages=[value])
    with pytest.raises(wherein.ConfigError, match="not a kind"):
        index.search("send", kinds=[value])
    assert index.search("send")


def test_a_path_filter_that_is_no_pattern_is_a_sentence(index):
    for filters in ({"paths": ["["]}, {"exclude": ["["]}, {"paths": ["*a" * 20_000]}):
        with pytest.raises(wherein.ConfigError, match="pattern"):
            index.search("send", **filters)


def test_identical_chunks_are_shown_once(folder, open_index):
    folder.write("session.py", SESSION)
    folder.write("copy/session.py", SESSION)
    index = open_index(folder)
    index.update()
    hits = index.search("resolve_redirects", limit=50)
    assert [hit.symbol for hit in hits].count("resolve_redirects") == 1


def test_symbols_are_exact_ones_first_then_those_that_begin_so(index):
    assert [hit.qualified_name for hit in index.symbols("send")] == ["Session.send"]
    assert index.symbols("Session.send")[0].path == "src/session.py"
    assert index.symbols("RETRYREQUEST")[0].symbol == "retryRequest"
    assert {hit.symbol for hit in index.symbols("run_job_2")} == {
        "run_job_2",
        *(f"run_job_2{i}" for i in range(10)),
    }
    assert index.symbols("run_job_2")[0].symbol == "run_job_2"
    assert index.symbols("no_such_name") == []
    assert [hit.symbol for hit in index.symbols("run_job_2", exact=True)] == ["run_job_2"]
    assert index.symbols("run_job", exact=True) == []


def test_what_defines_a_thing_comes_before_what_is_only_called_so(folder, open_index):
    folder.write("a.md", "# Reply\n\nWhat is sent.\n")
    folder.write("b.js", "const Reply = require('./reply')\n")
    folder.write("test/c.js", "function Reply () {\n  return 1\n}\n")
    folder.write("lib/reply.js", "function Reply (res) {\n  this.res = res\n}\n")
    index = open_index(folder)
    index.update()
    found = [hit.path for hit in index.symbols("Reply")]
    assert found == ["lib/reply.js", "test/c.js", "b.js", "a.md"]
    assert [hit.path for hit in index.symbols("Reply", exact=True)] == found


def test_symbols_take_filters(index):
    assert index.symbols("run_job", limit=1, paths=["jobs/job_17.py"])[0].symbol == "run_job_17"
    assert index.symbols("send", languages=["javascript"]) == []


def test_mode_symbol_finds_definitions_by_name(index):
    assert [hit.qualified_name for hit in index.search("send", mode="symbol")] == ["Session.send"]


def test_related_code_is_like_what_stands_at_a_line_and_is_not_it(index):
    hits = index.related("jobs/job_3.py", 1, limit=5)
    assert len(hits) == 5
    assert all(hit.path.startswith("jobs/") and hit.path != "jobs/job_3.py" for hit in hits)


@pytest.mark.parametrize(
    ("path", "line"), [("nowhere.py", 1), ("src/session.py", 0), ("src/session.py", 10_000), ("../x", 1)]
)
def test_related_to_what_is_not_indexed_is_refused(index, path, line):
    with pytest.raises(wherein.ConfigError, match="index"):
        index.related(path, line)


def test_weights_of_ranking_steps_are_settings(index, ranked_with):
    (hit,) = index.search("follow redirects", limit=1)
    step = next(iter(hit.parts))
    with ranked_with(**{step: 0.0}) as without:
        for other in without.search("follow redirects"):
            assert step not in other.parts


def test_with_every_step_left_out_there_are_still_hits(index, ranked_with):
    steps = {name for hit in index.search("follow redirects", limit=100) for name in hit.parts}
    with ranked_with(**dict.fromkeys(steps, 0.0)) as without:
        assert without.search("follow redirects")


def test_hits_are_values(index):
    first, again = index.search("send a request"), index.search("send a request")
    assert first == again
    with pytest.raises(dataclasses.FrozenInstanceError):
        first[0].path = "elsewhere"

"""Searching code alone, tests alone, or anything but tests."""

import pytest

import wherein
from indexed_folder import indexed
from wherein.path_groups import groups_of, path_groups

FILES = {
    "src/retry.py": "def wait_before_retry(n):\n    return 2**n\n",
    "tests/test_retry.py": "def test_wait_before_retry():\n    assert wait_before_retry(1) == 2\n",
    "examples/retry.py": "def show_retry():\n    wait_before_retry(3)\n",
    "docs/retry.md": "# Retry\n\nHow long to wait before a retry.\n",
    "NOTES.md": "# Retry\n\nThe wait before a retry doubles.\n",
    "src/retry.rs": """\
pub fn wait_before_retry(n: u32) -> u32 {
    1 << n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_the_wait_before_each_retry() {
        assert_eq!(wait_before_retry(2), 4);
    }
}
""",
}
CODE = {("src/retry.py", "wait_before_retry"), ("src/retry.rs", "wait_before_retry")}
TESTS = {
    ("tests/test_retry.py", "test_wait_before_retry"),
    ("src/retry.rs", "doubles_the_wait_before_each_retry"),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """Of code with tests beside it and in it."""
    folder = tmp_path_factory.mktemp("scopes")
    with indexed(folder, FILES) as index:
        yield index


def functions(hits):
    return {(hit.path, hit.symbol) for hit in hits if hit.kind == "function"}


@pytest.mark.parametrize(
    ("scope", "line", "expected"),
    [
        ("no-tests", 2, "wait_before_retry"),
        ("no-tests", 11, None),
        ("tests", 11, "doubles_the_wait_before_each_retry"),
        ("tests", 2, None),
    ],
)
def test_a_place_in_a_trace_is_found_within_the_scope_alone(index, scope, line, expected):
    trace = f"thread 'main' panicked at src/retry.rs:{line}:5:\nattempt to shift left with overflow"
    found = [hit.symbol for hit in index.search(trace, scopes=[scope]) if "place" in hit.parts]
    assert found == [expected] * (expected is not None)


@pytest.mark.parametrize("query", ["wait before retry", "wait_before_retry"])
def test_a_search_keeps_to_the_scope_that_is_given_or_stands_in_the_query(index, query):
    for found in (index.search(query, scopes=["tests"]), index.search(f"{query} scope:tests")):
        assert functions(found) == TESTS
        assert {hit.path for hit in found} == {path for path, _ in TESTS}
    found = index.search(f"scope:code {query}")
    assert functions(found) == CODE
    assert {hit.path for hit in found} == {"src/retry.py", "src/retry.rs"}
    found = index.search(query, scopes=["no-tests"])
    assert functions(found) == CODE | {("examples/retry.py", "show_retry")}
    assert {"docs/retry.md", "NOTES.md"} <= {hit.path for hit in found}


def test_a_scope_alone_lists_what_is_in_it_and_names_keep_to_it(index):
    listed = index.search("scope:tests", limit=50)
    assert {hit.path for hit in listed} == {"tests/test_retry.py", "src/retry.rs"}
    assert functions(listed) == TESTS
    assert functions(index.symbols("wait_before_retry", scopes=["tests"], alike=True)) <= TESTS
    assert functions(index.symbols("wait_before_retry", scopes=["code"])) == CODE


def test_scopes_that_exclude_one_another_find_nothing_and_others_are_refused(index):
    assert index.search("wait scope:code", scopes=["tests"]) == []
    for search in (lambda: index.search("wait", scopes=["test"]), lambda: index.search("wait scope:fast")):
        with pytest.raises(wherein.ConfigError, match="is not a part of a repository"):
            search()


@pytest.mark.parametrize(
    ("path", "groups"),
    [
        ("src/commonTest/kotlin/Retry.kt", {"test"}),
        ("src/Serilog.Tests/Core/Sink.cs", {"test"}),
        ("lib/session_spec.rb", {"test"}),
        ("web/retry.spec.ts", {"test"}),
        ("pkg/retry_test.go", {"test"}),
        ("t/unit/retry.t", {"test"}),
        ("api/openapi_spec.py", set()),
        ("src/latest.py", set()),
        ("abtest/assign.py", set()),
        ("contest/solve.c", set()),
        ("latest/solve.c", set()),
        ("src/_pytest/runner.py", set()),
        ("googletest/src/gtest.cc", set()),
        ("caddytest/integration/pki_test.go", {"test"}),
        ("caddytest/caddytest.go", {"test"}),
        ("htmltests/cases.go", {"test"}),
        ("crates/common/test-utils/src/lib.rs", {"test"}),
        ("crates/common/test_support/lib.rs", {"test"}),
        ("src/TestUtilities/Fakes.cs", {"test"}),
        ("_fixture/index.html", {"test"}),
        ("fuzz/fuzz_targets/parse.rs", {"test"}),
        ("tools/oss-fuzz/parse.c", {"test"}),
        ("integration/access_log.go", {"test"}),
        ("src/org/springframework/integration/Channel.java", set()),
        ("src/integrations/github.py", set()),
        ("web/page.tsx.snap", {"test"}),
        ("shared/i18n/locales/en_US/translation.json", {"documentation"}),
        ("config/locales/de.yml", {"documentation"}),
        ("src/locale/set.ts", set()),
        ("src/lang/go.toml", set()),
        ("bin/run.bats", {"test"}),
        ("lib/history.rs", set()),
        ("HISTORY.md", {"documentation"}),
        ("benches/retry.rs", {"example"}),
        ("a/" * 3000 + "test_deep.py", {"test"}),
        ("", set()),
    ],
)
def test_a_path_tells_what_it_accompanies_code_as(path, groups):
    assert groups_of(path) == groups


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("where are redirects followed", False),
        ("tests of the retry", True),
        ("how is it tested", True),
        ("flaky fixture", True),
        ("latest attestation", False),
    ],
)
def test_words_tell_whether_tests_are_asked_for(query, asked):
    (tests,) = (group for group in path_groups() if group.name == "test")
    assert (tests.asked(query.split()) > 0.5) is asked

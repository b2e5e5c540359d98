"""What the API answers, and that its document says so."""

import concurrent.futures
import re

import jsonschema
import pytest

from running_servers import index_all

SHOP, GATE, VAULT = ("github.com/acme/shop", "git.example.com/acme/gate", "github.com/secret/vault")
CART = {"repo": SHOP, "path": "src/shop/cart.py"}

ASKED = [
    ("search", {"q": "what do items cost"}),
    ("search", {"q": "nothingofthekind"}),
    ("symbol", {"name": "Cart.total"}),
    ("file", CART),
    ("calls", {**CART, "line": 20}),
    ("related", {**CART, "line": 20}),
    ("repositories", {}),
    ("me", {}),
]
REFUSED = [
    ("search", {}),
    ("search", {"q": "total", "limit": 0}),
    ("search", {"q": "total", "colour": "red"}),
    ("search", {"q": "total", "kind": "spoon"}),
    ("search", {"q": "total", "lang": "klingon"}),
    ("search", {"q": "total", "repo": "github.com/acme/none"}),
    ("file", {"repo": SHOP, "path": "src/none.py"}),
    ("file", {"repo": SHOP, "path": "src/../README.md"}),
    ("calls", {**CART, "line": 4000}),
    ("nowhere", {}),
]


@pytest.fixture(scope="module")
def described(served):
    return served.get("openapi.json")


def test_what_is_answered_is_what_the_document_says(served, described):
    for name, query in ASKED:
        schema = described["paths"][f"/api/v1/{name}"]["get"]["responses"]["200"]["content"]
        checked(described, schema["application/json"]["schema"], served.get(name, **query))
    undescribed = {"ask", "explain", "farm", "login", "logout"}
    assert {path.rpartition("/")[2] for path in described["paths"]} == {
        name for name, _ in ASKED
    } | undescribed


def test_what_is_refused_is_one_sentence_of_the_described_form(served, described):
    for name, query in REFUSED:
        status, _, answer = served.ask(f"/api/v1/{name}", **query)
        assert status in (400, 404), (name, query, answer)
        checked(described, {"$ref": "#/components/schemas/Refused"}, answer)
        assert answer["error"]["status"] == status
        assert re.fullmatch(r"[^\n]+[.?)]", answer["error"]["message"]), answer


def test_parameters_that_are_described_are_taken_and_no_others(served, described):
    for name, query in ASKED:
        known = {each["name"] for each in described["paths"][f"/api/v1/{name}"]["get"].get("parameters", [])}
        assert query.keys() <= known


def test_a_search_finds_in_all_repositories_and_shows_lines_that_match(served):
    found = served.get("search", q="total of codes")
    assert found["searched"] == 3
    assert {each["repository"] for each in found["results"]} >= {SHOP, VAULT}
    best = found["results"][0]
    assert best["qualified_name"] == "open_vault"
    assert [line["number"] for line in best["lines"] if line["matched"]] == [2]
    assert "".join(text for _, text in best["lines"][0]["pieces"]) == "def open_vault(code):"
    assert ["k", "def"] in best["lines"][0]["pieces"]
    link = r"https://github\.com/secret/vault/blob/[0-9a-f]{40}/vault\.py#L1-L3"
    assert re.fullmatch(link, best["link"])


def test_a_long_text_is_sent_in_a_body_and_answered_as_a_short_one_is(served, described):
    asked = {"q": "what do items cost together", "limit": 3, "repo": [SHOP]}
    status, _, short = served.ask("/api/v1/search", "POST", asked)
    assert status == 200
    assert [hit["path"] for hit in short["results"]] == [
        hit["path"] for hit in served.get("search", **asked)["results"]
    ]
    issue = "The total of a cart is wrong\n\n" + "`Cart.total` forgets 数 of what items cost.\n" * 2_000
    status, _, long = served.ask("/api/v1/search", "POST", {"q": issue, "limit": 5})
    assert status == 200, long
    assert long["results"][0]["path"] == "src/shop/cart.py"
    assert any("first and last" in note for note in long["notes"]), long["notes"]
    operations = [each["operationId"] for path in described["paths"].values() for each in path.values()]
    assert len(operations) == len(set(operations))
    schema = described["paths"]["/api/v1/search"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    checked(described, schema, {"q": issue, "limit": 5})


def test_a_sketch_of_the_answer_is_searched_beside_the_question(served):
    question = {"q": "what somebody owes in the end", "repo": [SHOP], "limit": 1}
    (plain,) = served.get("search", **question)["results"]
    assert plain["symbol"] != "total"
    (found,) = served.get("search", **question, sketch="def total(self): return sum(price_of(item))")[
        "results"
    ]
    assert found["symbol"] == "total"


@pytest.mark.parametrize(
    ("filters", "paths"),
    [
        ({"repo": GATE}, {"gate.go"}),
        ({"lang": ["go", "markdown"]}, {"gate.go", "README.md"}),
        ({"path": "src/**", "kind": "function"}, {"src/shop/cart.py", "src/shop/stock.py"}),
        ({"scope": "tests"}, {"tests/test_cart.py"}),
        ({"exclude": "*.py"}, {"gate.go", "README.md"}),
    ],
)
def test_filters_keep_to_parts(served, filters, paths):
    found = served.get("search", q="open total of the cart, by card, what an item costs", **filters)
    assert {each["path"] for each in found["results"]} == paths


def test_a_file_comes_from_the_index_with_its_outline(served):
    file = served.get("file", **CART)
    assert file["total_lines"] == 25
    assert [line["number"] for line in file["lines"]] == list(range(1, 26))
    assert "".join(text for _, text in file["lines"][5]["pieces"]) == "class Cart:"
    names = [(each["depth"], each["qualified_name"]) for each in file["outline"]]
    assert (0, "Cart") in names
    assert (1, "Cart.total") in names
    some = served.get("file", **CART, first=6, last=7)
    assert [line["number"] for line in some["lines"]] == [6, 7]
    assert some["total_lines"] == 25


def test_callers_and_callees_stand_beside_a_definition(served):
    calls = served.get("calls", **CART, line=20)
    assert calls["definition"]["qualified_name"] == "Cart.total"
    assert [each["place"]["qualified_name"] for each in calls["callees"]] == ["price_of"]
    assert [each["place"]["path"] for each in calls["callers"]] == ["tests/test_cart.py"]


def test_who_only_may_call_a_method_is_told_by_what_it_calls(served):
    calls = served.get("calls", repo=SHOP, path="lib/paying.py", line=7)
    assert [(each["place"]["qualified_name"], each["through"]) for each in calls["callers"]] == [
        ("swipe", ""),
        ("settle", "Way.charge"),
    ]


def test_code_that_looks_like_a_page_stays_text(served):
    _, headers, answer = served.ask("/api/v1/file", repo=GATE, path="gate.go")
    assert headers["content-type"] == "application/json"
    assert headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    line = "".join(text for _, text in answer["lines"][4]["pieces"])
    assert line.endswith("// <script>alert(1)</script>")


def test_many_clients_at_once_get_their_own_answers(served):
    queries = ["Cart.total", "open_vault", "Open", "reserve"] * 6
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: served.get("symbol", name=name, exact=True), queries))
    for name, answer in zip(queries, answers, strict=True):
        assert {each["symbol"] for each in answer["results"]} == {name.rpartition(".")[2]}


def test_metrics_tell_of_requests_searches_and_indexes(served):
    served.get("search", q="total")
    status, headers, text = served.ask("/metrics")
    assert status == 200
    assert headers["content-type"].startswith("text/plain; version=0.0.4")
    assert re.search(r'wherein_http_requests_total\{method="GET",route="search",status="200"\} [1-9]', text)
    assert re.search(r'wherein_search_seconds_count\{repositories="2-10"\} [1-9]', text)
    assert 'wherein_index_complete{repository="github.com/acme/shop"} 1.0' in text
    assert "wherein_repositories 3.0" in text
    assert "wherein_store_up 1.0" in text


def checked(described, schema, answer):
    jsonschema.validate(answer, {**schema, "components": described["components"]})


def test_questions_to_a_language_model_are_refused_where_there_is_none(served):
    assert served.get("me")["answers"] is False
    for name, body in (
        ("ask", {"repo": SHOP, "question": "what is paid?"}),
        ("explain", {"repo": SHOP, "name": "Cart"}),
    ):
        status, _, answer = served.ask(f"/api/v1/{name}", method="POST", body=body)
        assert (status, answer["error"]["message"]) == (404, "No language model answers here.")


def test_an_index_that_cannot_be_read_is_left_out_with_a_word_wherever_others_answer(
    start, tmp_path, monkeypatch
):
    files = {"a.py": "def weigh(parcel):\n    return parcel.grams\n"}
    with monkeypatch.context() as older:
        older.setattr("wherein.chunking.chunker.CHUNKER_VERSION", "0-other")
        index_all(tmp_path, {"example.org/acme/old": files})
    server = start(index_all(tmp_path, {"example.org/acme/whole": files}))
    for asked in ({"path": "symbol", "name": "weigh"}, {"path": "search", "q": "weigh a parcel"}):
        answer = server.get(asked.pop("path"), **asked)
        assert {hit["repository"] for hit in answer["results"]} == {"example.org/acme/whole"}
        assert answer["searched"] == 1
        assert any("left out" in note for note in answer["notes"]), answer["notes"]

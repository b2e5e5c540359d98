"""Long questions are read in several ways, and what these find is joined."""

from wherein.search.fusion import fused
from wherein.search.long import NAMES, TITLE, TITLE_AND_NAMES, WHOLE, readings
from wherein.search.long_weights import long_weights
from wherein.search.query import parse
from wherein.search.ranked import PLACE
from wherein.search.showing import Ranked
from wherein.store.protocol import Candidate, Filters

PROSE = "The people who reported this were using it in ways that nobody had thought of before. " * 6
ISSUE = f"""## Redirects lose the body lang:python

{PROSE}"It just hangs", they say. Look at `resolve_redirects` and RedirectMixin.rebuild_auth()
"""


def test_a_long_text_is_read_as_a_whole_by_its_title_and_by_its_names():
    found = readings(parse(ISSUE, Filters()))
    assert list(found) == [WHOLE, TITLE, TITLE_AND_NAMES, NAMES]
    assert found[TITLE].text == "Redirects lose the body"
    assert found[NAMES].names == ("resolve_redirects", "RedirectMixin.rebuild_auth")
    assert {each.phrases for each in found.values()} == {()}
    assert {each.filters.languages for each in found.values()} == {("python",)}


def test_a_short_one_is_read_as_it_stands():
    query = parse('where are "too many redirects" raised')
    assert readings(query) == {WHOLE: query}
    assert list(readings(parse(PROSE))) == [WHOLE, TITLE]


def test_a_part_in_which_nothing_can_be_looked_for_is_no_reading():
    long = "test_of_a_b_c_that_has_many_more_parts_than_a_name_of_code_has"
    assert list(readings(parse(f"{PROSE} It is `{long}`."))) == [WHOLE, TITLE, TITLE_AND_NAMES]
    assert list(readings(parse("deadbeef" * 10 + "\n" + PROSE))) == [WHOLE]


def test_titles_without_words_are_passed_over_and_long_ones_end_with_their_sentence():
    assert parse(f"---\n\n# \n**A title**\n{PROSE}").title == "A title"
    assert parse(f"It hangs. {PROSE}" + "x" * 200).title == "It hangs."
    assert len(parse("word" * 5000 + " " + PROSE).title) == 200


def ranked(*lines, **parts):
    return [
        Ranked(Candidate(at, "a.py", "b", at, at, "function", "", "", (), "python", b""), 1.0, dict(parts))
        for at in lines
    ]


def test_what_several_readings_find_comes_first_and_scores_are_what_each_adds():
    found = fused([(WHOLE, ranked(1, 2, 3)), (TITLE, ranked(4, 3)), (NAMES, ranked(3))], parse("short"))
    assert [each.candidate.id for each in found] == [3, 1, 4, 2]
    assert found[0].parts == {WHOLE: 1 / 8, TITLE: 1 / 7, NAMES: 1 / 6}
    assert all(abs(each.score - sum(each.parts.values())) < 1e-9 for each in found)


def test_places_that_the_text_names_come_before_all_else():
    places = ranked(9, **{PLACE: 2.0})
    found = fused([(WHOLE, [*places, *ranked(1)]), (TITLE, ranked(1, 9))], parse(PROSE))
    assert [each.candidate.id for each in found] == [9, 1]
    assert found[0].parts == {PLACE: 2.0}


def test_an_issue_finds_what_it_names_whatever_it_quotes_and_tells_of(repo, open_index):
    repo.write(
        "net.py",
        "def resolve_redirects(body):\n    return body\n\n\ndef people_reported():\n    return 'nobody thought'\n",
    )
    index = open_index(repo)
    index.update()
    hits = index.search(ISSUE, limit=2)
    assert hits[0].symbol == "resolve_redirects"
    assert {*hits[0].parts} <= {*long_weights()}
    assert abs(sum(hits[0].parts.values()) - hits[0].score) < 1e-6
    assert [hit.symbol for hit in index.search(ISSUE, limit=1, offset=1)] == [hits[1].symbol]


def test_names_of_the_title_and_the_prose_come_before_those_of_pasted_code():
    text = f"Fails in `late_one`\n\n```\nmy_own()\nother_thing()\n```\n{PROSE} Only early_one works."
    assert parse(text).names == ("late_one", "early_one", "my_own", "other_thing")


def test_of_a_long_text_the_title_alone_asks_for_tests():
    said = f"{PROSE} I wrote a test with a mock and a fixture."
    assert {*parse(f"Redirects hang\n\n{said}").asking} == {"redirects", "hang"}
    assert all("test" not in each.asking for each in readings(parse(f"Redirects hang\n\n{said}")).values())
    assert "test" in parse(f"The test of redirects hangs\n\n{said}").asking


FRAMES = "".join(
    f'  File "/usr/lib/shop/{name}.py", line 2, in {name}\n    raise_it()\n'
    for name in ("cart", "pay", "bank", "report")
)
TRACE = f"Traceback (most recent call last):\n{FRAMES}shop.errors.Refused: no money\n"
SHOP = {name: f"def {name}():\n    raise_it()\n" for name in ("cart", "pay", "bank", "report")}
ROUND = "def round_up(amount):\n    return amount + amount % 5  # cents are lost\n"


def test_a_trace_that_is_explained_leaves_room_for_what_the_text_speaks_of(repo, open_index):
    for name, code in SHOP.items():
        repo.write(f"shop/{name}.py", code)
    repo.write("shop/rounding.py", ROUND)
    repo.write(
        "tests/test_rounding.py", "def test_round_up():\n    assert round_up(3) == 5  # a test of cents\n"
    )
    index = open_index(repo)
    index.update()
    alone = [hit.symbol for hit in index.search(TRACE, limit=5)]
    assert alone[:4] == ["report", "bank", "pay", "cart"]
    told = (
        "Cents are lost when the amount is rounded up\n\nWhat I see is that `round_up` in rounding.py is at fault: the "
        "amount that it gives is not what the bank wants, and so I wrote a test for it with all of my own amounts.\n\n"
    )
    hits = index.search(f"{told}{TRACE}", limit=5)
    assert "round_up" in [hit.symbol for hit in hits[:3]]
    assert hits[0].symbol == "report"
    assert all(abs(sum(hit.parts.values()) - hit.score) < 1e-6 for hit in hits)

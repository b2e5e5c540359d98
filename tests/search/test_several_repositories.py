"""What several indexed folders answer together."""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from wherein import open_index
from wherein.config.settings import Settings
from wherein.everywhere import Everywhere, search_everywhere
from wherein.opening import open_stored
from wherein.search.present import Origin, present_from
from wherein.search.query import parse as parse_query
from wherein.search.rank.repositories import are_named
from wherein.search.showing import Ranked


@pytest.fixture
def ask(tmp_path):
    """Indexes folders of files, and asks all of them."""
    settings = replace(Settings(), data_dir=tmp_path / "data")

    def build(folders: dict[str, dict[str, str]]):
        for name, files in folders.items():
            for path, text in files.items():
                file = tmp_path / name / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(dedent(text), "utf-8")
            with open_index(tmp_path / name, settings=settings) as index:
                index.update(processes=0)

        def search(query: str, **options) -> Everywhere:
            return search_everywhere(open_stored(settings), query, settings=settings, **options)

        return search

    return build


def places(found: Everywhere) -> list[tuple[str, str]]:
    return [(Path(hit.repository).name, hit.path) for hit in found.hits]


def function(name: str, *lines: str) -> str:
    return f"def {name}(value):\n" + "".join(f"    {line}\n" for line in lines) + "    return value\n"


LEDGER = {
    f"{name}.py": function(f"{name}_ledger", f"value = ledger.{name}(value)", "ledger.write(value)")
    for name in ("open", "close", "balance", "audit")
}
SHOP = {
    "cart.py": function("fill_cart", "value = cart.add(value)"),
    "export.py": function("export_cart", "value = balance(cart)", "write(value)"),
    "prices.py": function("price", "value = round(value, 2)"),
}


def test_a_repository_of_the_subject_answers_more_than_once_before_others_do(ask):
    found = places(ask({"books": LEDGER, "shop": SHOP})("write the balance to the ledger"))
    assert found[0] == ("books", "balance.py")
    assert {repository for repository, _ in found[:3]} == {"books"}


def test_how_rare_a_word_is_all_repositories_tell_together(ask):
    """In `books` alone "ledger" is everywhere and says nothing; beside others it says which repository is meant."""
    notes = {"notes.py": function("audit_shelf", "value = shelf.audit(value)")}
    others = {f"shop{n}": {"audit.py": function("audit_stock", f"stock.audit(value, {n})")} for n in range(4)}
    found = places(ask({"books": LEDGER, "library": notes, **others})("audit ledger"))
    assert found[0] == ("books", "audit.py")


def test_a_repository_that_is_named_answers_first(ask):
    text = "def retry_request(request):\n    return send(request, attempts={})\n"
    search = ask({"courier": {"a.py": text.format(3)}, "postman": {"a.py": text.format(4)}})
    assert places(search("retry a request in courier"))[0][0] == "courier"
    assert places(search("retry a request in postman"))[0][0] == "postman"


def test_a_longer_name_does_not_call_a_repository_of_a_part_of_it():
    names = ["acme.dev/zig/zig-clap", "acme.dev/rust/clap", "acme.dev/lang/zig", "acme.dev/other/tokio"]

    def called(question):
        found = zip(names, are_named(names, parse_query(question)), strict=True)
        return [name.rpartition("/")[2] for name, is_named in found if is_named]

    assert called("how zig-clap reads a flag") == ["zig-clap"]
    assert called("how clap reads a flag") == ["clap"]
    assert called("clap and tokio together") == ["clap", "tokio"]


def test_one_text_that_several_repositories_hold_is_shown_once(ask):
    text = function("reverse_words", "value = ' '.join(reversed(value.split()))")
    assert len(ask({"one": {"a.py": text}, "two": {"b.py": text}})("reverse words").hits) == 1


def test_a_definition_of_the_name_comes_before_names_that_are_like_it(ask):
    search = ask(
        {
            "a": {"a.py": function("parse_header_line", "pass")},
            "b": {"b.py": function("parse_header", "pass")},
            "c": {"c.py": function("parse_headr", "pass")},
        }
    )
    assert places(search("parse_header", mode="symbol")) == [("b", "b.py"), ("a", "a.py")]


def test_a_trace_is_of_the_repository_that_has_its_places(ask):
    main = function("main", "value = load(value)") + "\n\n" + function("load", "value = open(value)")
    search = ask(
        {
            "other": {"app.py": function("main", "pass")},
            "right": {"app.py": main, "disk.py": function("read_block", "value = seek(value)")},
        }
    )
    trace = """\
    Traceback (most recent call last):
      File "/srv/right/app.py", line 2, in main
        value = load(value)
      File "/srv/right/disk.py", line 2, in read_block
        value = seek(value)
    OSError: no such block
    """
    found = places(search(dedent(trace)))
    assert found[:2] == [("right", "disk.py"), ("right", "app.py")]


def test_a_phrase_in_quotes_is_met_by_whichever_repository_holds_it(ask):
    said: list[str] = []
    search = ask({"books": LEDGER, "shop": SHOP})
    assert places(search('"round(value, 2)"')) == [("shop", "prices.py")]
    assert search('where is "no such thing at all" in a ledger', say=said.append).hits
    assert len(said) == 1


def test_filters_alone_list_what_each_repository_has(ask):
    search = ask({"books": LEDGER, "shop": SHOP})
    assert {repository for repository, _ in places(search("path:*.py", limit=4))} == {"books", "shop"}
    assert {path for _, path in places(search("ledger path:audit.py"))} == {"audit.py"}


def test_what_nothing_knows_is_found_nowhere_and_said_once(ask):
    said: list[str] = []
    assert not ask({"books": LEDGER, "shop": SHOP})("zqxjkv wmplfh", say=said.append).hits
    assert len(said) == 1


def test_parts_of_a_score_still_sum_to_it(ask):
    for hit in ask({"books": LEDGER, "shop": SHOP})("balance of a ledger in books").hits:
        assert sum(hit.parts.values()) == pytest.approx(hit.score, abs=1e-4)


def test_a_long_text_is_read_in_several_ways_in_all_repositories(ask):
    """As a whole it is about its log, which mentions much; its title says what it is about."""
    noise = " ".join(f"step {n} of export wrote cart prices stock order and went on;" for n in range(20))
    text = f"The ledger is balanced twice\n\n{noise}\nI expected `balance_ledger` to be called once."
    found = ask({"books": LEDGER, "shop": SHOP})(text)
    assert places(found)[0] == ("books", "balance.py")
    assert {"title", "title_and_names", "names"} <= found.hits[0].parts.keys()


def test_what_is_gone_between_finding_and_showing_is_left_out_of_a_single_repository_too(repo, open_index):
    repo.write("a.py", "def alpha():\n    return 1\n")
    index = open_index(repo)
    index.update()
    found = index._reader().chunks_of(index.view, ["a.py"])["a.py"]
    ranked = [Ranked(each, 1.0) for each in found]
    repo.write("a.py", "def beta():\n    return 2\n")
    index.update()
    index.collect()
    origin = Origin(index._reader, index.view, index.repository, later=True)
    assert ranked
    assert present_from([origin], ranked, limit=5) == []

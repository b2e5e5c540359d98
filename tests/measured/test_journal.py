"""The notes on disk: kept within bounds, added up when they are old, and never a reason to fail."""

import json
import os
import stat
import time

import pytest

from wherein.config.sections import StatsSettings
from wherein.config.settings import Settings
from wherein.measured import journal, recording
from wherein.measured.percentiles import nearest_rank, spreads
from wherein.measured.recording import measured, note, record_as, unnoted
from wherein.measured.tally import Tallies


@pytest.fixture
def settings(tmp_path):
    record_as("cli")
    yield Settings(data_dir=tmp_path)
    record_as(None)


def noted(settings, days=30):
    return list(journal.lines(settings.data_dir, days))


def test_a_question_is_noted_with_its_time_but_without_its_words(settings):
    with measured(settings, "search", "acme/shop", query="where is my secret plan") as facts:
        facts["hits"] = 3
    (line,) = noted(settings)
    assert {name: line[name] for name in ("what", "by", "repository", "hits")} == {
        "what": "search",
        "by": "cli",
        "repository": "acme/shop",
        "hits": 3,
    }
    assert 0 <= line["seconds"] < 60
    assert "secret plan" not in next((settings.data_dir / "measured").glob("*.jsonl")).read_text()


def test_words_are_kept_where_the_setting_says_so_and_are_cut(settings, tmp_path):
    asking = Settings(data_dir=tmp_path, stats=StatsSettings(queries=True))
    for query in ("short", "\u0967" * 5_000):
        with measured(asking, "search", "acme/shop", query=query):
            pass
    short, long = noted(asking)
    assert short["query"] == "short"
    assert set(long["query"]) == {"\u0967"}
    assert (
        max(map(len, next((tmp_path / "measured").iterdir()).read_bytes().splitlines())) <= journal.MOST_LINE
    )


def test_nothing_is_noted_by_a_program_that_does_not_say_who_it_is_or_against_the_setting(tmp_path):
    record_as(None)
    with measured(Settings(data_dir=tmp_path), "search", "acme/shop"):
        pass
    record_as("cli")
    with measured(Settings(data_dir=tmp_path, stats=StatsSettings(record=False)), "search", "acme/shop"):
        pass
    record_as(None)
    assert list(tmp_path.iterdir()) == []


def test_a_question_within_a_question_is_noted_once_and_a_failure_as_one(settings):
    with measured(settings, "everywhere", ""), measured(settings, "search", "acme/shop"):
        pass
    with unnoted(), measured(settings, "search", "acme/shop"):
        pass
    with pytest.raises(KeyError), measured(settings, "search", "acme/shop"):
        raise KeyError
    assert [(line["what"], line.get("error")) for line in noted(settings)] == [
        ("everywhere", None),
        ("search", "KeyError"),
    ]


def test_older_days_are_added_up_and_no_count_is_lost(settings, monkeypatch):
    now = time.time()
    for days_ago in (45, 40, 29, 0):
        monkeypatch.setattr(journal.time, "time", lambda when=now - days_ago * 86_400: when)
        for _ in range(3):
            note(settings, "search", "acme/shop", 0.004, {"hits": 0})
    monkeypatch.undo()
    files = sorted(file.name for file in (settings.data_dir / "measured").iterdir())
    assert len([name for name in files if name.endswith(".jsonl")]) == 2
    assert "totals.json" in files
    tally = journal.totals(settings.data_dir).of["search", "cli"]
    assert (tally.count, tally.empty, tally.buckets[2]) == (12, 12, 12)
    assert len(noted(settings)) == 6
    assert len(noted(settings, 1)) == 3


def test_a_full_day_is_not_written_further(settings, monkeypatch):
    monkeypatch.setattr(journal, "MOST_BYTES", 300)
    for _ in range(20):
        note(settings, "search", "acme/shop", 0.004, {})
    assert 1 <= len(noted(settings)) <= 5


def test_damaged_notes_are_passed_over(settings):
    note(settings, "search", "acme/shop", 0.004, {"hits": 2})
    folder = settings.data_dir / "measured"
    with next(folder.glob("*.jsonl")).open("ab") as file:
        file.write(b'{"what": "search", "by": "cli", "seconds": 1e308, "hits": "many"}\n')
        file.write(b'[1]\n\xff\xfe\n{"what": "x y", "by": "cli"}\n{"what": 1}\n' + b"[" * 100_000 + b"\n")
    (folder / "totals.json").write_text('{"search cli": {"count": 1}}')
    tally = journal.totals(settings.data_dir).of["search", "cli"]
    assert (tally.count, tally.sums["hits"]) == (2, 2)
    assert tally.seconds == pytest.approx(0.004)


def test_notes_are_private_and_no_link_is_followed(settings, tmp_path):
    previous = os.umask(0)
    try:
        note(settings, "search", "acme/shop", 0.004, {})
    finally:
        os.umask(previous)
    (file,) = (settings.data_dir / "measured").glob("*.jsonl")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("")
    file.unlink()
    file.symlink_to(elsewhere)
    note(settings, "search", "acme/shop", 0.004, {})
    assert elsewhere.read_text() == ""


def test_a_data_folder_that_cannot_be_written_keeps_nobody_from_an_answer(settings, tmp_path):
    (tmp_path / "measured").write_text("a file in the way")
    with measured(settings, "search", "acme/shop"):
        pass
    assert noted(settings) == []
    assert recording._who == "cli"


def test_percentiles_are_durations_that_were_met():
    notes = [{"what": "search", "by": "cli", "seconds": n / 1000} for n in range(1, 101)]
    notes += [{"what": "search", "by": "cli", "seconds": 50.0, "error": "StoreUnreachable"}]
    told = spreads(notes)["search", "cli"]
    assert (told.p50, told.p95, told.p99, told.longest) == (0.05, 0.095, 0.099, 0.1)
    assert [nearest_rank(range(1, 101), share) for share in (0.0, 0.07, 0.55, 1.0)] == [1, 7, 55, 100]
    assert nearest_rank([1.0, 2.0], 0.5) == nearest_rank([1.0], 0.5) == 1.0


def test_tallies_are_the_same_after_json():
    tallies = Tallies()
    tallies.add_all([{"what": "answer", "by": "lsp", "seconds": 3, "cached": 1, "prompt_tokens": 7}])
    assert Tallies.of_data(json.loads(json.dumps(tallies.as_data()))) == tallies
    with pytest.raises(ValueError, match="no tallies"):
        Tallies.of_data([1])

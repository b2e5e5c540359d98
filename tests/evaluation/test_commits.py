"""Lines of one version of a file found in another, against git and against the lines themselves."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wherein.evaluation.commits import Hunk, changed_lines, commits, place_of, trunk
from wherein.git.repository import find_repository

ODD = 'a ü\n"b".py'


def commit(place, subject, files):
    for path, content in files.items():
        place.write(path, content)
    place.git("add", "--all")
    place.git("commit", "--quiet", "--allow-empty", "--message", subject)
    return place.git("rev-parse", "HEAD").strip()


def test_commits_are_told_with_what_they_changed_whatever_their_names(repo):
    first = commit(repo, "first", {ODD: "one\ntwo\n", ":100644 x.py": "x\n"})
    commit(repo, ":100644 a subject like a change", {ODD: "one\n2\n", ":100644 x.py": "y\n"})
    git = find_repository(repo.root).git
    (found,) = commits(git, first, "HEAD", 10)
    assert found.message.strip() == ":100644 a subject like a change"
    assert {(change.path, change.how) for change in found.changes} == {(ODD, "M"), (":100644 x.py", "M")}
    assert trunk(git, "HEAD", 10) == [found.id, first]
    assert changed_lines(git, first, found.id, ODD) == [Hunk(2, 1, 2, 1)]


LINES = st.lists(st.sampled_from("abcdefgh"), max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, LINES)
def test_a_line_is_found_where_it_stands_now_or_not_at_all(repo, old, new):
    there, here = [*old, "end"], [*new, "end"]
    before = commit(repo, "before", {"a.py": "".join(f"{line}\n" for line in there)})
    after = commit(repo, "after", {"a.py": "".join(f"{line}\n" for line in here)})
    hunks = changed_lines(find_repository(repo.root).git, before, after, "a.py")
    places = [place_of(line, hunks) for line in range(1, len(there) + 1)]
    kept = [place for place in places if place is not None]
    assert kept == sorted(set(kept))
    assert [here[place - 1] for place in kept] == [
        line for line, place in zip(there, places, strict=True) if place is not None
    ]
    assert len(here) - len(kept) == sum(hunk.new_count for hunk in hunks)

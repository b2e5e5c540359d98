"""Questions that nobody wrote for a test: commit messages, answered by the lines that the commit changed.

They are asked of an earlier commit, where the lines are as the commit found them, so that its own words are not in what
is searched. What touches only tests, documents or data is left out.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from wherein.errors import ConfigError, NotARepository
from wherein.evaluation.commits import Commit, Hunk, changed_lines, commits, place_of, trunk
from wherein.evaluation.messages import long_question_of, question_of
from wherein.evaluation.question import Answer, Question
from wherein.git.command import Git, GitFailed, explained
from wherein.git.objects import TreeEntry, read_tree
from wherein.git.repository import Repository, find_repository, open_repository
from wherein.languages.registry import detect
from wherein.quick_dataclass import dataclass
from wherein.search.rank.places import is_noise

BACK = (100, 300, 750, 1500)
"""Commits from the latest to the one that is asked, tried in turn: the nearer, the liker is its code to that of today,
and the more of what was changed stood there already."""

MOST_OF_IT = 0.75
"""The share of a young history that is gone back at most: its first commits have little of what came later."""

SPARE = 1.5
"""Times as many commits as questions: of psf/requests' last 750, six of ten changed lines that were there before."""

MOST_COMMITS = 6_000
"""That are looked at: with merged branches there are more than on the way of first parents."""

MOST_FILES = 3
"""Of code, that a commit changes. What changes more has no one place."""

MOST_PLACES = 8

FEWEST = 10
"""Questions. Fewer tell nothing: the interval of their mean is wider than any difference."""

SEED = 7


@dataclass(frozen=True, slots=True)
class Past:
    """A commit with questions about it."""

    commit: str
    questions: tuple[Question, ...]


def past_of(folder: Path, most: int, *, whole: bool = False) -> Past:
    """Up to `most` questions out of the history of the repository that a folder lies in: subjects, or the `whole` of
    messages that are long.

    Raises NotARepository; ConfigError if its history has too few.
    """
    repository = find_repository(folder.resolve())
    if repository is None:
        raise NotARepository(
            f"{folder} is not in a git repository: there is no history to ask about.", remedy=_REMEDY
        )
    git = repository.git
    try:
        start, asked = _candidates(repository, most, long_question_of if whole else question_of)
        random.Random(SEED).shuffle(asked)  # noqa: S311 - no secret
        found: list[Question] = []
        for commit, query in asked:
            if len(found) == most:
                break
            if question := _question(git, start, commit, query):
                found.append(question)
    except GitFailed as error:
        raise explained(error, git.folder) from error
    if len(found) < FEWEST:
        raise ConfigError(
            f"The history of {folder} gives {len(found)} questions; fewer than {FEWEST} say nothing.",
            remedy=_REMEDY,
        )
    return Past(start, tuple(found))


_REMEDY = "wherein evaluate QUERIES.jsonl, with questions of your own (wherein evaluate --help)"


def _candidates(
    repository: Repository, most: int, ask: Callable[[str], str]
) -> tuple[str, list[tuple[Commit, str]]]:
    """The nearest commit after which enough is asked, or else the furthest one; and the commits that ask."""
    git, partial = repository.git, open_repository(repository).partial
    line = trunk(git, "HEAD", BACK[-1])
    start, asked = "", list[tuple[Commit, str]]()
    for back in BACK:
        start = line[min(back, int(len(line) * MOST_OF_IT))]
        then = read_tree(git, start, partial=partial)
        asked = _asked(commits(git, start, "HEAD", MOST_COMMITS), then, ask)
        if len(asked) >= most * SPARE or back >= len(line):
            break
    return start, asked


def _asked(
    found: Sequence[Commit], then: Mapping[str, TreeEntry], ask: Callable[[str], str]
) -> list[tuple[Commit, str]]:
    """The commits that ask for a place in files that were there then, each with its question."""
    asked = {}
    for commit in found:
        code = [change for change in commit.changes if is_code(change.path)]
        there = all(change.how == "M" and change.path in then for change in code)
        if 1 <= len(code) <= MOST_FILES and there and (query := ask(commit.message)):
            asked[query] = commit
    return [(commit, query) for query, commit in asked.items()]


def _question(git: Git, start: str, commit: Commit, query: str) -> Question | None:
    """The question of a commit, answered by those of its lines that stood in the earlier one as well."""
    parent = f"{commit.id}^"
    answers: list[Answer] = []
    for path in (change.path for change in commit.changes if is_code(change.path)):
        since = changed_lines(git, start, parent, path)
        back = [Hunk(each.new_first, each.new_count, each.first, each.count) for each in since]
        for hunk in changed_lines(git, parent, commit.id, path):
            lines = range(max(hunk.first, 1), max(hunk.first, 1) + max(hunk.count, 1))
            then = [place for line in lines if (place := place_of(line, back)) is not None]
            if then:
                answers.append(Answer(path, min(then), max(then)))
    return Question(query, tuple(answers), any_of=True) if 1 <= len(answers) <= MOST_PLACES else None


def is_code(path: str) -> bool:
    """Whether a path is of a language with a grammar, and not of tests, examples or documents."""
    return bool(detect(path).grammar) and not is_noise(path)

"""The order of what a question is answered from: code before its tests."""

from collections.abc import Iterable, Iterator

from wherein import tokens
from wherein.path_groups import TEST, path_groups
from wherein.scopes import is_test
from wherein_server.explain.context import Snippet

ASKED = 0.5
"""How likely tests are asked for, from where on they stand where they were found."""


def asks_for_tests(question: str) -> bool:
    """Whether it does in so many words."""
    group = next(group for group in path_groups() if group.name == TEST)
    return group.asked(tokens.words(question)) >= ASKED


def code_first(material: Iterable[Snippet], question: str) -> Iterator[Snippet]:
    """Tests after everything else: what they call is explained by its code, and a small window holds little. Where the
    question asks for tests, they only stand after the best code."""
    found = list(material)
    tests = [each for each in found if is_test(each.path, each.symbol)]
    code = [each for each in found if not is_test(each.path, each.symbol)]
    if not asks_for_tests(question):
        yield from code + tests
    else:
        yield from code[:1] + [each for each in found if each not in code[:1]]

"""Rules for what a grammar cannot read are changed so that they are found faster, and find the same."""

import re

import pytest

from wherein.languages import registry
from wherein.languages.recovery import described

RULES = [
    r"\b(?:class|enum(?:\s++struct)?|union)\s++(\w++)",
    r"\b(emit|Q_EMIT)[ \t]++(?=\w)",
    r"\b(?:int|\w++(?<=_t))\s++(\w++)",
    r"^[ \t]*+(EXPORT)\b",
    r"^(a)|^(b)",
]
TEXT = b"""
class A
subclass B
enum struct C
myenum D
_union E union F
emit x
9emit y
int a
uint b
size_t c
 EXPORT
a
b"""


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_the_same_groups_as_it_is_written(rule):
    made = described({"blank": [rule]}).rules[0].pattern
    written = re.compile(rule.encode(), re.MULTILINE | re.VERBOSE)

    def groups(pattern):
        return [
            found.span(group)
            for found in pattern.finditer(TEXT)
            for group in range(1, pattern.groups + 1)
            if found[group] is not None
        ]

    assert groups(made) == groups(written)
    assert groups(made)


def test_a_language_is_had_by_its_name_without_the_others():
    assert registry.get("cpp") is registry.detect("a.cc")
    with pytest.raises(KeyError):
        registry.get("ecmascript")  # a query that others share, no language


def test_a_group_with_a_name_is_not_made_blank():
    rule = described({"blank": [r"^(\w++[ ])(?=(?P<made>\w++)::(?P=made)\b)"]}).rules[0]
    assert rule.groups == (1,)

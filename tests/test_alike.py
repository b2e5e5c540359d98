"""Text that is found in another although it was moved, and quickly however much there is of both."""

import pytest

from linear_time import assert_linear
from wherein.alike import Text

LOOP = "for each in all:\n    if each:\n        take(each)\n"


@pytest.mark.parametrize(
    ("whole", "part", "times", "expected"),
    [
        (f"before()\n{LOOP}after()\n", LOOP, 1, True),
        (LOOP, f"\n{LOOP}\n", 1, True),
        (LOOP.replace("\n", "  \r\n"), LOOP, 1, True),
        (LOOP.replace("    ", "\t"), LOOP, 1, True),
        ("".join(f"    {line}\n" for line in LOOP.splitlines()), LOOP, 1, True),
        (LOOP.replace("        take", "    take"), LOOP, 1, False),
        (LOOP.replace("take", "give"), LOOP, 1, False),
        (LOOP, "each in all:\n    if each:\n", 1, False),
        (LOOP * 2, LOOP, 2, True),
        (LOOP * 2, LOOP, 3, False),
        ("x\n" * 5, "x\nx\n", 2, True),
        ("x\n" * 5, "x\nx\n", 3, False),
        (LOOP, "", 1, True),
        ("", LOOP, 1, False),
    ],
)
def test_whole_lines_are_found_wherever_they_stand(whole, part, times, expected):
    assert Text(whole).holds(Text(part), times) is expected


def test_of_texts_together_nothing_is_found_across_two():
    first, last = "one()\ntwo()\n", "three()\n"
    both = Text.together(map(Text, (first, last)))
    assert both.holds(Text(first))
    assert both.holds(Text(last))
    assert not both.holds(Text("two()\nthree()\n"))


def test_many_parts_are_looked_for_in_many_texts_in_linear_time():
    def made(count):
        return [f"def step(a, b):\n    first_{i}(a)\n    if a:\n        last_{i}(b)\n" for i in range(count)]

    def work(parts):
        everything = Text.together(map(Text, parts))
        now = [Text(part.replace("last", "other")) for part in parts]
        assert not any(map(everything.holds, now))

    assert_linear(work, made, size=4_000, quick=0.05)

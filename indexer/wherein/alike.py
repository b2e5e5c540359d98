"""Whether texts contain one another line for line, ignoring blanks at line ends and the depth of indentation."""

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, pairwise


class Text:
    """Some lines. What is only moved to the right, or indented by tabs now, is what it was; what moves against the
    lines around it, out of a loop, is not."""

    def __init__(self, said: str) -> None:
        self.exact = "\n" + said.replace("\r\n", "\n").rstrip("\n") + "\n"
        """between line ends, so that what is found in another stands for whole lines of it"""

    @cached_property
    def content(self) -> str:
        """The lines that are not blank, without what they begin and end with."""
        return "\n" + "".join([f"{row.strip()}\n" for row in self._rows])

    def holds(self, part: "Text", times: int = 1) -> bool:
        """Whether the lines of another are in it, one after the other, so many times."""
        if len(list(_places(self.exact, part.exact))) >= times:
            return True
        found = 0
        for at in _places(self.content, part.content):
            first = bisect_right(self._starts, at)
            found += _stand_alike(self._indents[first : first + len(part._indents)], part._indents)
        return found >= times

    @cached_property
    def _rows(self) -> list[str]:
        return [row for row in self.exact.split("\n") if row.strip()]

    @cached_property
    def _indents(self) -> list[int]:
        rows = [row.expandtabs() for row in self._rows]
        return [len(row) - len(row.lstrip()) for row in rows]

    @cached_property
    def _starts(self) -> list[int]:
        """Of each line in `content`, the place of what begins it, after the line end before."""
        return list(accumulate((len(row.strip()) + 1 for row in self._rows), initial=1))


def _places(text: str, part: str) -> list[int]:
    """Where whole lines occur; one occurrence may end with the line end that the next begins with."""
    found, at = [], text.find(part)
    while at >= 0:
        found.append(at)
        at = text.find(part, at + len(part) - 1)
    return found


def _stand_alike(then: list[int], now: list[int]) -> bool:
    """Whether lines that stood equally far in still do, and those that stood further in than others still do."""
    pairs = sorted({*zip(then, now, strict=True)})
    return all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(pairs))

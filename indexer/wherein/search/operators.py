"""Operators as names: `->` is C++'s `operator->`, `(<+>)` is what Haskell defines as `<+>`."""

import re

from wherein.quick_dataclass import dataclass

_SIGNS = r"(?:[-!#$%&*+./:<=>?@^|~,\\]{1,6}|\(\)|\[\]=?)"
_ASKED = re.compile(
    rf"(?P<of>[\w.:#/]*\w(?:::|[.#]))?(?:(?P<named>operator)?\s*(?P<signs>{_SIGNS})|\((?P<inner>{_SIGNS})\))"
)
_DEFINED = re.compile(rf"(?P<named>operator\s*)?(?P<signs>{_SIGNS})")
_USUAL = re.compile(
    r"<=>|===?|!==?|=~|!~|<=|>=|<<=?|>>=?|[-+*/%&|^]=|\*\*|&&|\|\||\+\+|--|->\*?|<\|?|\|?>|>>=|<\$>|<\*>|\(\)|[-+!~]@|\[\]=?|\.\.\.?"
)


@dataclass(frozen=True, slots=True)
class Operator:
    """What is asked for by an operator's name."""

    of: str
    """the class that stands before it, with what joins them; mostly empty"""
    signs: str
    named: bool
    """whether the word `operator` stands before them"""

    @property
    def spellings(self) -> tuple[str, str]:
        """As languages call it; as it was asked for first."""
        bare, word = f"{self.of}{self.signs}", f"{self.of}operator{self.signs}"
        return (word, bare) if self.named else (bare, word)

    @property
    def is_certain(self) -> bool:
        """Whether an operator is asked for for certain. Other signs are names, too, where something is called so."""
        return self.named or bool(self.of) or _USUAL.fullmatch(self.signs) is not None

    def distance(self, symbol: str) -> tuple[int, bool] | None:
        """How far the name of a definition is from it; None if it does not begin with its signs."""
        found = _DEFINED.fullmatch(symbol)
        if found is None or not found["signs"].startswith(self.signs):
            return None
        return len(found["signs"]) - len(self.signs), (found["named"] is not None) != self.named


def asked_operator(text: str) -> Operator | None:
    """The operator that a whole text names, whatever there is of it."""
    found = _ASKED.fullmatch(text.strip())
    if found is None:
        return None
    return Operator(found["of"] or "", found["signs"] or found["inner"], found["named"] is not None)

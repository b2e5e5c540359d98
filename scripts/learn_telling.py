"""Learn how much the words of a question tell: how often the code has a word that is said of it.

    env/bin/python scripts/learn_telling.py PAIRS [PAIRS ...] --write

PAIRS are files as mine_pairs.py makes them: a line each of source, what is said, name and path, body. Doc comments say
what code does, and subjects of commits what was changed: "whether" stands in one of fifty functions of whose doc
comment it is a word, "header" in four of five. The shipped list is of 65,216 doc comments (those of
tuning_packages.toml, and of clones of 56 repositories) and 13,110 subjects of commits of the same clones.
"""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from wherein import tokens
from wherein.search import telling

SEEN = 30
"""Times that a word has to be said before its share counts."""

RARE = range(3, 31)
"""Times that a word is said which tells what it is about; the share of these is what all are measured by."""

DOUBT = 20
"""Times that each word is taken to have been said beside, with the share of rare ones."""

POWER = 0.5
"""Of the share. Held out, weights fitted anew, files, functions, history: .863, .726, .397 without the list; .864,
.731, .399 with 0.3; .862, .735, .400 with 0.5; .860, .711, .393 with 1 and a tenth at least."""

LEAST = 0.3
"""However seldom the code has it."""


def learnt(pairs: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Term → factor, of what tells less than a rare word."""
    said: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for question, code in pairs:
        terms = set(map(tokens.stem, question.split()))
        said.update(terms)
        held.update(terms & set(map(tokens.stem, code.split())))
    rare = [term for term, count in said.items() if count in RARE]
    usual = sum(held[term] for term in rare) / max(sum(said[term] for term in rare), 1)
    factors = {}
    for term, count in said.items():
        if count >= SEEN and term.isalpha():
            share = (held[term] + DOUBT * usual) / (count + DOUBT)
            factor = round(max((share / usual) ** POWER, LEAST), 1)
            if factor < 1:
                factors[term] = factor
    return factors


def read(file: Path) -> Iterable[tuple[str, str]]:
    """What is said, and the code of which it is said."""
    for line in file.read_text("utf-8").splitlines():
        _, question, name, body = line.split("\t")
        yield question, f"{name} {body}"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", nargs="+", type=Path, metavar="PAIRS")
    parser.add_argument("--write", action="store_true", help="write the list into the package")
    arguments = parser.parse_args()
    factors = learnt(pair for file in arguments.pairs for pair in read(file))
    by_factor: dict[float, list[str]] = defaultdict(list)
    for term, factor in sorted(factors.items()):
        by_factor[factor].append(term)
    lines = []
    for factor, terms in sorted(by_factor.items()):
        lines += [f'"{factor}" = """', *_wrapped(terms), '"""']
    text = "\n".join(lines) + "\n"
    if arguments.write:
        file = Path(telling.__file__).with_suffix(".toml")
        file.write_text(
            re.sub(r"(?<=\[factors\]\n).*", lambda _: text, file.read_text("utf-8"), flags=re.DOTALL)
        )
    else:
        print(text)


def _wrapped(terms: Iterable[str], width: int = 116) -> list[str]:
    lines = [""]
    for term in terms:
        if len(lines[-1]) + len(term) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {term}".lstrip()
    return lines


if __name__ == "__main__":
    main()

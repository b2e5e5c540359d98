"""Which files are earlier files under another name, judging by what they define."""

from collections import Counter
from collections.abc import Collection, Mapping

LEAST_SHARE = 0.5
"""The share of what two files define that both define."""

LEAST_NAMES = 3
"""How many names two files must have in common: a `main` alone does not make them related."""


def renamed(gone: Mapping[str, Collection[str]], new: Mapping[str, Collection[str]]) -> dict[str, str]:
    """New path → gone path; each given with the names of its definitions. The most similar first, one to one."""
    holders: dict[str, list[str]] = {}
    for path, names in new.items():
        for name in {*names}:
            holders.setdefault(name, []).append(path)
    likely: list[tuple[float, bool, str, str]] = []
    for before, names in gone.items():
        common = Counter(path for name in {*names} for path in holders.get(name, ()))
        for now, count in common.items():
            share = 2 * count / (len({*names}) + len({*new[now]}))
            same_name = before.rpartition("/")[2] == now.rpartition("/")[2]
            if share >= LEAST_SHARE and (same_name or count >= LEAST_NAMES):
                likely.append((-share, not same_name, before, now))
    found: dict[str, str] = {}
    for _, _, before, now in sorted(likely):
        if now not in found and before not in found.values():
            found[now] = before
    return found

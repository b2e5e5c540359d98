"""What separates a view in a store from the files."""

from collections.abc import Mapping

from wherein.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """What separates a view in the store from its source."""

    added: dict[str, str]
    """path → blob"""
    changed: dict[str, str]
    removed: set[str]

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)


def plan(shown: Mapping[str, str], there: Mapping[str, str]) -> Plan:
    """Compare the path → blob that a view shows with the path → blob that exist."""
    added: dict[str, str] = {}
    changed: dict[str, str] = {}
    for path, blob in there.items():
        known = shown.get(path)
        if known is None:
            added[path] = blob
        elif known != blob:
            changed[path] = blob
    return Plan(added, changed, shown.keys() - there.keys())

"""What a farm knows of one repository."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Literal

from wherein.quick_dataclass import dataclass

Why = Literal["push", "first", "again"]
"""What a job is for, most urgent first: a push, a first index, an index to be made again."""

QUEUES: tuple[Why, ...] = ("push", "first", "again")

State = Literal["done", "waiting", "new", "failed", "aside", "empty"]

STATES: tuple[State, ...] = ("done", "waiting", "new", "failed", "aside", "empty")


@dataclass(frozen=True, slots=True)
class Entry:
    """A repository. Times are seconds since the epoch, 0 for never; a text is empty if there is none."""

    id: str
    name: str
    """its name in the store"""
    url: str
    branch: str = ""
    """the one that is indexed; if none was named, the remote's default branch"""
    source: str = "hand"
    """who put it into the list: `hand`, `file`, or an organisation's key"""
    forge_id: str = ""
    """the id by which a forge knows it, whatever its name"""
    wanted: str = ""
    """the commit that the branch was last seen at"""
    wanted_branch: str = ""
    wanted_at: float = 0.0
    why: Why = "first"
    indexed: str = ""
    """the commit that the store has"""
    indexed_branch: str = ""
    indexed_at: float = 0.0
    made_with: str = ""
    seconds: float = 0.0
    """that the last run took"""
    files: int = 0
    chunks: int = 0
    deep: str = ""
    """the model that the deep tier is complete for, and the commit"""
    deep_failed_at: float = 0.0
    began: str = ""
    """who is working on it, or was when it died"""
    began_at: float = 0.0
    tries: int = 0
    """failed runs in a row"""
    kind: str = ""
    """of the last failure, in one word"""
    reason: str = ""
    failed_at: float = 0.0
    aside: bool = False
    """set aside: nobody tries it again until somebody says so"""
    renamed_from: str = ""
    """the name that its old index still has in the store"""
    polled_at: float = 0.0
    cleaned_at: float = 0.0
    """when what none of its views shows was last deleted"""

    @property
    def host(self) -> str:
        """The host that it is fetched from; "" for this machine."""
        from wherein_server.farm.addresses import host_of

        return host_of(self.url)

    def state(self, made_with: str = "") -> State:
        """The state in one word; `made_with` is what indexes are made with now."""
        if self.aside:
            return "aside"
        if self.kind == "empty":
            return "empty"
        if self.kind:
            return "failed"
        if self.indexed and self.indexed == self.wanted and made_with in ("", self.made_with):
            return "done"
        return "waiting" if self.wanted else "new"


def written(values: Mapping[str, object]) -> dict[str, str]:
    """Fields as they are kept in Redis."""
    return {
        name: str(int(value)) if isinstance(value, bool) else str(value) for name, value in values.items()
    }


def read(identity: str, found: Mapping[bytes, bytes]) -> Entry | None:
    """The entry from a hash; None if it is gone. Fields of other versions are ignored."""
    texts = {key.decode("utf-8", "replace"): value.decode("utf-8", "replace") for key, value in found.items()}
    if "url" not in texts or "name" not in texts:
        return None
    values: dict[str, object] = {"id": identity}
    for each in fields(Entry):
        if each.name == "id" or each.name not in texts:
            continue
        text = texts[each.name]
        try:
            values[each.name] = {float: float, int: int, bool: lambda t: t == "1"}.get(
                type(each.default), str
            )(text)  # type: ignore[operator]
        except ValueError:
            continue
    return Entry(**values)  # type: ignore[arg-type]

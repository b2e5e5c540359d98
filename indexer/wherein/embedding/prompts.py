"""The prefixes that models expect before texts."""

import tomllib
from hashlib import blake2b

from wherein.packaged import files
from wherein.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Prompts:
    """Prefixes of the texts that are asked and of those that are searched."""

    query: str = ""
    document: str = ""

    @property
    def mark(self) -> str:
        """A short name for them, for a model's id; "" if there are none."""
        if not self.query and not self.document:
            return ""
        return blake2b(f"{self.query}\0{self.document}".encode(), digest_size=3).hexdigest()


def prompts_for(
    name: str, *, query: str | None = None, document: str | None = None, own: Prompts | None = None
) -> Prompts:
    """Those of a model: what is given counts more than the model's `own`, that more than what is known of its name."""
    known = own or _known(name)
    return Prompts(known.query if query is None else query, known.document if document is None else document)


def _known(name: str) -> Prompts:
    data = tomllib.loads(files("wherein.embedding").joinpath("prompts.toml").read_text("utf-8"))
    normal = name.lower().replace("_", "-")
    for entry in data["model"]:
        if any(part in normal for part in entry["names"]):
            return Prompts(entry.get("query", ""), entry.get("document", ""))
    return Prompts()

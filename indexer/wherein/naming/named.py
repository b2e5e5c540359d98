"""An open index's hold on its name."""

from dataclasses import replace
from pathlib import Path

from wherein.config.settings import Settings
from wherein.errors import StoreUnreachable
from wherein.git.clone import Clone
from wherein.git.source import Source
from wherein.naming import claims
from wherein.naming.register import Register
from wherein.quick_dataclass import dataclass
from wherein.store.open import in_redis


@dataclass(slots=True)
class Named:
    """A claim, and what may be done with it."""

    register: Register
    store: str | None
    clone: Clone
    natural: str
    """the name that was claimed"""
    claim: claims.Claim
    refused: str = ""
    """a name that the repository's own settings claim, and may not have"""

    def settle(self, folder: Path | None) -> None:
        """Have it recorded before anything is written under the name. If another folder was faster, the claim changes.

        Raises StoreUnreachable if it cannot be recorded; in a shared store, which other machines write to as well, that
        does not matter.
        """
        shared = in_redis(self.store)
        claim = claims.claim(self.register, self.store, shared, self.natural, self.clone, self.refused)
        if not claim.known:
            try:
                claims.settle(self.register, self.store, claim, self.clone, folder)
            except StoreUnreachable:
                if not shared:
                    raise
        self.claim = replace(claim, known=True)

    def join(self, name: str | None) -> str:
        """Give the clone a name because its user says so. Returns the name."""
        name = name or self.refused or self.natural
        claims.join(self.register, self.store, name, self.clone)
        return name

    def leave(self) -> bool:
        """Undo `join`. Returns whether there was anything to undo."""
        return claims.leave(self.register, self.clone)

    def others(self) -> list[str]:
        """The folders of other clones that use this name."""
        return claims.others(self.register, self.store, self.claim.name, self.clone)

    def release(self) -> None:
        """The index is gone. Its owner keeps the name as long as others use it."""
        if not self.others():
            claims.released(self.register, self.store, self.claim.name)


def give_name(source: Source, settings: Settings, url: str | None, refused: str = "") -> Named:
    """Give a source the name and the views that it may have."""
    register = Register(settings.data_dir)
    natural = source.identity
    claim = claims.Claim(natural)
    if settings.index.name is None or settings.origin("index.name").source == "project":
        claim = claims.claim(register, url, in_redis(url), natural, source.clone, refused)
    source.identity = claim.name
    source.view_name = claims.marked(source.view_name, claim.mark, source.prefix)
    return Named(register, url, source.clone, natural, claim, refused)

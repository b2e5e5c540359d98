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
    """a name that the repository's own settings claim, and may not"""

    def settle(self, folder: Path | None) -> None:
        """Have it noted before anything is written under the name; where another folder was faster, the claim is
        another one from then on.

        StoreUnreachable where it cannot be noted; beside a store for many, which other machines write to as well, that
        is no matter.
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
        """Let the clone have a name by its user's word; the name."""
        name = name or self.refused or self.natural
        claims.join(self.register, self.store, name, self.clone)
        return name

    def leave(self) -> bool:
        """Take the word back; whether it was given."""
        return claims.leave(self.register, self.clone)

    def others(self) -> list[str]:
        """The folders of other clones that use this name."""
        return claims.others(self.register, self.store, self.claim.name, self.clone)

    def release(self) -> None:
        """The index is gone; the name is kept for whom it belongs to as long as others use it."""
        if not self.others():
            claims.released(self.register, self.store, self.claim.name)


def give_name(source: Source, settings: Settings, url: str | None, refused: str = "") -> Named:
    """Let a source have the name and the views that it may have."""
    register = Register(settings.data_dir)
    natural = source.identity
    claim = claims.Claim(natural)
    if settings.index.name is None or settings.origin("index.name").source == "project":
        claim = claims.claim(register, url, in_redis(url), natural, source.clone, refused)
    source.identity = claim.name
    source.view_name = claims.marked(source.view_name, claim.mark, source.prefix)
    return Named(register, url, source.clone, natural, claim, refused)

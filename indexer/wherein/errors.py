"""All errors that users can act on. A message is one sentence that says what is wrong; `remedy` is the command or step
that fixes it. Each front end maps the classes to its exit codes or LSP codes in one table."""

from wherein.redaction import without_passwords


class WhereinError(Exception):
    """Something that the user can act on. `str(error)` is one sentence; `remedy` may say how to fix it."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(without_passwords(message))
        self.message = without_passwords(message)
        self.remedy = without_passwords(remedy)


class NotARepository(WhereinError):
    """The path is neither in a git repository nor a readable folder."""


class NotAgreed(WhereinError):
    """A folder outside a repository is not indexed unless its user agrees."""


class ConsentMissing(WhereinError):
    """Code is not sent to another machine for embedding unless the user agrees."""


class IndexMissing(WhereinError):
    """Nothing is indexed yet for what was asked."""


class IndexIncompatible(WhereinError):
    """An index exists, but another model, schema or version wrote it, or its file is damaged."""


class IndexOutdated(IndexIncompatible, IndexMissing):
    """Another version of wherein, not known to be newer, made the index on this machine. This version has no index yet;
    the next update makes it."""


class IndexOfAnotherModel(IndexIncompatible):
    """The index on this machine was made for another model than the configured one; an update with `beside` rebuilds
    it."""


class IndexDamaged(IndexIncompatible):
    """An index in a shared store differs from what was written; the next update repairs it."""


class StoreUnreachable(WhereinError):
    """The store cannot be opened, read or written: no server, no permission, disk full."""


class StoreSilent(StoreUnreachable):
    """The store accepts no connection: asking it again would only take as long again."""


class StoreForbids(StoreUnreachable):
    """The store is there but cannot be written to: the user has no right to, or it is a replica."""


class RightMissing(StoreForbids):
    """This user of the store may not do that."""


class QuotaReached(StoreUnreachable):
    """The store is there, but a limit for this repository or this tenant is reached."""


class StoreBusy(StoreUnreachable):
    """Other processes write to the index all the time, and this one did not get its turn."""


class UpdateLost(StoreUnreachable):
    """Another process changed the view during its update, so what this update found out is out of date."""


class EndpointUnreachable(WhereinError):
    """The server of the language model, or of embeddings, does not answer."""


class ConfigError(WhereinError):
    """A setting, an argument or a query cannot be used as given."""


class NothingToLookFor(ConfigError):
    """A query that asks for nothing, or not yet."""


class NotIndexed(ConfigError):
    """A file that was named is not in the index. `Index.why(error.path)` says why."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is not in the index.", remedy=f"wherein files --why {path}")
        self.path = path


class NotFound(WhereinError):
    """What was named or asked for is not in the index."""

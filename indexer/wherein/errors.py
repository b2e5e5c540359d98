"""The one family of errors. Each message is a sentence that says what is wrong; `remedy` is the command or step
that mends it. Front ends map the classes to exit codes and LSP codes in one table of their own."""

from wherein.redaction import without_passwords


class WhereinError(Exception):
    """Something that the user can act on. `str(error)` is one sentence; `remedy` may name what mends it."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(without_passwords(message))
        self.message = without_passwords(message)
        self.remedy = without_passwords(remedy)


class NotARepository(WhereinError):
    """The path is neither in a git repository nor a folder that can be read."""


class NotAgreed(WhereinError):
    """A folder outside of a repository is not indexed unless its user says so."""


class ConsentMissing(WhereinError):
    """Code is not sent to another machine to be embedded unless the user says so."""


class IndexMissing(WhereinError):
    """Nothing is indexed yet for what was asked."""


class IndexIncompatible(WhereinError):
    """An index exists, but another model, schema or version wrote it, or its file is damaged."""


class IndexOutdated(IndexIncompatible, IndexMissing):
    """An older version of wherein made the index on this machine: to this one nothing is indexed, and the next update
    indexes it."""


class IndexOfAnotherModel(IndexIncompatible):
    """The index on this machine was made for another model than is set; an update that is told to makes it anew."""


class IndexDamaged(IndexIncompatible):
    """An index in a store for many holds otherwise than was written; the next update mends it."""


class StoreUnreachable(WhereinError):
    """The store cannot be opened, read or written: no server, no permission, disk full."""


class StoreSilent(StoreUnreachable):
    """No connection to the store is made: asking it something else would only take as long once more."""


class StoreForbids(StoreUnreachable):
    """The store is there, but not to be written to: the user has no right to do that, or it is a replica."""


class RightMissing(StoreForbids):
    """This user of the store may not do that."""


class QuotaReached(StoreUnreachable):
    """The store is there, but no more may be stored in it of this repository, or of this tenant."""


class StoreBusy(StoreUnreachable):
    """Other processes write to the index, and one's turn did not come."""


class UpdateLost(StoreUnreachable):
    """Another process has changed the view that was being brought up to date: what was found out of it is old."""


class EndpointUnreachable(WhereinError):
    """The endpoint of the language model or of embeddings does not answer."""


class ConfigError(WhereinError):
    """A setting, an argument or a query cannot be used as given."""


class NothingToLookFor(ConfigError):
    """A query in which nothing is asked for, or not yet."""


class NotFound(WhereinError):
    """What was named or asked for is not in the index."""

"""What is made anew now and then of what many batches have added to, by who wrote the batch after which it is due."""

from wherein.store.redis import book, common_terms, outgrown
from wherein.store.redis.held import Held
from wherein.store.redis.known import Known


def renew_what_is_due(held: Held, known: Known, stored: int, *, stored_some: bool, complete: bool) -> None:
    """After a batch before which the store was `known`, and which stored so many chunks: the book, the list of the
    commonest terms, and once the view is complete the search index."""
    chunks = known.chunks + stored
    if stored_some and known.renew_names:
        held.written(lambda session: book.renew(session, held.right))
    if stored_some and common_terms.is_due(chunks, known.common_made):
        held.written(lambda session: common_terms.renew(session, held.right))
    options = held.options
    if complete and outgrown.is_due(known.due, chunks, options):
        held.written(
            lambda session: outgrown.rebuild_when_due(
                held.client, session.keys, options, session.header.dimension, held.right
            )
        )

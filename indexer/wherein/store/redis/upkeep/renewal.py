"""What is made anew now and then of what many batches have added to, by who wrote the batch after which it is due."""

from wherein.store.redis.chunks import name_book
from wherein.store.redis.open_generation import Held
from wherein.store.redis.search_index import rebuilding
from wherein.store.redis.terms import common_terms
from wherein.store.redis.writing.batch_facts import Known


def renew_what_is_due(held: Held, known: Known, stored: int, *, stored_some: bool, complete: bool) -> None:
    """After a batch before which the store was `known`, and which stored so many chunks: the book, the list of the
    commonest terms, and once the view is complete the search index."""
    chunks = known.chunks + stored
    if stored_some and known.renew_names:
        held.written(lambda session: name_book.renew(session, held.right))
    if stored_some and common_terms.is_due(chunks, known.common_made):
        held.written(lambda session: common_terms.renew(session, held.right))
    options = held.options
    if complete and rebuilding.is_due(known.due, chunks, options):
        held.written(
            lambda session: rebuilding.rebuild_when_due(
                held.client, session.keys, options, session.header.dimension, held.right
            )
        )

"""What is rebuilt now and then after many batches have added to it, by the writer of the batch that made it due."""

from wherein.store.redis.chunks import name_book
from wherein.store.redis.open_generation import OpenGeneration
from wherein.store.redis.search_index import rebuilding
from wherein.store.redis.terms import common_terms
from wherein.store.redis.writing.batch import BatchFacts


def renew_what_is_due(
    index: OpenGeneration, known: BatchFacts, stored: int, *, stored_some: bool, complete: bool
) -> None:
    """After a batch that stored so many chunks, and before which the store was as `known`: the name book, the list of
    the commonest terms and, once the view is complete, the search index."""
    chunks = known.chunks + stored
    if stored_some and known.renew_names:
        index.written(lambda session: name_book.renew(session, index.right))
    if stored_some and common_terms.is_due(chunks, known.common_made):
        index.written(lambda session: common_terms.renew(session, index.right))
    options = index.options
    if complete and rebuilding.is_due(known.due, chunks, options):
        index.written(
            lambda session: rebuilding.rebuild_when_due(
                index.client, session.keys, options, session.header.dimension, index.right
            )
        )

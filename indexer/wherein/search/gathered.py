"""What one repository has for a query: everything its store is asked before ranking."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field

from wherein.quick_dataclass import dataclass
from wherein.search.messages import likely
from wherein.search.pasted import have_room
from wherein.search.phrases import with_phrases
from wherein.search.query import Query
from wherein.search.scoped import scoped
from wherein.search.trace_places import Place, places_of
from wherein.store.protocol import Candidate, Retrieval, Retrieved, Store


@dataclass(frozen=True, slots=True)
class Gathered:
    """Candidates, what is at the places in the query, and texts if ranking reads them."""

    retrieved: Retrieved
    places: Sequence[Place] = ()
    texts: Mapping[int | str, str] = field(default_factory=dict)
    """of candidates and places, by id: all if the query has phrases; those that have room if it was pasted; those that
    may hold it if it is a message; and those that came along"""


def gather(
    store: Store,
    query: Query,
    request: Retrieval,
    *,
    shown: Callable[[Gathered], Iterable[Candidate]] = lambda gathered: (),
) -> Gathered:
    """Ask a store. Call this within `at_once`. Where ranking reads texts, those of what is likely to be `shown` come
    along from a store that is shared: it may be distant, and to ask it once more takes longer than to rank twice."""
    store = scoped(store, query.filters)
    retrieved = with_phrases(store, request, store.retrieve(request), query.phrases)
    places = places_of(store, request.view, query.frames, query.filters) if query.frames else []
    texts: dict[int | str, str] = {}
    if query.phrases or query.pasted or query.message:
        read = [*retrieved.candidates, *(place.candidate for place in places)]
        if not query.phrases:
            room = have_room(query.pasted, read) if query.pasted else []
            read = room + (likely(query.terms, retrieved.candidates) if query.message else [])
            if read and store.shared:
                read += shown(Gathered(retrieved, places))
        ids = list(dict.fromkeys(each.id for each in read))
        texts = dict(zip(ids, store.texts(ids), strict=True)) if ids else {}
    return Gathered(retrieved, places, texts)

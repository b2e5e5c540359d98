"""The profile of one chunk, from its terms."""

from collections.abc import Sequence

import numpy as np

from wherein.profile import pack_profiles, term_hash


def packed_profile(
    *,
    symbol: Sequence[str] = (),
    signature: Sequence[str] = (),
    doc: Sequence[str] = (),
    body: Sequence[str] = (),
    numbers: Sequence[int] = (),
) -> bytes:
    """As an index keeps it."""
    fields = (body, doc, signature, symbol)
    said = [term for field in fields for term in field]
    known = {term: number for number, term in enumerate(dict.fromkeys(said))}
    (profile,) = pack_profiles(
        np.array([known[term] for term in said], np.intc),
        np.array([list(map(len, fields))], np.intp),
        np.array(list(map(term_hash, known)), np.uint32),
        [numbers],
    )
    return profile

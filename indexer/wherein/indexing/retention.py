"""Drops views that nobody has updated for long: worktrees that are gone, branches that were merged."""

from wherein.store.protocol import Store

DAY = 86_400.0
"""Seconds."""

TOUCHED_EVERY = DAY
"""How often an update that finds nothing to do records that its view is in use."""


def drop_unused(store: Store, days: int, keep: str) -> int:
    """Drop the user's own views that were not written to for this many days, except one. Returns how many. 0 days keep
    all.

    The store's clock counts. What others made, or everybody shares, is only dropped by an administrator (`wherein gc
    --all --unused DAYS`).
    """
    if not days:
        return 0
    before = store.now() - days * DAY
    unused = [
        record.name
        for record in store.views()
        if record.own and not record.shared and record.updated < before and record.name != keep
    ]
    for name in unused:
        store.drop_view(name)
    return len(unused)

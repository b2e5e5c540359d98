"""Indexes that a benchmark keeps from run to run."""

import wherein


def bring_up_to_date(index: wherein.Index) -> None:
    """Update an index; build it anew where another version of wherein, or another model, made it."""
    try:
        index.update()
    except wherein.IndexIncompatible:
        index.update(force=True)

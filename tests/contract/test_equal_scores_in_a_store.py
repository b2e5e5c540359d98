"""What is found where scores are equal does not depend on the order in which it was written."""

import numpy as np
import pytest

from wherein.store.protocol import Retrieval

LIMIT = 20
ALIKE = LIMIT + 8
"""So many chunks share the last places of each retriever: fewer than the stores look at beyond a limit."""


def forwards(files):
    return [files]


def backwards_one_by_one(files):
    return [[each] for each in reversed(files)]


def two_workers(files):
    """Even ones first, in batches."""
    ordered = files[::2] + files[1::2]
    return [ordered[i : i + 7] for i in range(0, len(ordered), 7)]


@pytest.fixture
def found(place):
    """Stores the files in batches, in an index made anew, and answers a question."""

    def ask(batches, question):
        with place.open(replace=True) as store:
            for batch in batches:
                store.write("main", put=batch)
            store.write("main", complete=True)
            return question(store)

    return ask


@pytest.mark.parametrize("order", [backwards_one_by_one, two_workers])
@pytest.mark.parametrize("retriever", ["terms", "embedding", "names"])
def test_a_retriever_cuts_equal_scores_by_path_and_line(found, file, record, retriever, order):
    axes = np.eye(2, 16, dtype=np.float32)
    files = [
        file(f"src/{'ab'[i % 2]}{i:02}.py", f"{i}", [record(1, 1, "same", "common")], embeddings=axes[:1])
        for i in range(ALIKE)
    ]
    files += [
        file(f"best{i}.py", f"best {i}", [record(1, 1, "same", "common common common")], embeddings=axes[:1])
        for i in range(5)
    ]
    files += [file(f"zz/other{i}.py", f"o{i}", terms="other", embeddings=axes[1:]) for i in range(30)]
    request = {
        "terms": Retrieval("main", terms=("common",), limit=LIMIT),
        "embedding": Retrieval("main", embedding=axes[0], limit=LIMIT),
        "names": Retrieval("main", names=("same",), limit=LIMIT),
    }[retriever]

    def places(store):
        return sorted(each.path for each in store.retrieve(request).candidates)

    usual = found(forwards(files), places)
    assert len(usual) == LIMIT
    assert found(order(files), places) == usual

"""The type of embeddings."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Embeddings = NDArray[np.float32]
    """Shape (n, dimension), rows of length 1 (or all zero: a text without a known word)."""


def __getattr__(name: str) -> object:
    """What is made of arrays: git can be at work before this process has them, which takes it 40 ms."""
    if name == "Embeddings":
        import numpy as np
        from numpy.typing import NDArray

        return NDArray[np.float32]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

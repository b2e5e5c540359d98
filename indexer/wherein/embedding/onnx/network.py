"""A network as it is written into an ONNX file: a graph to which operators are added one at a time, and its
constants."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from wherein.embedding.onnx.protobuf import beginning, real, sized, whole
from wherein.quick_dataclass import dataclass

BITS = 7
"""Of a weight of the layers, with one scale a column. Processors without VNNI add products in 16 bits, which overflow
with 8. The small transformer alone, functions of three repositories: float32 .517, 8 bits .517, 7 bits .535."""

RUNTIME = "com.microsoft"
"""The domain of operators that ONNX Runtime has beyond the standard: several of ours in one."""

FORMAT, OPERATORS, OF_RUNTIME = 9, 18, 1
"""Versions of the file's format, and of the two sets of operators."""

FLOAT, INT8, INT32, INT64 = 1, 3, 6, 7
"""Types of numbers, as ONNX counts them."""

TYPES = {"float32": FLOAT, "int8": INT8, "int32": INT32, "int64": INT64}

REAL, WHOLE = 1, 2
"""Kinds of attributes."""


@dataclass(frozen=True, slots=True)
class Value:
    """What goes into a network or comes out of it."""

    name: str
    type: int
    shape: tuple[int | str, ...]
    """a name stands for any length"""


class Network:
    """A graph that grows by one operator at a time."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[NDArray[np.generic]] = []

    def constant(self, values: NDArray[np.generic]) -> str:
        """The name of an array."""
        self._constants.append(np.ascontiguousarray(values))
        return f"constant{len(self._constants) - 1}"

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: int | float) -> str:
        """The name of an operator's result. An input of no name is one that is left out."""
        name = f"value{len(self._nodes)}"
        self._append(operator, inputs, [name], domain, attributes)
        return name

    def split(self, value: str, parts: int) -> list[str]:
        """The names of equal parts of a value's last axis."""
        names = [f"value{len(self._nodes)}part{part}" for part in range(parts)]
        self._append("Split", [value], names, None, {"axis": -1, "num_outputs": parts})
        return names

    def product(self, value: str, weight: NDArray[np.float32]) -> str:
        """`value @ weight.T`, multiplied in int8: weights by one scale a column, the value by one of its own."""
        most = 2 ** (BITS - 1) - 1
        scales = (np.abs(weight).max(axis=1) / most).astype(np.float32)
        rounded = np.rint(weight / scales[:, np.newaxis]).astype(np.int8).T
        zeros = self.constant(np.zeros(len(scales), np.int8))
        names = self.constant(rounded), self.constant(scales), zeros
        return self.add("DynamicQuantizeMatMul", value, *names, domain=RUNTIME)

    def rows(self, table: NDArray[np.float32], places: str) -> str:
        """The rows of a table at places, kept in int8 by one scale a row."""
        scales = np.abs(table).max(axis=1, keepdims=True) / np.float32(127)
        scales[scales == 0] = 1
        rows = self.add("Gather", self.constant(np.rint(table / scales).astype(np.int8)), places)
        scale = self.add("Gather", self.constant(scales.astype(np.float32)), places)
        return self.add("Mul", self.add("Cast", rows, to=FLOAT), scale)

    def mean(self, value: str, name: str) -> None:
        """The mean over the second axis, as the result `name`."""
        self._append("ReduceMean", [value, self.constant(np.array([1]))], [name], None, {"keepdims": 0})

    def written(self, inputs: Sequence[Value], outputs: Sequence[Value]) -> Iterator[bytes | memoryview]:
        """The parts of an ONNX file, in order."""
        before = b"".join(sized(1, node) for node in self._nodes) + sized(2, "transformer")
        heads = [_head(number, values) for number, values in enumerate(self._constants)]
        behind = b"".join(
            sized(field, _value(each)) for field, values in ((11, inputs), (12, outputs)) for each in values
        )
        sizes = [len(head) + values.nbytes for head, values in zip(heads, self._constants, strict=True)]
        starts = [beginning(5, size) for size in sizes]
        yield whole(1, FORMAT) + sized(2, "wherein")
        yield beginning(7, len(before) + sum(map(len, starts)) + sum(sizes) + len(behind))
        yield before
        for start, head, values in zip(starts, heads, self._constants, strict=True):
            yield start + head
            yield values.reshape(-1).view(np.uint8).data
        yield behind
        for domain, version in (("", OPERATORS), (RUNTIME, OF_RUNTIME)):
            yield sized(8, sized(1, domain) + whole(2, version))

    def _append(
        self,
        operator: str,
        inputs: Sequence[str],
        outputs: Sequence[str],
        domain: str | None,
        attributes: dict[str, int | float],
    ) -> None:
        node = b"".join(sized(1, name) for name in inputs) + b"".join(sized(2, name) for name in outputs)
        node += sized(4, operator)
        for name, value in sorted(attributes.items()):
            kind = REAL if isinstance(value, float) else WHOLE
            number = real(2, value) if isinstance(value, float) else whole(3, value)
            node += sized(5, sized(1, name) + number + whole(20, kind))
        self._nodes.append(node if domain is None else node + sized(7, domain))


def _head(number: int, values: NDArray[np.generic]) -> bytes:
    """What stands before a constant's numbers in its message."""
    sizes = b"".join(whole(1, size) for size in values.shape)
    name = sized(8, f"constant{number}")
    return sizes + whole(2, TYPES[values.dtype.name]) + name + beginning(9, values.nbytes)


def _value(value: Value) -> bytes:
    sizes = (whole(1, size) if isinstance(size, int) else sized(2, size) for size in value.shape)
    shape = b"".join(sized(1, size) for size in sizes)
    return sized(1, value.name) + sized(2, sized(1, whole(1, value.type) + sized(2, shape)))

"""Whether an ONNX file is a plain network: numbers of its own, and operators that run once, in order.

ONNX Runtime runs no code of a file. But a file may name other files to read numbers from, and may have loops, which
need not end. What only takes too much time or memory is found out by a trial (`trial.py`).
"""

from collections.abc import Iterator

from wherein.embedding.onnx.protobuf import fields

DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft"})
"""Of operators that ONNX Runtime brings along."""

GRAPH, OPSET, FUNCTION = 7, 8, 25
NODE, INITIALIZER, SPARSE = 1, 5, 15
OPERATOR, ATTRIBUTE, DOMAIN = 4, 5, 7
TENSOR, SUBGRAPH, TENSORS, SUBGRAPHS, SPARSE_TENSOR, SPARSE_TENSORS = 5, 6, 10, 11, 22, 23
EXTERNAL, PLACE = 13, 14
"""Numbers of fields in the format's messages."""

LONGEST_NAME = 100


def complaint(file: memoryview) -> str:
    """Why an ONNX file is not run; "" if it is a plain network. Raises ValueError if it is none."""
    graphs = [value for field, value in fields(file) if field == GRAPH]
    if len(graphs) != 1 or isinstance(graphs[0], int):
        raise ValueError("it has no network")
    if any(field == FUNCTION for field, _ in fields(file)):
        return "its network has functions of its own"
    return next(_of_graph(graphs[0]), "")


def _of_graph(graph: memoryview) -> Iterator[str]:
    for field, value in fields(graph):
        if isinstance(value, int):
            continue
        if field == NODE:
            yield from _of_node(value)
        elif field == INITIALIZER:
            yield from _of_tensor(value)
        elif field == SPARSE:
            yield "its network has sparse numbers"


def _of_node(node: memoryview) -> Iterator[str]:
    found = [(field, value) for field, value in fields(node) if not isinstance(value, int)]
    name = next((_text(value) for field, value in found if field == OPERATOR), "")
    for field, value in found:
        if field == DOMAIN and _text(value) not in DOMAINS:
            yield f"its network needs the operator {name!r} of {_text(value)!r}, which could run any code"
        if field == ATTRIBUTE:
            for kind, part in fields(value):
                if kind in (SUBGRAPH, SUBGRAPHS):
                    yield f"its network has a loop or a branch ({name!r}), which might never end"
                elif kind in (SPARSE_TENSOR, SPARSE_TENSORS):
                    yield "its network has sparse numbers"
                elif kind in (TENSOR, TENSORS) and not isinstance(part, int):
                    yield from _of_tensor(part)


def _of_tensor(tensor: memoryview) -> Iterator[str]:
    for field, value in fields(tensor):
        if field == EXTERNAL or (field == PLACE and value != 0):
            yield "its network reads numbers from another file"
            return


def _text(value: memoryview) -> str:
    return bytes(value[:LONGEST_NAME]).decode("utf-8", "replace")

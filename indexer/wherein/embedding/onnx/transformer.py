"""A transformer's weights → an int8 network: BERT, and models that differ from it in names and in where words are."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from wherein.embedding.onnx.network import FLOAT, INT32, RUNTIME, Network, Value
from wherein.quick_dataclass import dataclass

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]

SMOOTHED = ("seen", "content", "between", "wide")
"""What is multiplied in a layer, in order: the layer's input, what attention brings, that with the input, and its
widened form. Of each, channel by channel, a smoothing has a number."""


@dataclass(frozen=True, slots=True)
class Form:
    """What kind of a transformer it is, and what its weights are called."""

    layers: int
    heads: int
    window: int
    """pieces of a text that are read"""
    epsilon: float
    parts: tuple[str, ...]
    """of a layer: query, key, value, attended, its norm, wide, narrow, its norm"""
    first_place: int = 0
    """the row of the first piece's place"""
    kinds: bool = False
    """there is a vector of a text's kind"""
    distances: bool = False
    """there is a number for each distance of two pieces and each head"""


BERT = Form(
    layers=6,
    heads=12,
    window=128,
    epsilon=1e-12,
    parts=(
        *(f"attention.self.{part}" for part in ("query", "key", "value")),
        *("attention.output.dense", "attention.output.LayerNorm"),
        *("intermediate.dense", "output.dense", "output.LayerNorm"),
    ),
    kinds=True,
)
"""all-MiniLM-L6-v2. Its card (data/README.md) has what other windows give and cost."""

MPNET = Form(
    layers=12,
    heads=12,
    window=128,
    epsilon=1e-5,
    parts=(
        *(f"attention.attn.{part}" for part in "qkvo"),
        *("attention.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm"),
    ),
    first_place=2,
    distances=True,
)
"""all-mpnet-base-v2."""


def network_of(
    form: Form, weights: Weights, smoothing: Mapping[str, Floats] | None = None
) -> Iterator[bytes | memoryview]:
    """The parts of an ONNX file: pieces, int32 of shape (texts, pieces), all texts of one length → embeddings, (texts,
    dimension).

    A product in int8 is as coarse as the largest number in it. `smoothing` has, by "LAYER.NAME" of what is multiplied,
    a number for each channel by which it is divided, and the weights multiplied, before both are rounded.
    """
    network = Network()
    value, length = _embedded(network, form, weights)
    distances = _distances(network, form, weights, length) if form.distances else ""
    for layer in range(form.layers):
        smooth = {name: (smoothing or {}).get(f"{layer}.{name}") for name in SMOOTHED}
        value = _Layer(network, form, weights, layer, smooth).on(value, distances)
    network.mean(value, "embeddings")
    dimension = weights["embeddings.word_embeddings.weight"].shape[1]
    return network.written(
        [Value("pieces", INT32, ("texts", "length"))], [Value("embeddings", FLOAT, ("texts", dimension))]
    )


def _embedded(network: Network, form: Form, weights: Weights) -> tuple[str, str]:
    """What the first layer takes, and how many pieces there are."""
    words = network.rows(weights["embeddings.word_embeddings.weight"], "pieces")
    places = weights["embeddings.position_embeddings.weight"][form.first_place :][: form.window]
    if form.kinds:
        places = places + weights["embeddings.token_type_embeddings.weight"][0]
    rows = network.constant(places)
    zero, one, two = (network.constant(np.array([number])) for number in range(3))
    length = network.add("Slice", network.add("Shape", "pieces"), one, two)
    summed = network.add("Add", words, network.add("Slice", rows, zero, length, zero))
    norm = (network.constant(weights[f"embeddings.LayerNorm.{part}"]) for part in ("weight", "bias"))
    value = network.add("LayerNormalization", summed, *norm, epsilon=form.epsilon, axis=-1)
    return value, length


def _distances(network: Network, form: Form, weights: Weights, length: str) -> str:
    """What each head adds for a pair of pieces, of shape (1, heads, pieces, pieces)."""
    whole = network.constant(distances_of(form, weights)[np.newaxis])
    starts, axes = network.constant(np.array([0, 0])), network.constant(np.array([2, 3]))
    ends = network.add("Concat", length, length, axis=0)
    return network.add("Slice", whole, starts, ends, axes)


def distances_of(form: Form, weights: Weights) -> Floats:
    """What each head adds for a pair of pieces, of shape (heads, window, window)."""
    table = weights["encoder.relative_attention_bias.weight"]
    places = np.arange(form.window)
    return table[_bucket(places[np.newaxis] - places[:, np.newaxis], len(table))].transpose(2, 0, 1)


def _bucket(distances: NDArray[np.int64], buckets: int) -> NDArray[np.int64]:
    """The row of each distance: one each for the nearest, then ever wider ones up to 128; behind a piece the first half
    of the rows, before it the second."""
    half = buckets // 2
    near = half // 2
    far = [near]  # the nearest distance of each row from `near` on
    for step in range(1, half - near):
        # the first whole number of which the (half - near)th power is as large as near's times 16 ** step
        far.append(
            next(n for n in range(far[-1], 129) if n ** (half - near) >= near ** (half - near) * 16**step)
        )
    away = np.abs(distances)
    rows = np.where(away < near, away, near - 1 + np.searchsorted(np.array(far), away, side="right"))
    return np.where(distances > 0, half, 0) + rows


class _Layer:
    """One of the layers, being added to a network."""

    def __init__(
        self, network: Network, form: Form, weights: Weights, layer: int, smooth: Mapping[str, Floats | None]
    ) -> None:
        self._network, self._form, self._weights, self._smooth = network, form, weights, smooth
        self._name = f"encoder.layer.{layer}"

    def on(self, value: str, distances: str) -> str:
        """The layer's result for a value."""
        network = self._network
        *selves, attended, attended_norm, wide, narrow, norm = self._form.parts
        product = network.product(*self._smoothed("seen", value, self._rows(selves, "weight")))
        heads = network.split(product, 3)
        biases = network.constant(self._rows(selves, "bias"))
        added = ("", distances) if distances else ()
        seen = network.add(
            "MultiHeadAttention", *heads, biases, *added, domain=RUNTIME, num_heads=self._form.heads
        )
        content = self._smooth["content"]
        weight = self._of(attended, "weight")
        seen = network.product(seen, weight if content is None else weight * content)
        value = self._normed(seen, value, attended_norm, self._of(attended, "bias"))
        grown = network.product(*self._smoothed("between", value, self._of(wide, "weight")))
        grown = network.add("BiasGelu", grown, network.constant(self._of(wide, "bias")), domain=RUNTIME)
        shrunk = network.product(*self._smoothed("wide", grown, self._of(narrow, "weight")))
        return self._normed(shrunk, value, norm, self._of(narrow, "bias"))

    def _of(self, part: str, kind: str) -> Floats:
        return self._weights[f"{self._name}.{part}.{kind}"]

    def _rows(self, selves: list[str], kind: str) -> Floats:
        """Those of query, key and value in one; the value's brings what attention is smoothed by."""
        query, key, value = (self._of(part, kind) for part in selves)
        content = self._smooth["content"]
        if content is not None:
            value = (value.T / content).T
        return np.concatenate([query, key, value])

    def _smoothed(self, name: str, value: str, weight: Floats) -> tuple[str, Floats]:
        smooth = self._smooth[name]
        if smooth is None:
            return value, weight
        divided = self._network.add("Mul", value, self._network.constant(np.float32(1) / smooth))
        return divided, weight * smooth

    def _normed(self, sums: str, before: str, norm: str, bias: Floats) -> str:
        kept = self._of(norm, "weight"), self._of(norm, "bias"), bias
        constants = map(self._network.constant, kept)
        return self._network.add(
            "SkipLayerNormalization", sums, before, *constants, domain=RUNTIME, epsilon=self._form.epsilon
        )

"""What an open index holds of the deep tier: the model that answers."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from wherein.errors import WhereinError
from wherein.holdings import Holdings
from wherein.store.deep import DeepModel, DeepRow

if TYPE_CHECKING:
    from wherein.config.settings import Settings
    from wherein.deepening.choice import Chosen
    from wherein.embedding.texts import TextEmbedder
    from wherein.search.deep import Deep

DEEP = "deep"
"""The ranking step, which a setting may turn off."""

CHOSEN_FOR = 5.0
"""Seconds until the complete model is looked up again: a change of models may be noticed that much later."""

_OPEN: "dict[tuple[object, ...], TextEmbedder | None]" = {}
_OPENING = threading.Lock()


class DeepHoldings(Holdings):
    """Opens a model when a question is first asked that it can answer, once per process."""

    _chosen: "tuple[float, str, Chosen] | None" = None
    _keeping: threading.Thread | None = None

    def close(self) -> None:
        """Release everything. A second call does nothing."""
        if self._keeping is not None:
            self._keeping.join()
            self._keeping = None
        super().close()

    def deep_chosen(self) -> "Chosen":
        """The models that answer, and why no others do."""
        from wherein.deepening.choice import choose

        now = time.monotonic()
        if self._chosen is None or self._chosen[1] != self.view or now - self._chosen[0] > CHOSEN_FOR:
            self._chosen = now, self.view, choose(self._open(), self.view, self._settings, opened)
        return self._chosen[2]

    def _deep(self, say: Callable[[str], object], *, look: bool) -> "Deep | None":
        """What a search asks the deep tier with; None without one."""
        if self._settings.deep_model is None or self._settings.search.ranking.get(DEEP) == 0:
            return None
        from wherein.search.deep import Deep

        chosen = self.deep_chosen()
        if chosen.problem is not None:
            used = "Another deep model is used." if chosen.answers else "The deep tier is not used."
            say(f"{chosen.problem.message} {used}")
        if not chosen.answers:
            return None
        budget = self._settings.search.second_look / 1000 if look else 0.0
        first = chosen.answers[0].embedder
        model = DeepModel(first.model_id, first.dimension, chosen.answers[0].setting)
        embedders = [each.embedder for each in chosen.answers]
        return Deep(embedders, budget, lambda rows: self._keep(model, rows), say)

    def _keep(self, model: DeepModel, rows: Sequence[DeepRow]) -> None:
        """Store what a question had embedded, after its answer. Does nothing if the user may not write."""

        store = self._open()

        def write() -> None:
            with suppress(WhereinError, ValueError):
                store.deep_keep(model, rows)

        if self._keeping is not None:
            self._keeping.join()
        self._keeping = threading.Thread(target=write, name="wherein-second-look")
        self._keeping.start()


def opened(settings: "Settings") -> "TextEmbedder | None":
    """The embedder for settings that name one deep model, opened once per process."""
    from wherein.embedding.open import open_text_embedder
    from wherein.embedding.texts import Remote

    key = (
        *(settings.deep_model, settings.deep_endpoint, settings.deep_consent, settings.deep_api_key),
        *(settings.deep_dimension, settings.deep_query_prefix, settings.deep_document_prefix),
        *(settings.deep_device, settings.data_dir, settings.offline),
    )
    with _OPENING:
        known = _OPEN.get(key)
        if key not in _OPEN or (isinstance(known, Remote) and known.outdated):
            _OPEN[key] = open_text_embedder(settings)
        return _OPEN[key]

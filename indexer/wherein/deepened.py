"""An index whose deep tier is filled, and told about."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from wherein.deep_holdings import opened
from wherein.errors import ConfigError
from wherein.measured.recording import Facts, note
from wherein.status import DeepStatus, DescribedStatus
from wherein.store.open import fill_lock
from wherein.updates import Updates

if TYPE_CHECKING:
    from wherein.deepening.describing import Describer, DescribeReport
    from wherein.deepening.fill import DeepProgress, DeepReport
    from wherein.embedding.texts import TextEmbedder


class Deepened(Updates):
    """The index of one repository, with what a slower model sees in it."""

    def deepen(
        self,
        progress: "Callable[[DeepProgress], object]" = lambda step: None,
        *,
        first: Sequence[str] = (),
        stop: Callable[[], bool] = lambda: False,
    ) -> "DeepReport":
        """Embed what the view shows by the model of the setting `deep_model`, the most wanted first: the paths of
        `first`, relative to the root, then what was changed last. What is stored is searched at once, and what was
        embedded before, anywhere, is not again. `stop` is asked often; ending at any point keeps what is done.

        ConfigError without such a setting, and where the model cannot be opened; WhereinError where it fails; a report
        that is `busy` where another process of this machine is at it.
        """
        from wherein.deepening.embedding import Embedding
        from wherein.deepening.fill import DeepReport, Filling
        from wherein.deepening.order import most_wanted

        embedder = opened(self._settings)
        if embedder is None or self._settings.deep_model is None:
            raise ConfigError("No deep model is set.", remedy="wherein model use deep")
        self._record()
        before = _taken(embedder)
        with fill_lock(self.repository, self._settings.data_dir, url=self._url) as held:
            if not held:
                return DeepReport(embedder.model_id, busy=True)
            with self._opened("write") as store:
                report = Filling(
                    store,
                    self.view,
                    Embedding(embedder, self._settings.deep_model),
                    lambda paths: most_wanted(paths, self.root, first),
                    stop,
                    progress,
                ).run()
        self._chosen = None
        tokens, cost = (now - then for now, then in zip(_taken(embedder), before, strict=True))
        facts: Facts = {"embedded": report.embedded, "tokens": tokens, "cost": round(cost, 6)}
        note(self._settings, "deepen", self.repository, report.seconds, facts)
        return report

    def describe(
        self,
        describer: "Describer",
        progress: "Callable[[DeepProgress], object]" = lambda step: None,
        *,
        first: Sequence[str] = (),
        stop: Callable[[], bool] = lambda: False,
        most: int | None = None,
    ) -> "DescribeReport":
        """Have a language model write a sentence about each definition of the view that has no doc comment, at most so
        many, in the order of `deepen`. Each is stored when it is there, and searched from then on; what the same code
        was called by the same model before, anywhere, is not asked again. ending at any point keeps what is done.

        WhereinError where the model fails; a report that is `busy` where another process of this machine is at it.
        """
        from wherein.deepening.describing import DescribeReport, Describing
        from wherein.deepening.fill import Filling
        from wherein.deepening.order import most_wanted

        self._record()
        maker = Describing(describer, most)
        with fill_lock(self.repository, self._settings.data_dir, url=self._url, of="described") as held:
            if not held:
                return DescribeReport(describer.model, busy=True)
            with self._opened("write") as store:
                report = Filling(
                    store,
                    self.view,
                    maker,
                    lambda paths: most_wanted(paths, self.root, first),
                    lambda: maker.enough or stop(),
                    progress,
                ).run()
        status = self.described_status()
        return DescribeReport(
            describer.model,
            written=maker.written,
            unusable=maker.unusable,
            described=status.described,
            looked_at=report.filled,
            chunks=report.chunks,
            seconds=report.seconds,
        )

    def described_status(self) -> DescribedStatus:
        """How many definitions of the view a language model has described."""
        from collections import Counter

        from wherein.store.description import DESCRIBED, of_rows

        store = self._open()
        by = Counter(each.model for each in of_rows(store.deep_rows(self.view, DESCRIBED)))
        return DescribedStatus(by.total(), tuple(name for name, _ in by.most_common()))

    def forget_descriptions(self) -> int:
        """Delete all that language models wrote about this repository, of all views; how many texts that were."""
        from wherein.store.description import DESCRIBED

        self._record()
        with self._opened("write") as store:
            return store.deep_forget(DESCRIBED)

    def deep_status(self, *, counted: bool = True) -> DeepStatus | None:
        """How far the deep tier is filled and which model answers; None where none is set. No model is asked for it,
        but that it can be opened is looked at. Without `counted` nothing is asked of the store but which one answers,
        and nothing is told of how far it is."""
        setting = self._settings.deep_model
        if setting is None:
            return None
        store = self._open()
        chosen = self.deep_chosen()
        answers, wanted = chosen.embedder, chosen.wanted
        problem = chosen.problem.message if chosen.problem is not None else ""
        if not counted:
            id = wanted.model_id if wanted is not None else ""
            return DeepStatus(setting, id, None, None, answers.model_id if answers else "", problem)
        model = wanted.model_id if wanted is not None else self._known_as(setting)
        filled, chunks = store.deep_covered(self.view, model)
        there = filled
        if answers is not None and answers.model_id != model:
            there, _ = store.deep_covered(self.view, answers.model_id)
        return DeepStatus(
            setting, model, filled, chunks, answers.model_id if answers and there else "", problem
        )

    def _known_as(self, setting: str) -> str:
        """The id of the model that the setting named when the store was filled last; empty where it never was."""
        return next((each.id for each in self._open().deep_models() if each.setting == setting), "")


def _taken(embedder: "TextEmbedder") -> tuple[int, float]:
    """Tokens that a model was sent so far, and what they cost; a model of this machine counts none."""
    from wherein.embedding.texts import Metered  # which takes arrays along

    return (embedder.usage.tokens, embedder.usage.cost) if isinstance(embedder, Metered) else (0, 0.0)

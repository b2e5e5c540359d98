"""Filling an index's deep tier, having its definitions described, and the status of both."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from wherein.deep_holdings import opened
from wherein.errors import ConfigError, WhereinError
from wherein.measured.recording import Facts, note
from wherein.status import DeepStatus, DescribedStatus
from wherein.store.open import fill_lock
from wherein.updates import Updates

if TYPE_CHECKING:
    from wherein.deepening.describing import Describer, DescribeReport
    from wherein.deepening.fill import DeepProgress, DeepReport
    from wherein.embedding.texts import TextEmbedder


class Deepened(Updates):
    """The index of one repository, with what slower models add to it."""

    def deepen(
        self,
        progress: "Callable[[DeepProgress], object]" = lambda step: None,
        *,
        first: Sequence[str] = (),
        stop: Callable[[], bool] = lambda: False,
    ) -> "DeepReport":
        """Embed what the view shows with the models of the setting `deep_model`, one after another. The paths of
        `first`, relative to the root, come first, then what changed last. Vectors are searched as soon as they are
        stored, and no content is embedded twice. `stop` is called often; stopping at any point keeps what is done.

        Returns a report that is `busy` if another process of this machine is filling it. Raises ConfigError without
        such a setting, or if a model cannot be opened; WhereinError if it fails.
        """
        from wherein.deepening.choice import open_all
        from wherein.deepening.embedding import Embedding
        from wherein.deepening.fill import DeepReport, Filling, together
        from wherein.deepening.order import most_wanted

        models, problem = open_all(self._settings, opened)
        if not models:
            raise problem or ConfigError("No deep model is set.", remedy="wherein model use deep")
        self._record()
        reports = []
        with fill_lock(self.repository, self._settings.data_dir, url=self._url) as held:
            if not held:
                return DeepReport(together(each.embedder.model_id for each in models), busy=True)
            for each in models:
                before = _taken(each.embedder)
                with self._opened("write") as store:
                    filling = Filling(
                        store,
                        self.view,
                        Embedding(each.embedder, each.setting),
                        lambda paths: most_wanted(paths, self.root, first),
                        stop,
                        progress,
                    )
                    try:
                        reports.append(filling.run())
                    except WhereinError as error:  # the others can do without it
                        problem = problem or error
                        continue
                self._note_filled(reports[-1], _taken(each.embedder), before)
                if reports[-1].stopped:
                    break
        self._chosen = None
        if problem is not None:
            raise problem
        return DeepReport.of(reports)

    def _note_filled(self, report: "DeepReport", now: tuple[int, float], before: tuple[int, float]) -> None:
        tokens, cost = now[0] - before[0], now[1] - before[1]
        facts: Facts = {"embedded": report.embedded, "tokens": tokens, "cost": round(cost, 6)}
        note(self._settings, "deepen", self.repository, report.seconds, facts)

    def describe(
        self,
        describer: "Describer",
        progress: "Callable[[DeepProgress], object]" = lambda step: None,
        *,
        first: Sequence[str] = (),
        stop: Callable[[], bool] = lambda: False,
        most: int | None = None,
    ) -> "DescribeReport":
        """Have a language model write a sentence about each definition of the view that has no doc comment: at most
        `most`, in the order of `deepen`. Each is stored and searched as soon as it is written, and the same model is
        not asked twice about the same code. Stopping at any point keeps what is done.

        Returns a report that is `busy` if another process of this machine is doing this. Raises WhereinError if the
        model fails.
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
        """How many definitions of the view language models have described."""
        from collections import Counter

        from wherein.store.description import DESCRIBED, of_rows

        store = self._open()
        by = Counter(each.model for each in of_rows(store.deep_rows(self.view, DESCRIBED)))
        return DescribedStatus(by.total(), tuple(name for name, _ in by.most_common()))

    def forget_descriptions(self) -> int:
        """Delete everything that language models wrote about this repository, in all views. Returns the number of
        texts."""
        from wherein.store.description import DESCRIBED

        self._record()
        with self._opened("write") as store:
            return store.deep_forget(DESCRIBED)

    def deep_status(self, *, counted: bool = True) -> DeepStatus | None:
        """How far the deep tier is filled and which model answers; None if there is no deep tier. No model is asked,
        but whether it can be opened is checked. Without `counted`, the store is asked only which model answers, and how
        far it is filled is left out."""
        setting = self._settings.deep_model
        if setting is None:
            return None
        from wherein.deepening.fill import together

        store = self._open()
        chosen = self.deep_chosen()
        answers = [each.embedder.model_id for each in chosen.answers]
        wanted = [each.embedder.model_id for each in chosen.wanted]
        problem = chosen.problem.message if chosen.problem is not None else ""
        if not counted:
            return DeepStatus(setting, together(wanted), None, None, together(answers), problem)
        models = wanted or [self._known_as(setting)]
        covered = {
            model: store.deep_covered(self.view, model) for model in dict.fromkeys([*models, *answers])
        }
        there = [model for model in answers if covered[model][0]]
        shares = tuple((model, *covered[model]) for model in models)
        filled, chunks = min(covered[model] for model in models)
        return DeepStatus(
            setting,
            together(models),
            filled,
            chunks,
            together(there),
            problem,
            shares if len(shares) > 1 else (),
        )

    def _known_as(self, setting: str) -> str:
        """The id of the model that the setting named when the store was last filled; empty if it never was."""
        return next((each.id for each in self._open().deep_models() if each.setting == setting), "")


def _taken(embedder: "TextEmbedder") -> tuple[int, float]:
    """Tokens that a model has been sent so far, and their cost; a model on this machine counts none."""
    from wherein.embedding.texts import Metered  # which takes arrays along

    return (embedder.usage.tokens, embedder.usage.cost) if isinstance(embedder, Metered) else (0, 0.0)

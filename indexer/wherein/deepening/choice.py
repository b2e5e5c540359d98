"""Which deep models answer: the configured ones, or, until one of them is complete, the previous one."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from wherein.config.settings import Settings
from wherein.embedding.several import models_of
from wherein.embedding.texts import TextEmbedder
from wherein.errors import WhereinError
from wherein.quick_dataclass import dataclass
from wherein.store.protocol import Store

Opened = Callable[[Settings], TextEmbedder | None]


@dataclass(frozen=True, slots=True)
class Model:
    """A model that could be opened."""

    embedder: TextEmbedder
    setting: str
    """as the setting `deep_model` names it"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which models answer, and what there is to say about it."""

    answers: tuple[Model, ...] = ()
    """empty: only the first tier answers"""
    problem: WhereinError | None = None
    """why a configured model cannot be used"""
    wanted: tuple[Model, ...] = ()
    """the configured models, which may not be complete yet; without those that cannot be used"""


def choose(store: Store, view: str, settings: Settings, opened: Opened) -> Chosen:
    """Choose by what the store says about the view. A model that was once complete answers, whatever changed since. The
    configured ones come before all others: all of them as soon as one was complete, and as far as they are filled while
    none was."""
    wanted, problem = open_all(settings, opened)
    if settings.deep_model is None:
        return Chosen()
    whole = store.deep_whole(view)
    if wanted and (not whole or any(each.embedder.model_id in whole for each in wanted)):
        return Chosen(wanted, problem, wanted)
    names = {model.id: model.setting for model in store.deep_models()} if whole else {}
    for id in whole:
        if id in names:
            with suppress(WhereinError):  # it is not installed any more
                before = opened(replace(settings, deep_model=names[id]))
                if before is not None and before.model_id == id:
                    return Chosen((Model(before, names[id]),), problem, wanted)
    return Chosen(wanted, problem, wanted)


def open_all(settings: Settings, opened: Opened) -> tuple[tuple[Model, ...], WhereinError | None]:
    """The configured models that can be opened, and why the first of the others cannot."""
    found: dict[str, Model] = {}
    problem: WhereinError | None = None
    try:
        names = models_of(settings.deep_model) if settings.deep_model is not None else ()
    except WhereinError as error:
        return (), error
    for name in names:
        try:
            embedder = opened(replace(settings, deep_model=name))
        except WhereinError as error:
            problem = problem or error
        else:
            if embedder is not None:
                found.setdefault(embedder.model_id, Model(embedder, name))
    return tuple(found.values()), problem

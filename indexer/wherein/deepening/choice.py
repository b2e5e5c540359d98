"""Which deep model answers: the one that is set, or, until that one is whole, the one that was."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from wherein.config.settings import Settings
from wherein.embedding.texts import TextEmbedder
from wherein.errors import WhereinError
from wherein.store.protocol import Store

Opened = Callable[[Settings], TextEmbedder | None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to answer, and what there is to say of it."""

    embedder: TextEmbedder | None
    """None: the first tier alone answers"""
    setting: str = ""
    """what the setting `deep_model` calls its model"""
    problem: WhereinError | None = None
    """why the model that is set cannot be used"""
    wanted: TextEmbedder | None = None
    """the one that is set, which may not be whole yet; None where it cannot be used"""


def choose(store: Store, view: str, settings: Settings, opened: Opened) -> Chosen:
    """By what the store says of the view. A model that was whole once answers, whatever changed since; the one that is
    set before all others, and while none was whole, as far as it is there."""
    if settings.deep_model is None:
        return Chosen(None)
    problem: WhereinError | None = None
    wanted: TextEmbedder | None = None
    try:
        wanted = opened(settings)
    except WhereinError as error:
        problem = error
    whole = store.deep_whole(view)
    if wanted is not None and (not whole or wanted.model_id in whole):
        return Chosen(wanted, settings.deep_model, wanted=wanted)
    names = {model.id: model.setting for model in store.deep_models()} if whole else {}
    for id in whole:
        if id in names:
            with suppress(WhereinError):  # it is not installed any more
                before = opened(replace(settings, deep_model=names[id]))
                if before is not None and before.model_id == id:
                    return Chosen(before, names[id], problem, wanted)
    return Chosen(wanted, settings.deep_model, problem, wanted)

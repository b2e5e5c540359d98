"""What `wherein doctor` says about the deep tier's model."""

from dataclasses import replace

import wherein
from wherein.config.settings import Settings

TRIED = "where is this done"


def look_at(settings: Settings) -> tuple[str, str, str]:
    """Level, finding and remedy of the models that are set, the worst of them."""
    from wherein.embedding.several import models_of

    if settings.deep_model is None:
        return "ok", "none is set (wherein model list)", ""
    try:
        names = models_of(settings.deep_model)
    except wherein.WhereinError as error:
        return "warn", error.message, error.remedy
    found = [_one(replace(settings, deep_model=name)) for name in names]
    wrong = next((each for each in found if each[0] != "ok"), None)
    return wrong or ("ok", "; and ".join(each[1] for each in found), "")


def _one(settings: Settings) -> tuple[str, str, str]:
    """A model of a server is asked for one vector; one that would
    take seconds to load is only looked at. The first tier answers without it, so nothing is worse than a warning."""
    from wherein.embedding.catalogue import describe
    from wherein.embedding.open import open_text_embedder

    name = settings.deep_model or ""
    try:
        if name.startswith("transformers:"):
            model = describe(name, settings)
            if model.problem:
                return "warn", model.problem, model.remedy
            return "ok", f"{name} is here, and is loaded when it is first asked", ""
        embedder = open_text_embedder(settings)
        assert embedder is not None
        embedder.query(TRIED)
    except wherein.WhereinError as error:
        return "warn", error.message, error.remedy
    return "ok", f"{embedder.model_id}, {embedder.dimension:,} dimensions{_where(settings)}", ""


def _where(settings: Settings) -> str:
    if not (settings.deep_model or "").startswith("endpoint:"):
        return ""
    from wherein.embedding.endpoint.open import endpoint_url
    from wherein.endpoint.loopback import is_loopback

    return (
        "" if is_loopback(endpoint_url(settings)) else "; NOT on this machine: what is indexed is sent there"
    )

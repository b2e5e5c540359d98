"""What `wherein doctor` says of the deep tier's model."""

import wherein
from wherein.config.settings import Settings

TRIED = "where is this done"


def look_at(settings: Settings) -> tuple[str, str, str]:
    """Level, finding and remedy of the model that is set. A model of a server is asked for one vector; one that would
    take seconds to load is only looked at. The first tier answers without it, so nothing is worse than a warning."""
    from wherein.embedding.catalogue import describe
    from wherein.embedding.open import open_text_embedder

    name = settings.deep_model
    if name is None:
        return "ok", "none is set (wherein model list)", ""
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

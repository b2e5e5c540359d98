"""Which of a server's models to ask."""

import tomllib
from collections.abc import Sequence
from functools import cache

from wherein.packaged import files
from wherein.quick_dataclass import dataclass
from wherein_server.explain.endpoint.listing import Model


def choose(models: Sequence[Model]) -> Model | None:
    """The best model for code by its name (models.toml); None if none may be taken unasked: one that runs in a cloud
    never is, nor one that writes no text."""
    fit = [
        model
        for model in models
        if model.writes and not runs_in_cloud(model) and not _other_trade(model.name)
    ]
    return min(fit, key=lambda model: _rank(model.name), default=None)


def find(models: Sequence[Model], name: str) -> Model | None:
    """The model of a configured name; Ollama's tag may be left out."""
    exact = (model for model in models if model.name == name)
    return next(exact, None) or next(
        (model for model in models if model.name.partition(":")[0] == name), None
    )


def runs_in_cloud(model: Model) -> bool:
    """Whether what is sent to a model leaves the machine of its server."""
    return model.remote or _normal(model.name).endswith(_names().cloud)


def _other_trade(name: str) -> bool:
    return any(word in _normal(name) for word in _names().other_trades)


def _rank(name: str) -> int:
    normal = _normal(name)
    preferred = _names().preferred
    return next((place for place, word in enumerate(preferred) if word in normal), len(preferred))


def _normal(name: str) -> str:
    return name.rpartition("/")[2].lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class _Names:
    preferred: tuple[str, ...]
    other_trades: tuple[str, ...]
    cloud: tuple[str, ...]


@cache
def _names() -> _Names:
    data = tomllib.loads(files("wherein_server.explain.endpoint").joinpath("models.toml").read_text("utf-8"))
    return _Names(*(tuple(data[key]) for key in ("preferred", "other_trades", "cloud")))

"""What `wherein model` says about the deep tier's models."""

from collections.abc import Iterator
from typing import Any

from wherein.embedding.catalogue import DeepModel
from wherein_server.cli.wording import size


def row(model: DeepModel) -> dict[str, Any]:
    """For JSON."""
    return {
        "name": model.name,
        "tier": "deep",
        "dimension": model.dimension,
        "licence": model.licence or None,
        "description": model.about,
        "bytes": model.bytes,
        "installed": model.installed,
        "used": model.used,
        "problem": model.problem or None,
        "remedy": model.remedy or None,
    }


def line(model: DeepModel) -> str:
    """For the list: a star marks what is used, a minus what cannot be."""
    mark = "*" if model.used else " " if model.installed else "-"
    facts = ", ".join(_facts(model))
    remedy = f"; try: {model.remedy}" if model.remedy else ""
    problem = f" ({model.problem.rstrip('.')}{remedy})" if model.problem else ""
    return f"{mark} {model.name}{f'  {facts}' if facts else ''}: deep tier; {model.about}{problem}"


def _facts(model: DeepModel) -> Iterator[str]:
    if model.dimension is not None:
        yield f"{model.dimension:,} dimensions"
    if model.bytes is not None:
        yield size(model.bytes)
    if model.licence:
        yield model.licence


def details(model: DeepModel) -> dict[str, str]:
    """For `info`, by name, what there is."""
    told = {
        "name": model.name,
        "what": model.about,
        "used": "yes, by the setting deep_model" if model.used else "no",
        "installed": "yes" if model.installed else "no",
        "dimensions": "" if model.dimension is None else f"{model.dimension:,}",
        "size": "" if model.bytes is None else size(model.bytes),
        "licence": model.licence,
        "problem": model.problem,
        "try": model.remedy,
    }
    return {name: value for name, value in told.items() if value}

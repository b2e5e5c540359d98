"""Inspects a model's folder before anything in it is loaded: what it consists of, and that none of it is a program.

A pickle runs what its maker wanted when it is read, and so may the modules that a model names. Weights are read as
safetensors alone, which hold nothing but numbers, and modules are those of sentence-transformers itself.
"""

import json
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

from wherein.embedding.prompts import Prompts
from wherein.embedding.safetensors import tensors
from wherein.errors import ConfigError
from wherein.quick_dataclass import dataclass
from wherein.without_waiting import beginning

MODULES = frozenset(
    {
        "Transformer",
        "StaticEmbedding",
        "Dense",
        "LayerNorm",
        "WeightedLayerPooling",
        "Pooling",
        "Normalize",
        "Dropout",
    }
)
WITH_WEIGHTS = frozenset({"Transformer", "StaticEmbedding", "Dense", "LayerNorm", "WeightedLayerPooling"})

LARGEST_JSON = 20_000_000
"""Bytes; a tokenizer of 250,000 pieces has 17 million."""

SAMPLED = 1 << 16
SAMPLES = 32
"""So many pieces of so many bytes of a file of weights go into its mark: 5 ms, whatever its size."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """What a folder holds that can be loaded."""

    path: Path
    bytes: int
    prompts: Prompts | None
    """those that the model brings along"""
    revision: str
    """stands for what is in the folder"""
    weights: tuple[Path, ...]


def look_at(path: Path) -> ModelFolder:
    """Look at a model's folder. Raises ConfigError if it holds no model, a damaged one, or a program."""
    modules = _modules(path)
    weights = tuple(
        file for kind, folder in modules if kind in WITH_WEIGHTS for file in _weights(folder, path)
    )
    for file in weights:
        _check(file, path)
    configuration = _json(path / "config_sentence_transformers.json", path) or {}
    files = sorted(_all_files(path))
    return ModelFolder(
        path, sum(file.stat().st_size for file in files), _prompts(configuration), _mark(path, files), weights
    )


def _modules(path: Path) -> list[tuple[str, Path]]:
    """The kind and folder of each module."""
    if not path.is_dir():
        raise ConfigError(f"There is no folder {path} with a model in it.", remedy="wherein model list")
    listed = _json(path / "modules.json", path)
    if listed is None:
        if _json(path / "config.json", path) is None:
            raise ConfigError(f"{path} holds no model: there is neither modules.json nor config.json in it.")
        return [("Transformer", path)]
    if not isinstance(listed, list) or not listed:
        raise _damaged(path, "modules.json lists nothing")
    found = []
    for each in listed:
        type_, place = (each.get("type"), each.get("path")) if isinstance(each, dict) else (None, None)
        if not isinstance(type_, str) or not isinstance(place, str):
            raise _damaged(path, "modules.json does not say what its modules are")
        kind = type_.rpartition(".")[2]
        if not type_.startswith("sentence_transformers.") or kind not in MODULES:
            raise ConfigError(
                f"The model in {path} needs {type_[:80]!r}, and wherein runs only the plain modules of "
                "sentence-transformers: code that a model brings along could do anything.",
                remedy="use another model",
            )
        folder = path / place
        if not folder.resolve().is_relative_to(path.resolve()):
            raise _damaged(path, "a module of it lies outside of it")
        found.append((kind, folder))
    return found


def _weights(folder: Path, path: Path) -> list[Path]:
    files = sorted(folder.glob("*.safetensors"))
    if files:
        index = _json(folder / "model.safetensors.index.json", path)
        named = index.get("weight_map", {}) if isinstance(index, dict) else {}
        missing = {str(name) for name in named.values()} - {file.name for file in files}
        if missing:
            raise _damaged(path, f"{min(missing)} is missing")
        return files
    pickles = [*folder.glob("*.bin"), *folder.glob("*.pt"), *folder.glob("*.pth"), *folder.glob("*.ckpt")]
    if pickles:
        raise ConfigError(
            f"The weights in {folder} are a pickle ({pickles[0].name}), which could run any code when it is read; "
            "wherein reads only safetensors.",
            remedy="use a model, or a revision of it, that has model.safetensors",
        )
    raise ConfigError(
        f"The model in {path} has no weights as safetensors, which are the only ones that wherein reads.",
        remedy="use another model, or a revision of it that has model.safetensors",
    )


def _check(file: Path, path: Path) -> None:
    try:
        tensors(file)
    except OSError as error:
        raise _damaged(path, f"{file.name}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, IndexError):
        raise _damaged(path, f"{file.name} is incomplete") from None


def _json(file: Path, path: Path) -> Any:  # noqa: ANN401 - what a file holds
    """What a file holds; None if it is not there."""
    try:
        data = beginning(file, LARGEST_JSON + 1)
        if len(data) > LARGEST_JSON:
            raise _damaged(path, f"{file.name} is larger than {LARGEST_JSON:,} bytes")
        return json.loads(data)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(path, f"{file.name} {getattr(error, 'strerror', None) or 'is not JSON'}") from None


def _prompts(configuration: Any) -> Prompts | None:  # noqa: ANN401 - what a file holds
    prompts = configuration.get("prompts") if isinstance(configuration, dict) else None
    if not isinstance(prompts, dict):
        return None
    named = {name: text for name, text in prompts.items() if isinstance(text, str)}
    query = next((named[name] for name in ("query", "search_query", "question") if named.get(name)), "")
    document = next(
        (named[name] for name in ("document", "passage", "search_document") if named.get(name)), ""
    )
    return Prompts(query, document) if query or document else None


def _all_files(path: Path) -> Iterator[Path]:
    for suffix in ("*.safetensors", "*.json", "*.txt", "*.model"):
        yield from (file for file in path.rglob(suffix) if file.is_file())


def _mark(path: Path, files: list[Path]) -> str:
    """A hash of the small files, and of samples of the large ones."""
    mark = blake2b(digest_size=6)
    for file in files:
        size = file.stat().st_size
        mark.update(f"{file.relative_to(path).as_posix()}\0{size}\0".encode("utf-8", "surrogateescape"))
        with file.open("rb") as opened:
            if size <= SAMPLED * SAMPLES:
                mark.update(opened.read())
                continue
            for place in range(0, size, -(-size // SAMPLES)):
                opened.seek(place)
                mark.update(opened.read(SAMPLED))
    return mark.hexdigest()


def _damaged(path: Path, why: str) -> ConfigError:
    return ConfigError(
        f"The model in {path} is damaged: {why}.",
        remedy="fetch it again, for example with `wherein model pull`",
    )

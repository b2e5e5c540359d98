"""A model's folder in the usual layout: model.onnx, tokenizer.json, and how its output becomes vectors."""

import json
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

from wherein.embedding.onnx.folder import LONGEST_WINDOW, unreadable
from wherein.embedding.onnx.given.harmless import complaint
from wherein.embedding.prompts import Prompts
from wherein.quick_dataclass import dataclass
from wherein.without_waiting import beginning

NETWORKS = ("model.onnx", "onnx/model.onnx")

LARGEST_NETWORK = 2_000_000_000
LARGEST_TOKENIZER = 20_000_000
LARGEST_CONFIGURATION = 1_000_000

USUAL_WINDOW = 512

MEAN, FIRST, LAST = "mean", "first", "last"
POOLINGS = {"pooling_mode_mean_tokens": MEAN, "pooling_mode_cls_token": FIRST, "pooling_mode_lasttoken": LAST}
"""As sentence-transformers calls them."""

OWN = "wherein.toml"


@dataclass(frozen=True, slots=True)
class GivenFolder:
    """What a folder holds, looked at."""

    path: Path
    network: bytes
    tokenizer: bytes
    pooling: str
    """mean, first or last; of no matter for a network that pools by itself"""
    window: int
    dimension: int | None
    """what is said of it"""
    prompts: Prompts | None
    revision: str
    """stands for all that vectors depend on, but prompts"""


def look_at(path: Path) -> GivenFolder:
    """Read a folder. Raises UnusableModel if it holds no model, a damaged one, or one that could do harm."""
    place = next((path / name for name in NETWORKS if (path / name).is_file()), None)
    if place is None:
        raise unreadable(path, f"there is no {NETWORKS[0]} in it")
    network = _read(path, place, LARGEST_NETWORK)
    tokenizer = _read(path, path / "tokenizer.json", LARGEST_TOKENIZER)
    try:
        wrong = complaint(memoryview(network))
    except ValueError as error:
        raise unreadable(path, f"{place.name} is not an ONNX file, or is incomplete ({error})") from None
    if wrong:
        raise unreadable(path, wrong)
    told = _json(path, tokenizer, "tokenizer.json")
    if _has_pattern(told):
        raise unreadable(path, "its tokenizer has a pattern of its own, which could run for ever")
    own = _own(path)
    pooling, dimension = _pooling(path, own)
    window = _window(path, own, told)
    mark = sha256()
    for part in (network, tokenizer, f"{pooling} {window}".encode()):
        mark.update(sha256(part).digest())
    return GivenFolder(
        path, network, tokenizer, pooling, window, dimension, _prompts(path, own), mark.hexdigest()[:12]
    )


def _read(path: Path, file: Path, most: int) -> bytes:
    try:
        data = beginning(file, most + 1)
    except OSError as error:
        raise unreadable(path, f"{file.name}: {error.strerror or type(error).__name__}") from None
    if len(data) > most:
        raise unreadable(path, f"{file.name} is larger than {most:,} bytes")
    return data


def _json(path: Path, data: bytes, name: str) -> Any:  # noqa: ANN401 - what a file holds
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise unreadable(path, f"{name} is not JSON, or is incomplete") from None


def _configuration(path: Path, name: str) -> dict[str, Any]:
    """What a file holds; nothing if it is not there."""
    if not (path / name).is_file():
        return {}
    found = _json(path, _read(path, path / name, LARGEST_CONFIGURATION), name)
    return found if isinstance(found, dict) else {}


def _own(path: Path) -> dict[str, Any]:
    """What somebody wrote down for wherein."""
    if not (path / OWN).is_file():
        return {}
    try:
        own = tomllib.loads(_read(path, path / OWN, LARGEST_CONFIGURATION).decode())
    except RecursionError:
        raise unreadable(path, f"{OWN}: it is nested too deeply") from None
    except ValueError as error:
        raise unreadable(path, f"{OWN}: {error}") from None
    kinds = {"pooling": str, "query_prefix": str, "document_prefix": str, "window": int, "dimension": int}
    for key, value in own.items():
        if key not in kinds:
            raise unreadable(path, f"{OWN} cannot hold {key!r}, only {', '.join(kinds)}")
        if type(value) is not kinds[key]:
            raise unreadable(path, f"the {key} in {OWN} is not of type {kinds[key].__name__}")
    if own.get("pooling", MEAN) not in POOLINGS.values():
        raise unreadable(path, f"the pooling in {OWN} is none of {', '.join(POOLINGS.values())}")
    return own


def _pooling(path: Path, own: dict[str, Any]) -> tuple[str, int | None]:
    told = _configuration(path, "1_Pooling/config.json")
    found = [pooling for key, pooling in POOLINGS.items() if told.get(key) is True]
    others = [key for key, value in told.items() if value is True and key.startswith("pooling_mode_")]
    if "pooling" not in own and (len(others) > 1 or len(found) != len(others)):
        raise unreadable(path, f"wherein does not know the pooling {' and '.join(others)[:200]}")
    dimension = own.get("dimension", told.get("word_embedding_dimension"))
    return own.get("pooling", found[0] if found else MEAN), dimension if isinstance(dimension, int) else None


def _window(path: Path, own: dict[str, Any], tokenizer: Any) -> int:  # noqa: ANN401 - JSON
    told = _configuration(path, "sentence_bert_config.json").get("max_seq_length")
    if not isinstance(told, int) and isinstance(tokenizer, dict):
        cut = tokenizer.get("truncation")
        told = cut.get("max_length") if isinstance(cut, dict) else None
    window = own.get("window", told if isinstance(told, int) else USUAL_WINDOW)
    if not 3 <= window <= LONGEST_WINDOW:
        raise unreadable(path, f"a window of {window} pieces is not possible")
    return int(window)


def _prompts(path: Path, own: dict[str, Any]) -> Prompts | None:
    if "query_prefix" in own or "document_prefix" in own:
        return Prompts(own.get("query_prefix", ""), own.get("document_prefix", ""))
    prompts = _configuration(path, "config_sentence_transformers.json").get("prompts")
    if not isinstance(prompts, dict):
        return None
    query, document = (str(prompts.get(name) or "") for name in ("query", "document"))
    return Prompts(query, document) if query or document else None


def _has_pattern(told: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether a tokenizer has a regular expression, of a kind that may take exponential time."""
    waiting = (
        [told.get(part) for part in ("normalizer", "pre_tokenizer", "decoder")]
        if isinstance(told, dict)
        else []
    )
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if "Regex" in each:
                return True
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return False

"""Every setting: name, type, default, meaning, who may set it. docs/settings.md is made from this file."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path

from wherein.config import values
from wherein.config.language_model import LlmSettings
from wherein.config.locations import default_data_dir
from wherein.config.sections import (
    BackgroundSettings,
    IndexSettings,
    LspSettings,
    SearchSettings,
    StatsSettings,
)
from wherein.config.setting import Origin, Setting, optional, setting
from wherein.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, resolved. Made by `load_settings`; `Settings()` holds the defaults."""

    store: str | None = setting(
        lambda: None,
        optional(values.store),
        "URL of the store: `sqlite:///folder`, or that of a Redis server (redis.md).",
        environment="WHEREIN_STORE",
        default_text="one SQLite file per repository, in the data folder",
        example='"sqlite:///srv/wherein"',
    )
    data_dir: Path = setting(
        default_data_dir,
        values.folder,
        "The folder where indexes are kept; nothing is ever written into a repository.",
        environment="WHEREIN_DATA_DIR",
        default_text="`wherein` in the platform's data folder (`~/.local/share/wherein` on Linux)",
        example='"/fast/wherein"',
    )
    model: str | None = setting(
        lambda: None,
        optional(values.text),
        "The embedding model. An index belongs to the model that it was made with.",
        environment="WHEREIN_MODEL",
        default_text="the static model that comes with wherein",
        example='"builtin"',
    )
    deep_model: str | None = setting(
        lambda: None,
        values.model_or_none,
        "The model of the deep tier, which recognises meaning that the first tier misses and is filled in the "
        "background: `deep`, the small transformer that comes with wherein (the extra `wherein[deep]` runs it); "
        "`mpnet`, a larger one that `wherein model pull mpnet` fetches (the same extra runs it); `endpoint:MODEL`, "
        "a model of an embedding server; `transformers:NAME` or `transformers:/FOLDER`, a model for "
        "sentence-transformers (the extra `wherein[transformers]`); or `onnx:/FOLDER`, a transformer as an ONNX "
        "file with its tokenizer (the extra `wherein[onnx]`). Up to three, separated by commas, are blended. "
        "`none` turns the deep tier off. models.md helps you choose.",
        environment="WHEREIN_DEEP_MODEL",
        default_text="none",
        example='"endpoint:nomic-embed-text"',
    )
    deep_endpoint: str | None = setting(
        lambda: None,
        optional(values.url),
        'Base URL of an OpenAI-compatible server for embeddings, for `deep_model = "endpoint:…"`.',
        environment="WHEREIN_DEEP_ENDPOINT",
        default_text="`http://127.0.0.1:11434/v1`, where Ollama listens",
        example='"http://127.0.0.1:8080/v1"',
    )
    deep_consent: str | None = setting(
        lambda: None,
        optional(values.url),
        "Set to the same URL as `deep_endpoint` to allow what is indexed to be sent to a server that is not on "
        "this machine. `wherein model use` asks, and sets it.",
        environment="WHEREIN_DEEP_CONSENT",
        default_text="none: code stays on this machine",
        example='"https://api.example.com/v1"',
    )
    deep_api_key: str | None = setting(
        lambda: None,
        optional(values.text),
        "The key that the server of `deep_endpoint` asks for. It is sent to no other server, and is read only from "
        "the environment.",
        environment="WHEREIN_EMBEDDING_API_KEY",
        default_text="none",
        example='"…"',
        secret=True,
        in_files=False,
    )
    deep_dimension: int | None = setting(
        lambda: None,
        optional(values.whole(16, 16_384)),
        "Keep only this many leading numbers of the deep model's vectors; for models made for that (Matryoshka).",
        environment="WHEREIN_DEEP_DIMENSION",
        default_text="all",
        example="256",
    )
    deep_device: str = setting(
        lambda: "auto",
        values.device,
        "Where a model of `transformers:…` runs: `cpu`, `cuda`, `cuda:1`, `mps`, `xpu`; `auto` picks the fastest.",
        environment="WHEREIN_DEEP_DEVICE",
        example='"cpu"',
    )
    deep_query_prefix: str | None = setting(
        lambda: None,
        optional(values.prefix),
        "What the deep model expects in front of a question.",
        default_text="what wherein knows of the model",
        example='"query: "',
    )
    deep_document_prefix: str | None = setting(
        lambda: None,
        optional(values.prefix),
        "What the deep model expects in front of a text that is searched.",
        default_text="what wherein knows of the model",
        example='"passage: "',
    )
    deep_price: float = setting(
        lambda: 0.0,
        values.price,
        "The price of a million tokens at `deep_endpoint`, to report what was spent.",
        example="0.02",
    )
    offline: bool = setting(
        lambda: False,
        values.switch,
        "Never use the network except for the configured store and a language model on this machine, not even to "
        "fetch a model.",
        environment="WHEREIN_OFFLINE",
        example="true",
    )
    log_level: str = setting(
        lambda: "warning",
        values.one_of("debug", "info", "warning", "error"),
        "How much is logged to standard error. `debug` also shows the traceback of an unexpected error.",
        environment="WHEREIN_LOG_LEVEL",
        example='"info"',
    )
    index: IndexSettings = field(default_factory=IndexSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    llm: LlmSettings = field(default_factory=LlmSettings)
    lsp: LspSettings = field(default_factory=LspSettings)
    background: BackgroundSettings = field(default_factory=BackgroundSettings)
    stats: StatsSettings = field(default_factory=StatsSettings)
    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False)
    """where each setting that is not at its default was set, by its key"""
    warnings: tuple[str, ...] = field(default=(), compare=False)
    """what was ignored in the project's file, one sentence each"""

    def value(self, key: str) -> object:
        """The value behind a dotted key: `search.limit`."""
        section, _, name = key.rpartition(".")
        return getattr(getattr(self, section) if section else self, name)

    def origin(self, key: str) -> Origin:
        """Where the value of a dotted key comes from."""
        return self.origins.get(key, Origin("default"))


SECTIONS: Mapping[
    str, type[IndexSettings | SearchSettings | LlmSettings | LspSettings | BackgroundSettings | StatsSettings]
] = {
    "index": IndexSettings,
    "search": SearchSettings,
    "llm": LlmSettings,
    "lsp": LspSettings,
    "background": BackgroundSettings,
    "stats": StatsSettings,
}


def all_settings() -> Iterator[tuple[str, Setting]]:
    """Every dotted key with its setting, in the order of this file; those outside sections first."""
    for prefix, owner in (("", Settings), *((f"{name}.", owner) for name, owner in SECTIONS.items())):
        for each in dataclasses.fields(owner):
            if "setting" in each.metadata:
                yield prefix + each.name, each.metadata["setting"]

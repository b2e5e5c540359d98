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
        "URL of the store: `sqlite:///folder`, or a Redis as redis.md says.",
        environment="WHEREIN_STORE",
        default_text="one SQLite file a repository, in the data folder",
        example='"sqlite:///srv/wherein"',
    )
    data_dir: Path = setting(
        default_data_dir,
        values.folder,
        "The folder that indexes are kept in; nothing is ever written into a repository.",
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
        "The model of the deep tier, which sees meaning that the first one does not and fills behind it: "
        "`deep`, the small transformer that comes with wherein (the extra `wherein[deep]` runs it); `mpnet`, a larger "
        "one that `wherein model pull mpnet` brings (the same extra runs it); `endpoint:MODEL`, a model that an "
        "embedding server has; `transformers:NAME` or `transformers:/FOLDER`, one of sentence-transformers (the "
        "extra `wherein[transformers]`); or `onnx:/FOLDER`, a transformer as an ONNX file with its tokenizer (the "
        "extra `wherein[onnx]`). Up to three, with commas between, are blended. `none` is no deep tier. "
        "models.md helps to choose.",
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
        "The same URL as `deep_endpoint`, where that is not on this machine: says that what is indexed may be sent "
        "there. `wherein model use` asks, and writes it.",
        environment="WHEREIN_DEEP_CONSENT",
        default_text="none: code stays on this machine",
        example='"https://api.example.com/v1"',
    )
    deep_api_key: str | None = setting(
        lambda: None,
        optional(values.text),
        "The key that the server of `deep_endpoint` asks for. It is sent to no other server, and read from the "
        "environment alone.",
        environment="WHEREIN_EMBEDDING_API_KEY",
        default_text="none",
        example='"…"',
        secret=True,
        in_files=False,
    )
    deep_dimension: int | None = setting(
        lambda: None,
        optional(values.whole(16, 16_384)),
        "Keep only the first numbers of the deep model's vectors, so many; for models made for that (Matryoshka).",
        environment="WHEREIN_DEEP_DIMENSION",
        default_text="all",
        example="256",
    )
    deep_device: str = setting(
        lambda: "auto",
        values.device,
        "Where a model of `transformers:…` runs: `cpu`, `cuda`, `cuda:1`, `mps`, `xpu`; `auto` takes the fastest.",
        environment="WHEREIN_DEEP_DEVICE",
        example='"cpu"',
    )
    deep_query_prefix: str | None = setting(
        lambda: None,
        optional(values.prefix),
        "What the deep model wants before a question.",
        default_text="what is known of the model",
        example='"query: "',
    )
    deep_document_prefix: str | None = setting(
        lambda: None,
        optional(values.prefix),
        "What the deep model wants before a text that is searched.",
        default_text="what is known of the model",
        example='"passage: "',
    )
    deep_price: float = setting(
        lambda: 0.0,
        values.price,
        "What a million tokens cost at `deep_endpoint`, so that the cost can be told.",
        example="0.02",
    )
    offline: bool = setting(
        lambda: False,
        values.switch,
        "Never use the network but for the configured store and a language model on this machine, not even to "
        "fetch a model.",
        environment="WHEREIN_OFFLINE",
        example="true",
    )
    log_level: str = setting(
        lambda: "warning",
        values.one_of("debug", "info", "warning", "error"),
        "What is logged to standard error. `debug` shows the traceback of an unexpected error as well.",
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
    """what was ignored in the project's file: a sentence each, for people"""

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
    """Every dotted key with its setting, in the order of this file: those of no section first."""
    for prefix, owner in (("", Settings), *((f"{name}.", owner) for name, owner in SECTIONS.items())):
        for each in dataclasses.fields(owner):
            if "setting" in each.metadata:
                yield prefix + each.name, each.metadata["setting"]

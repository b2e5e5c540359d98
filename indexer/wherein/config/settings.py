"""Every setting: name, type, default, meaning, who may set it. docs/settings.md is made from this file."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wherein.config import values
from wherein.config.locations import default_data_dir
from wherein.config.setting import Origin, Setting, optional, setting

MEGABYTE = 1_000_000

MOST_RESULTS = 1_000
"""Nobody reads more, and each further result costs ranking time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """What is indexed."""

    name: str | None = setting(
        lambda: None,
        optional(values.text),
        "The repository's name in the store. Clones and worktrees of one name share what is indexed.",
        project=True,
        default_text="the URL of `origin`, else the folder's name with the first commit",
        example='"acme/web"',
    )
    submodules: str = setting(
        lambda: "follow",
        values.one_of("follow", "skip", "separate"),
        "`follow` indexes the files of submodules that are checked out with the repository; `skip` leaves "
        "them out; `separate` leaves them to an index of their own, made when wherein runs inside them.",
        project=True,
        example='"skip"',
    )
    max_file_size: int = setting(
        lambda: MEGABYTE,
        values.whole(1, 100 * MEGABYTE),
        "Files with more bytes than this are left out.",
        project=True,
        example="2000000",
    )
    include_generated: bool = setting(
        lambda: False,
        values.switch,
        "Index generated files too: lock files, `linguist-generated`, and what says so at its head.",
        project=True,
        example="true",
    )
    include_vendored: bool = setting(
        lambda: False,
        values.switch,
        "Index third-party code too: `linguist-vendored` and folders such as node_modules.",
        project=True,
        example="true",
    )
    include_secrets: bool = setting(
        lambda: False,
        values.switch,
        "Index files that hold keys or credentials too (`.env`, `.netrc`, private keys, histories of shells). Single "
        "secrets in them are masked all the same.",
        example="true",
    )
    mask_secrets: bool = setting(
        lambda: True,
        values.switch,
        "Replace tokens, passwords and keys in code by `*` before it is stored, embedded or shown to a language model. "
        "`wherein doctor --secrets` lists where they are.",
        example="false",
    )
    exclude: tuple[str, ...] = setting(
        lambda: (),
        values.globs,
        "Further files to leave out, in patterns as in .gitignore.",
        project=True,
        example='["docs/archive/", "*.snap"]',
    )
    history: int = setting(
        lambda: 10,
        values.whole(0, 1000),
        "How many earlier commits of an indexed branch stay searchable: `--view 'main@{1}'` is what it showed "
        "before the last one.",
        example="3",
    )
    keep_views: int = setting(
        lambda: 90,
        values.whole(0, 36500),
        "Days after which a view that nobody brought up to date is dropped (a worktree that is gone, a merged "
        "branch); 0 keeps all.",
        example="30",
    )
    languages: Mapping[str, str] = setting(
        dict,
        values.languages,
        "The language of an extension that wherein does not know, or takes for another one. The tables of "
        "the user's and the project's file are joined.",
        project=True,
        example='{ ".inc" = "php" }',
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """How results are found and ranked."""

    limit: int = setting(
        lambda: 10,
        values.whole(1, MOST_RESULTS),
        "How many results a search shows when `--limit` does not say.",
        project=True,
        example="20",
    )
    mode: str = setting(
        lambda: "hybrid",
        values.one_of("hybrid", "semantic", "lexical", "symbol"),
        "`hybrid` joins the words, the meaning and the names; the others use one of them alone.",
        project=True,
        example='"lexical"',
    )
    ranking: Mapping[str, float] = setting(
        dict,
        values.weights,
        "Weights of ranking steps (words, synonyms, meaning, names, compounds, kinds, noise, paths, files, only_word, "
        "variety), or of their parts as `--explain-score` shows them; 1 is the step as it comes, 0 "
        "leaves it out. The tables of the user's and the project's file are joined.",
        project=True,
        example="{ noise = 0.5 }",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LspSettings:
    """How the language server behaves."""

    auto_update: bool = setting(
        lambda: True,
        values.switch,
        "Index when a folder is opened, a file is saved or a branch is switched. Without it, only when asked "
        "(`wherein.reindex`, or `wherein index` in a terminal).",
        example="false",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundSettings:
    """How indexing behaves that nobody waits for: by git's hooks, by `wherein watch`."""

    on_battery: bool = setting(
        lambda: False,
        values.switch,
        "Index in the background (git hooks, `wherein watch`) while the machine runs on its battery, too. Without it, "
        "the next search brings the index up to date.",
        example="true",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmSettings:
    """The language model that `explain` and `ask` talk to."""

    base_url: str | None = setting(
        lambda: None,
        optional(values.url),
        "Base URL of an OpenAI-compatible server, up to and with its `/v1`. Code is sent to this server only.",
        environment="WHEREIN_LLM_BASE_URL",
        default_text="the first server found on this machine, at port 11434, 9931, 8080, 1234 or 8000",
        example='"http://127.0.0.1:8080/v1"',
    )
    model: str | None = setting(
        lambda: None,
        optional(values.text),
        "The model, by the name the server lists it under.",
        environment="WHEREIN_LLM_MODEL",
        default_text="the best of those the server lists, Mistral's first; never one that runs in a cloud",
        example='"devstral"',
    )
    api_key: str | None = setting(
        lambda: None,
        optional(values.text),
        "The key that the server of `llm.base_url` asks for. It is sent to no other server.",
        environment="WHEREIN_LLM_API_KEY",
        default_text="none",
        example='"…"',
        secret=True,
    )
    context_tokens: int | None = setting(
        lambda: None,
        optional(values.whole(1_024, 10_000_000)),
        "Tokens of prompt and answer together that the model is run with; for servers that do not tell, as Ollama.",
        default_text="what the server tells, else 4096",
        example="32768",
    )
    max_tokens: int = setting(
        lambda: 1_024,
        values.whole(16, 100_000),
        "The longest answer, in tokens.",
        example="2048",
    )
    first_token_timeout: int = setting(
        lambda: 180,
        values.whole(1, 86_400),
        "Seconds to wait for the first word: the server may have to load the model and must read the prompt.",
        example="600",
    )
    idle_timeout: int = setting(
        lambda: 30,
        values.whole(1, 86_400),
        "Seconds to wait for each further word.",
        example="60",
    )
    cache: bool = setting(
        lambda: True,
        values.switch,
        "Keep answers in the data folder, and give them again when the same is asked of the same model.",
        example="false",
    )
    think: bool = setting(
        lambda: False,
        values.switch,
        "In the terminal, ask the language model what the code that answers a question may look like, and "
        "search that as well, as `--think` does. It is sent the question, no code.",
        example="true",
    )
    prompt_price: float = setting(
        lambda: 0.0,
        values.price,
        "What a million tokens of prompt cost, in whatever currency: `wherein stats` tells what was spent.",
        example="0.1",
    )
    answer_price: float = setting(
        lambda: 0.0,
        values.price,
        "What a million tokens of answer cost.",
        example="0.3",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsSettings:
    """What `wherein stats` counts."""

    record: bool = setting(
        lambda: True,
        values.switch,
        "Note in the data folder how long each search, update and answer took. Nothing of it is ever sent anywhere.",
        example="false",
    )
    queries: bool = setting(
        lambda: False,
        values.switch,
        "Note what was asked as well; without it, how often and how long are all that is kept.",
        example="true",
    )


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
    data_dir: Path = setting(  # noqa: RUF009 - makes a field with a factory
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
        optional(values.text),
        "The model of the deep tier, which sees meaning that the first one does not and fills behind it: "
        "`endpoint:MODEL`, a model that an embedding server has.",
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

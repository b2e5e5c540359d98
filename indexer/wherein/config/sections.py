"""Settings that belong together: one class for each section of the file."""

from collections.abc import Mapping

from wherein.config import values
from wherein.config.setting import optional, setting
from wherein.quick_dataclass import dataclass

MEGABYTE = 1_000_000

MOST_RESULTS = 1_000
"""Nobody reads more, and each further result costs ranking time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """What is indexed."""

    name: str | None = setting(
        lambda: None,
        optional(values.text),
        "The repository's name in the store. Clones and worktrees with the same name share what is indexed.",
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
        "Files larger than this many bytes are left out.",
        project=True,
        example="2000000",
    )
    include_generated: bool = setting(
        lambda: False,
        values.switch,
        "Index generated files too: lock files, `linguist-generated`, and files that say so at the top.",
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
        "Index files that hold keys or credentials too (`.env`, `.netrc`, private keys, shell histories). "
        "Individual secrets in them are still masked.",
        example="true",
    )
    mask_secrets: bool = setting(
        lambda: True,
        values.switch,
        "Replace tokens, passwords and keys in code with `*` before it is stored, embedded or shown to a language "
        "model. `wherein doctor --secrets` lists where they are.",
        example="false",
    )
    exclude: tuple[str, ...] = setting(
        lambda: (),
        values.globs,
        "Further files to leave out, as patterns like those in .gitignore.",
        project=True,
        example='["docs/archive/", "*.snap"]',
    )
    history: int = setting(
        lambda: 10,
        values.whole(0, 1000),
        "How many earlier commits of an indexed branch stay searchable: `--view 'main@{1}'` is what it was before "
        "the latest.",
        example="3",
    )
    keep_views: int = setting(
        lambda: 90,
        values.whole(0, 36500),
        "Days after which a view that has not been updated is dropped (a worktree that is gone, a merged "
        "branch); 0 keeps all.",
        example="30",
    )
    languages: Mapping[str, str] = setting(
        dict,
        values.languages,
        "The language of file extensions that wherein does not know or gets wrong. The tables in the user's and "
        "the project's file are merged.",
        project=True,
        example='{ ".inc" = "php" }',
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """How results are found and ranked."""

    limit: int = setting(
        lambda: 10,
        values.whole(1, MOST_RESULTS),
        "How many results a search shows without `--limit`.",
        project=True,
        example="20",
    )
    mode: str = setting(
        lambda: "hybrid",
        values.one_of("hybrid", "semantic", "lexical", "symbol"),
        "`hybrid` combines words, meaning and names; the others use just one of them.",
        project=True,
        example='"lexical"',
    )
    second_look: int = setting(
        lambda: 150,
        values.whole(0, 10_000),
        "Milliseconds that a search may spend on embedding its best candidates with the deep model, where they "
        "have not been embedded yet; their vectors are kept. 0 turns this off.",
        project=True,
        example="0",
    )
    ranking: Mapping[str, float] = setting(
        dict,
        values.weights,
        "Weights of ranking steps (words, synonyms, meaning, deep, described, names, compounds, kinds, noise, paths, "
        "files, only_word, variety), or of their parts as `--explain-score` shows them; 1 leaves the step as it "
        "is, 0 turns it off. The tables in the user's and the project's file are merged.",
        project=True,
        example="{ noise = 0.5 }",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LspSettings:
    """How the language server behaves."""

    auto_update: bool = setting(
        lambda: True,
        values.switch,
        "Index when a folder is opened, a file is saved or a branch is switched. If false, only on request "
        "(`wherein.reindex`, or `wherein index` in a terminal).",
        example="false",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundSettings:
    """How indexing behaves that nobody waits for: by git's hooks, by `wherein watch`."""

    on_battery: bool = setting(
        lambda: False,
        values.switch,
        "Also index in the background (git hooks, `wherein watch`) while the machine is running on battery. If "
        "false, the next search brings the index up to date.",
        example="true",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsSettings:
    """What `wherein stats` counts."""

    record: bool = setting(
        lambda: True,
        values.switch,
        "Record in the data folder how long each search, update and answer took. None of it is ever sent anywhere.",
        example="false",
    )
    queries: bool = setting(
        lambda: False,
        values.switch,
        "Record the questions as well; if false, only counts and durations are kept.",
        example="true",
    )

"""What an index can be asked for: hits, definitions, chunks, calls, changes."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from wherein.call import Call, Calls
from wherein.deep_holdings import DeepHoldings
from wherein.errors import ConfigError, NotFound
from wherein.hit import Hit
from wherein.measured.recording import measured
from wherein.outlined import Outlined
from wherein.scopes import checked_scopes
from wherein.store.protocol import Filters, Retrieval, Retrieved, Store

if TYPE_CHECKING:
    from wherein.changed import Change, Changed
    from wherein.search.calls.named import CallsAsked, Direction
    from wherein.search.gathered import Gathered
    from wherein.search.query import Query
    from wherein.search.search import Mode
    from wherein.search.thought import Thought

T = TypeVar("T")


class Questions(DeepHoldings):
    """Each question is answered from one state of the index."""

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        mode: "Mode" = "hybrid",
        languages: Sequence[str] = (),
        paths: Sequence[str] = (),
        exclude: Sequence[str] = (),
        kinds: Sequence[str] = (),
        scopes: Sequence[str] = (),
        only: "Changed | None" = None,
        thought: "Thought | None" = None,
        say: Callable[[str], object] = lambda sentence: None,
        look: bool = True,
    ) -> list[Hit]:
        """The best hits, best first. `offset` skips that many hits: the next page.

        - `paths` and `exclude` are globs as in .gitignore. `scopes`, of `code`, `tests` and `no-tests`, restrict the
          search to parts of the repository. `only`, from `changed_chunks`, restricts it to what changed. For any of
          these lists, a string counts as a list of one.
        - `thought` is what the answer may look like; it is searched for as well.
        - `say` gets a sentence whenever the query was not taken as it is, or nothing is close to it.
        - `look=False` spends no time on a second look (setting `search.second_look`).

        Raises ConfigError for a query without words and for a language, kind or scope that there is not; IndexMissing
        before the first update.
        """
        from wherein.search.search import search

        store = self._open()
        if only is not None:
            from wherein.search.within import within

            store = within(store, only.chunks)
        deep = None if mode in ("lexical", "symbol") else self._deep(say, look=look)
        with measured(self._settings, "search", self.repository, query=query) as facts:
            hits = search(
                store,
                self.view,
                self._embedder,
                query,
                repository=self.repository,
                limit=limit,
                offset=offset,
                mode=mode,
                filters=filters_of(languages, paths, exclude, kinds, scopes),
                adjust=self._settings.search.ranking,
                say=say,
                kept_to=only,
                thought=thought,
                deep=deep,
            )
            if not hits:
                self._reader()  # or was this view never indexed? Only then it is worth the question
            facts |= {"hits": len(hits), "mode": mode}
            if deep is not None:
                models = " + ".join(each.model_id for each in deep.embedders)
                facts |= {"deep": models, "second_looks": bool(deep.measured)}
        return hits

    def gather(self, asked: "Sequence[tuple[Query, Retrieval]]") -> "list[Gathered]":
        """What this index has for a query that several indexes are asked, so that they can be ranked together; one
        entry for each reading of the query. Requests are made of this view. Raises IndexMissing before the first
        update."""
        from wherein.search.gathered import gather

        store = self._open()
        mine = [(query, replace(request, view=self.view)) for query, request in asked]
        found = store.at_once(lambda: [gather(store, query, request) for query, request in mine])
        if not any(each.retrieved.candidates for each in found):
            self._reader()
        return found

    def statistics(self, request: Retrieval) -> Retrieved:
        """How many chunks hold each of a request's terms, and how many chunks there are; no candidates."""
        return self._open().retrieve(replace(request, view=self.view, embedding=None, limit=0))

    def at_once(self, read: Callable[[], T]) -> T:
        """What `read` returns, with everything it asks of this index answered from one state, even if somebody updates
        or rebuilds it meanwhile. `read` may be called more than once."""
        return self._open().at_once(read)

    def _answer(self, read: Callable[[Store], T]) -> T:
        """What `read` returns, all of it from one state. Raises IndexMissing if this view was never indexed, or is gone
        by now."""
        store = self._open()
        try:
            answer = store.at_once(lambda: read(store))
        except (ConfigError, NotFound):  # of what is not there
            self.record()
            raise
        self.record()
        return answer

    def related(self, path: str, line: int, *, limit: int = 10) -> list[Hit]:
        """Code similar to the chunk at a line (1-based) of a path relative to the root."""
        from wherein.search.related import related

        with measured(self._settings, "related", self.repository) as facts:
            hits = self._answer(
                lambda store: related(store, self.view, path, line, repository=self.repository, limit=limit)
            )
            facts["hits"] = len(hits)
        return hits

    def symbols(
        self,
        name: str,
        *,
        limit: int = 50,
        languages: Sequence[str] = (),
        paths: Sequence[str] = (),
        exclude: Sequence[str] = (),
        kinds: Sequence[str] = (),
        scopes: Sequence[str] = (),
        exact: bool = False,
        alike: bool = False,
    ) -> list[Hit]:
        """Definitions by name: first those of exactly this name, then, unless `exact`, those whose names begin with it.
        Similar names (parts, initials, any piece, a slip of the keyboard) follow if nothing has exactly this name, or
        with `alike`."""
        from wherein.search.symbols import symbols

        filters = filters_of(languages, paths, exclude, kinds, scopes)
        with measured(self._settings, "symbol", self.repository, query=name) as facts:
            hits = self._answer(
                lambda store: symbols(
                    store,
                    self.view,
                    name,
                    repository=self.repository,
                    limit=limit,
                    filters=filters,
                    exact=exact,
                    alike=alike,
                )
            )
            facts["hits"] = len(hits)
        return hits

    def definition(self, path: str, line: int) -> Hit:
        """The definition that covers a line (1-based) of a path relative to the root, with all its lines. Code outside
        any definition is given as the run of lines it is in. Raises ConfigError if there is none."""
        from wherein.search.calls.definition import definition
        from wherein.search.file_text import Files

        return self._answer(
            lambda store: definition(Files(store, self.view), path, line, repository=self.repository)
        )

    def chunks(self, path: str) -> list[Hit]:
        """The chunks of a file, by line; empty for a path that is not in the view."""
        from wherein.search.calls.definition import chunks

        return self._answer(lambda store: chunks(store, self.view, path, repository=self.repository))

    def callees(self, path: str, line: int, *, limit: int = 20) -> list[Call]:
        """What the definition that covers a line calls, as far as it is in this repository. Found by names, for
        languages with a grammar. Raises ConfigError if nothing covers the line."""
        return list(self.calls_at(path, line, "callees", limit=limit).calls)

    def callers(self, path: str, line: int, *, limit: int = 20) -> list[Call]:
        """What calls the definition that covers a line; otherwise as `callees`."""
        return list(self.calls_at(path, line, "callers", limit=limit).calls)

    def calls_at(self, path: str, line: int, direction: "Direction", *, limit: int = 20) -> Calls:
        """As `callers` or `callees`, with the definition that was asked about and what is not known about its calls."""
        return self._answer(lambda store: self._calls(store, direction, limit).at(path, line))

    def calls_meant(
        self, path: str, line: int, name: str, direction: "Direction", *, limit: int = 20
    ) -> tuple[str, list[Calls]]:
        """The calls of what a name in a line means, and what that is called: what is called there by this name, else
        what bears it, else the definition around the line. Without a name, or if nothing is known by it, as `calls_at`.
        Raises NotFound if what is around can have no callers."""
        return self._answer(lambda store: self._calls(store, direction, limit).meant(path, line, name))

    def callers_of(self, name: str, *, limit: int = 20) -> list[Calls]:
        """What calls each definition of exactly this name, at most `limit` each; of more than ten definitions, the
        first ten. Raises NotFound if nothing defines the name; otherwise as `callees`."""
        return self.calls_of(name, "callers", limit=limit)

    def callees_of(self, name: str, *, limit: int = 20) -> list[Calls]:
        """What each definition of exactly this name calls; otherwise as `callers_of`."""
        return self.calls_of(name, "callees", limit=limit)

    def calls_of(self, name: str, direction: "Direction", *, limit: int = 20) -> list[Calls]:
        """`callers_of` or `callees_of`, by the direction."""
        return self._answer(lambda store: self._calls(store, direction, limit).of(name))

    def _calls(self, store: Store, direction: "Direction", limit: int) -> "CallsAsked":
        from wherein.search.calls.named import CallsAsked

        return CallsAsked(store, self.view, direction, repository=self.repository, limit=limit)

    def defined(self, name: str) -> list[Hit]:
        """The definitions of exactly this name, code before texts. Raises NotFound, which names similar ones."""
        from wherein.search.calls.named import defined

        return self._answer(lambda store: defined(store, self.view, name, repository=self.repository))

    def outline(self, path: str) -> list[Outlined]:
        """What a file defines, by line, outer definitions first, with the names that a class, an enum or a group lists.
        Empty for a file without definitions. Raises ConfigError for a path that is not in the view."""
        from wherein.search.outline import outline

        return self._answer(lambda store: outline(store, self.view, path))

    def changed(self, since: str | None = None) -> "list[Change]":
        """The definitions that were added, changed or removed on this branch, committed or not; with `since`, since it
        left that branch, tag or commit. Sorted by path and line. Only what is indexed is compared.

        Raises ConfigError if `since` is no revision, and outside git.
        """
        return self.changed_since(since)[1]

    def changed_since(self, since: str | None = None) -> "tuple[Changed, list[Change]]":
        """As `changed`, with the revision and commit that were compared with."""
        from wherein.changed import changed, changes

        source, limit = self._files(), self._settings.index.max_file_size
        with closing(source.before(since)) as before:

            def read(store: Store) -> "tuple[Changed, list[Change]]":
                found = changed(store, self.view, before, source.prefix, limit)
                return found, changes(store, self.view, found, before, limit)

            return self._answer(read)

    def changed_chunks(self, since: str | None = None) -> "Changed":
        """The changed chunks, for the `only` of `search`; otherwise as `changed`, but nothing is chunked for it."""
        from wherein.changed import changed

        source = self._files()
        with closing(source.before(since)) as before:
            return self._answer(
                lambda store: changed(
                    store, self.view, before, source.prefix, self._settings.index.max_file_size
                )
            )


def filters_of(
    languages: Sequence[str] = (),
    paths: Sequence[str] = (),
    exclude: Sequence[str] = (),
    kinds: Sequence[str] = (),
    scopes: Sequence[str] = (),
) -> Filters:
    """The filters of a search, with languages by any of their names and kinds as people mean them; a string counts as
    a list of one. Raises ConfigError for an unknown language, kind or scope."""
    languages, paths, exclude, kinds, scopes = map(_several, (languages, paths, exclude, kinds, scopes))
    if languages:
        from wherein.languages.registry import resolve

        languages = tuple(resolve(language) for language in languages)
    from wherein.search.inline_filters import checked_kinds, meant_kinds

    return Filters(languages, meant_kinds(checked_kinds(kinds)), paths, exclude, checked_scopes(scopes))


def _several(given: Sequence[str]) -> tuple[str, ...]:
    """A string is a sequence of strings, too, but nobody means its letters."""
    return (given,) if isinstance(given, str) else tuple(given)

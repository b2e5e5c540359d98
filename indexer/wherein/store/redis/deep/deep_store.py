"""The part of `RedisStore` that is the deep tier."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from wherein.store.deep import DeepModel, DeepRow, DeepTier
from wherein.store.redis.connection.failures import explained
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.connection.redis_py import Pipeline, Reply
from wherein.store.redis.deep import on_server, reader
from wherein.store.redis.deep.local_copy import DeepRows
from wherein.store.redis.generations import registry
from wherein.store.redis.open_generation import OpenGeneration
from wherein.store.redis.session import Session
from wherein.store.redis.trees.contents import version_id
from wherein.store.redis.views.following import ANSWERS
from wherein.store.redis.views.record import Seen

if TYPE_CHECKING:
    from wherein.store.redis.quota.guard import Guard


class RedisDeep:
    """Implements `DeepTier`."""

    url: str
    _index: OpenGeneration

    @property
    def _guard(self) -> "Guard":
        """Keeps what is written to its limits."""
        raise NotImplementedError

    def _opened_to_write(self) -> "AbstractContextManager[DeepTier]":
        """The same index, in another store that may be written to."""
        raise NotImplementedError

    def deep_models(self) -> list[DeepModel]:
        """See `DeepTier`."""
        found = self._index.read(lambda session: on_server.models(session.client, session.keys.prefix))
        return sorted((each for each in found.values() if each.vectors), key=lambda each: -each.used)

    def deep_covered(self, view: str, model: str) -> tuple[int, int]:
        """See `DeepTier`."""

        def read(session: Session) -> tuple[int, int]:
            seen, rows = _shown_and_rows(session, view, model)
            if seen is None:
                return 0, 0
            if rows is None:
                return 0, seen.contents.chunks
            files = seen.contents.files
            there = (
                rows.filled(version, files[path].chunks) for version, path in seen.contents.versions.items()
            )
            return sum(map(sum, there)), seen.contents.chunks

        return self._index.read(read)

    def deep_lacking(self, view: str, model: str) -> Mapping[str, Sequence[int | str]]:
        """See `DeepTier`."""

        def read(session: Session) -> dict[str, list[int | str]]:
            seen, rows = _shown_and_rows(session, view, model)
            if seen is None:
                return {}
            found: dict[str, list[int | str]] = {}
            for path in seen.contents.searchable:
                shown = seen.contents.files[path]
                version = version_id(path, shown.blob).encode()
                there = [False] * shown.chunks if rows is None else rows.filled(version, shown.chunks)
                if lacking := [row for row, filled in enumerate(there) if not filled]:
                    found[path] = [session.id(version + b":%d" % row) for row in lacking]
            return found

        return self._index.read(read)

    def deep_known(self, model: str, contents: Iterable[bytes]) -> set[bytes]:
        """See `DeepTier`."""
        wanted = list(contents)
        return self._index.read(
            lambda session: (
                on_server.known(session.client, session.keys.prefix, model, wanted) if wanted else set()
            )
        )

    def deep_vectors(
        self, models: Sequence[str], contents: Sequence[bytes]
    ) -> Mapping[str, Mapping[bytes, bytes]]:
        """See `DeepTier`. One round trip."""

        def read(session: Session) -> Mapping[str, Mapping[bytes, bytes]]:
            return reader.vectors_of(session, models, contents)

        return self._index.read(read)

    def deep_claim(self, model: str, contents: Sequence[bytes]) -> set[bytes]:
        """See `DeepTier`. Only for those who fill the tier, and so may write."""
        session = self._index.session
        with explained(self.url):
            return on_server.claim(session.client, session.keys.prefix, model, contents)

    def deep_put(self, model: DeepModel, rows: Sequence[DeepRow]) -> int:
        """See `DeepTier`."""
        from wherein.store.redis.deep import writer
        from wherein.store.redis.quota import limits

        def ask(session: Session) -> list[Command]:
            return [limits.ask(session.keys.prefix)]

        def act(session: Session, told: list[Reply]) -> int:
            self._guard.check(session, told[0])
            return writer.put(session, self._index.right, model, rows, self._index.now())

        return self._index.written_knowing(ask, act)

    def deep_keep(self, model: DeepModel, rows: Sequence[DeepRow]) -> None:
        """See `DeepTier`. By a connection of its own, where this one only reads."""
        with self._opened_to_write() as store:
            store.deep_put(model, rows)

    def deep_whole(self, view: str) -> list[str]:
        """See `DeepTier`."""
        return self._index.read(lambda session: reader.whole(session, view))

    def deep_note_whole(self, view: str, model: str) -> None:
        """See `DeepTier`."""
        from wherein.store.redis.deep import writer

        self._index.written(
            lambda session: writer.note_whole(session, self._index.right, view, model, self._index.now())
        )

    def deep_rows(self, view: str, model: str) -> list[bytes]:
        """See `DeepTier`."""

        def read(session: Session) -> list[bytes]:
            seen, rows = _shown_and_rows(session, view, model)
            if seen is None or rows is None:
                return []
            shown = rows.vectors[rows.places_of(seen.contents, None, seen.contents.versions.get)]
            return [row.tobytes() for row in shown[shown.any(axis=1)]]

        return self._index.read(read)

    def deep_forget(self, model: str) -> int:
        """See `DeepTier`."""

        def act(session: Session) -> int:
            prefix, tag = session.keys.prefix, on_server.tag_of(model)
            every = registry.all_keys(session.client, prefix)
            session.deep.pop(tag, None)
            return on_server.forget(session.client, self._index.right, every, prefix, tag)

        return self._index.written(act, to_delete=True)


def _shown_and_rows(session: Session, view: str, model: str) -> tuple[Seen | None, DeepRows | None]:
    """A view and a model's vectors as they are now. One round trip."""
    tag = on_server.tag_of(model)
    rows = reader.held(session, tag)
    session.glimpse(view)

    def ask(pipe: Pipeline) -> None:
        session.views.ask(pipe, view)
        reader.ask(pipe, session.keys, tag, rows)

    told = session.run(ask)
    seen = session.followed(view, told[:ANSWERS])
    return seen, None if seen is None else reader.followed(session, tag, told[ANSWERS:])

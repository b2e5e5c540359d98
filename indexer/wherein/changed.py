"""Which definitions of a view differ from an earlier commit: compared by their text, wherever it is now."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Literal

from wherein.alike import Text
from wherein.git.earlier_commit import Before
from wherein.indexing.tags import split
from wherein.one_form import one_form
from wherein.quick_dataclass import dataclass
from wherein.renamed import renamed
from wherein.search.file_text import in_one
from wherein.skips import SkipReason
from wherein.store.protocol import Candidate, FileChunks, Store

MOST_FILES = 2000
"""Files whose earlier content is read. Anything that differs beyond them counts as changed from its first line to its
last."""

FILES_AT_ONCE = 50
"""Files of the view that are read together."""

How = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    """A definition, or code outside any definition, that differs."""

    how: How
    path: str
    """for something removed, its earlier path; its lines are the earlier ones, too"""
    start_line: int
    end_line: int
    symbol: str
    qualified_name: str
    kind: str
    language: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What differs from an earlier commit."""

    revision: str
    commit: str
    chunks: Mapping[str, frozenset[int]]
    """path → first lines of its chunks that differ"""
    files: Mapping[str, str | None] = field(default_factory=dict)
    """path, current or earlier → its earlier content; None if there was none"""

    @property
    def count(self) -> int:
        """The number of chunks."""
        return sum(map(len, self.chunks.values()))


def changed(store: Store, view: str, before: Before, prefix: str, limit: int) -> Changed:
    """The chunks of a view, among the files that differ, whose lines did not occur together in any earlier file; only
    below `prefix`. Files of more than `limit` bytes are not read."""
    files = store.view_files(view)
    then = {path: blob for path, blob in before.files.items() if path.startswith(prefix)}
    apart = tuple(f"{path}/" for path in before.apart)
    differ = [
        path
        for path, key in files.items()
        if then.get(path) != split(key).blob and not path.startswith(apart)
    ]
    gone = before.gone([path for path in then if path not in files])
    contents: dict[str, str | None] = dict.fromkeys(differ)
    texts: dict[str, Text] = {}
    for path in [*differ, *gone][:MOST_FILES]:
        if path in then:
            text = _text(before, path, then[path], files.get(path, ""), limit)
            contents[path] = then[path]
            if text is not None:
                texts[path] = Text(text)
    everything = Text.together(texts.values())
    chunks: dict[str, frozenset[int]] = {}
    for path, file in _files(store, view, differ):
        found = frozenset(_new_chunks(file, texts.get(path), everything))
        if found:
            chunks[path] = found
    return Changed(before.revision, before.commit, chunks, contents | {path: then[path] for path in gone})


def _files(store: Store, view: str, paths: Sequence[str]) -> Iterator[tuple[str, FileChunks]]:
    """What the view shows of each path, several files at a time."""
    for start in range(0, len(paths), FILES_AT_ONCE):
        yield from store.files_of(view, paths[start : start + FILES_AT_ONCE]).items()


def _new_chunks(file: FileChunks, own: Text | None, everything: Text) -> Iterator[int]:
    """First lines of chunks whose text occurs neither in the file's earlier content (as often as now) nor in another
    one's."""
    texts = list(map(Text, file.texts))
    now = Counter(text.content for text in texts)
    seen: Counter[str] = Counter()
    for chunk, text in zip(file.chunks, texts, strict=True):
        seen[text.content] += 1
        if not text.rows:
            continue
        if own is not None and own.holds(text, seen[text.content]):
            continue
        if now[text.content] == 1 and everything.holds(text):
            continue  # moved here as it was
        yield chunk.start_line


def changes(store: Store, view: str, found: Changed, before: Before, limit: int) -> list[Change]:
    """The definitions that changed (the parts of one together) and those that are gone; by path and line."""
    files = store.view_files(view)
    old: dict[str, list[_Old]] = {
        path: _old(before, path, blob, files.get(path, ""), limit)
        for path, blob in found.files.items()
        if blob is not None
    }
    shown = dict(_files(store, view, list(found.files)))
    names = {path: {chunk.qualified_name for chunk in file.chunks} for path, file in shown.items()}
    then = {path: {each.change.qualified_name for each in each_old} for path, each_old in old.items()}
    moved = renamed(
        {path: defined - {""} for path, defined in then.items() if path not in files},
        {path: defined - {""} for path, defined in names.items() if path not in old},
    )
    told: list[Change] = []
    texts: list[Text] = []
    for path, file in shown.items():
        earlier = path if path in old else moved.get(path)
        known = then[earlier] if earlier is not None else set()
        told += _told(
            path, file.chunks, found.chunks.get(path, frozenset()), known, in_old=earlier is not None
        )
        if earlier is not None:
            old[earlier] = [one for one in old[earlier] if one.change.qualified_name not in names[path]]
        texts.append(Text("\n".join(file.texts)))
    everything = Text.together(texts)
    told += [one.change for path in old for one in old[path] if not everything.holds(one.body)]
    return sorted(told, key=lambda each: (each.path, each.start_line, each.how))


@dataclass(frozen=True, slots=True)
class _Old:
    """A definition as it was."""

    change: Change
    body: Text


def _old(before: Before, path: str, blob: str, key: str, limit: int) -> list[_Old]:
    from wherein.indexing.prepare import Content, cut_content

    try:
        content = Content(path, _key(blob, key), before.read(blob, limit))
    except OSError:
        return []
    text, language, chunks = cut_content(content)
    lines = text.split("\n")
    found: list[_Old] = []
    for chunk in chunks:
        name = one_form(chunk.qualified_name)
        first, last = chunk.definition or (chunk.start_line, chunk.end_line)
        above = found[-1].change if found and found[-1].change.qualified_name == name else None
        # Of a section of a document the lines are not known, nor is that of its name.
        if not chunk.symbol or (
            above and (not chunk.line or (above.start_line, above.end_line) == (first, last))
        ):
            continue  # one definition's second part
        body = Text("\n".join(lines[chunk.start_line - 1 : chunk.end_line]))
        symbol = one_form(chunk.symbol)
        found.append(_Old(Change("removed", path, first, last, symbol, name, chunk.kind, language), body))
    return found


def _told(
    path: str, chunks: Sequence[Candidate], different: frozenset[int], then: set[str], *, in_old: bool
) -> Iterator[Change]:
    """The definitions of a file that changed. Chunks must be in order of lines."""
    pieces: list[list[Candidate]] = []
    for chunk in chunks:
        if pieces and chunk.symbol and in_one(pieces[-1][-1], chunk):
            pieces[-1].append(chunk)
        else:
            pieces.append([chunk])
    for together in pieces:
        if not any(chunk.start_line in different for chunk in together):
            continue
        first, last = together[0], together[-1]
        known = first.qualified_name in then if first.symbol else in_old
        how: How = "changed" if known else "added"
        yield Change(
            how,
            path,
            first.start_line,
            last.end_line,
            first.symbol,
            first.qualified_name,
            first.kind,
            first.language,
        )


def _text(before: Before, path: str, blob: str, key: str, limit: int) -> str | None:
    """The earlier text of a file; None if it was not one to index."""
    from wherein.indexing.prepare import Content, text_of

    try:
        text = text_of(Content(path, _key(blob, key), before.read(blob, limit)))
    except OSError:
        return None
    return None if isinstance(text, SkipReason) else text


def _key(blob: str, now: str) -> str:
    """The key of a file's earlier content: read as the file is now, except for its encoding, which git does not
    store."""
    return split(now)._replace(blob=blob, encoding="").key if now else blob

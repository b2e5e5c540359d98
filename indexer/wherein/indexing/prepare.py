"""One file's bytes → the file version that a store keeps."""

import logging
from collections.abc import Sequence
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from wherein import tokens
from wherein.chunking import chunker
from wherein.chunking.chunk import Chunk
from wherein.chunking.content import skip_by_content, without_data
from wherein.chunking.decode import decode
from wherein.chunking.lines import chunk as cut_by_lines
from wherein.chunking.lines import split_lines
from wherein.chunking.outline import CLASS_KINDS
from wherein.embedding.embedder import Embedder
from wherein.errors import WhereinError
from wherein.indexing.batch_texts import TEXTS, BatchTexts
from wherein.indexing.parts import PATH_WORDS, UNSEARCHED_KINDS
from wherein.indexing.tags import KEY_FILES, SINGLE, split
from wherein.indexing.vocabulary import Vocabulary, vocabulary
from wherein.languages import registry
from wherein.languages.registry import Language
from wherein.one_form import one_form
from wherein.places import packed
from wherein.quick_dataclass import dataclass
from wherein.secrets.files import holds_secrets
from wherein.secrets.mask import mask
from wherein.skips import SkipReason
from wherein.store.protocol import ChunkRecord, Embeddings, FileVersion

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Content:
    """A file to prepare: the bytes that `blob` stands for, under the name `path`."""

    path: str
    blob: str
    data: bytes


def prepare(contents: Sequence[Content], embedder: Embedder) -> list[FileVersion]:
    """Chunk and embed files. If content keeps a file out, its version's `skip` says so."""
    known = vocabulary(embedder)
    known.begin()
    read = [_read(content, known) for content in contents]
    chunks = [chunk for file in read for chunk in file.chunks]
    if not chunks:
        return [file.version([], np.empty((0, embedder.dimension), np.float32)) for file in read]
    said = BatchTexts(
        known, np.concatenate([file.runs for file in read]), np.concatenate([file.sizes for file in read])
    )
    profiles = said.profiles(list(map(packed, chunks)))
    embeddings = said.embeddings(np.array(list(map(_is_searched, chunks))))
    versions: list[FileVersion] = []
    start = 0
    for file in read:
        end = start + len(file.chunks)
        versions.append(file.version(profiles[start:end], embeddings[start:end]))
        start = end
    return versions


@dataclass(frozen=True, slots=True)
class _File:
    content: Content
    language: str
    text: str = ""
    skip: str = ""
    chunks: Sequence[Chunk] = ()
    path_stream: str = ""
    streams: Sequence[str] = ()
    """of each chunk those of TEXTS"""
    runs: NDArray[np.intc] = field(default_factory=lambda: np.empty(0, np.intc))
    """of all these"""
    sizes: NDArray[np.intp] = field(default_factory=lambda: np.empty((0, len(TEXTS)), np.intp))
    """how many runs each text of each chunk has"""

    def version(self, profiles: Sequence[bytes], embeddings: Embeddings) -> FileVersion:
        return FileVersion(
            path=self.content.path,
            blob=self.content.blob,
            language=self.language,
            text=self.text,
            chunks=[
                _record(chunk, self.streams[at : at + len(TEXTS)], self.path_stream, profile)
                for chunk, profile, at in zip(
                    self.chunks, profiles, range(0, len(self.streams), len(TEXTS)), strict=True
                )
            ],
            embeddings=np.ascontiguousarray(embeddings),
            skip=self.skip,
        )


def _read(content: Content, known: Vocabulary) -> _File:
    text = text_of(content)
    if isinstance(text, SkipReason):
        return _File(content, registry.detect(content.path).name, skip=text)
    language = _language(content, text)
    skip = skip_by_content(content.path, text, language)
    if skip is not None:
        return _File(content, language.name, skip=skip)
    lines: Sequence[str] = split_lines(text)
    if language.chunker != "notebook":  # whose lines are JSON; its cells are read from it
        lines = without_data(text, lines)
    cut = _cut(content.path, text, language)
    runs, streams = known.numbered([said for chunk in cut.chunks for said in _texts(chunk, lines)])
    ends = known.ends(runs).reshape(-1, len(TEXTS))
    in_path = tokens.tokenize(content.path)
    # In the place of the last end, so that they are embedded with the qualified name.
    of_name = ends[list(map(_is_searched, cut.chunks)), -1]
    runs[of_name] = known.only_words(in_path.words[-PATH_WORDS:])
    note = SkipReason.UNPARSED if cut.gave_up else ""
    return _File(
        content,
        language.name,
        text,
        note,
        cut.chunks,
        " ".join(in_path.terms),
        streams,
        runs,
        np.diff(ends.ravel(), prepend=-1).reshape(ends.shape),
    )


def text_of(content: Content) -> str | SkipReason:
    """The text of a file as it is chunked: without its secrets. Or why it is left out, if its text decides that."""
    tagged = split(content.blob)
    text = decode(content.data, tagged.encoding)
    if isinstance(text, SkipReason):
        return text
    if KEY_FILES not in tagged.secrets and holds_secrets(content.path, text):
        return SkipReason.SECRET
    return text if SINGLE in tagged.secrets else mask(text, _language(content, text).name)


def cut_content(content: Content) -> tuple[str, str, Sequence[Chunk]]:
    """A file's text, language and chunks; no chunks if it is left out."""
    text = text_of(content)
    if isinstance(text, SkipReason):
        return "", registry.detect(content.path).name, ()
    language = _language(content, text)
    if skip_by_content(content.path, text, language) is not None:
        return "", language.name, ()
    return text, language.name, _cut(content.path, text, language).chunks


def _language(content: Content, text: str) -> Language:
    chosen = split(content.blob).language
    return registry.get(chosen) if chosen else registry.detect(content.path, text[: chunker.HEAD_CHARACTERS])


def _cut(path: str, text: str, language: Language) -> chunker.Cut:
    """Chunk a file. A fault of ours in one file must not keep out all others: it is logged, and that file is cut by
    lines."""
    try:
        return chunker.cut(path, text, language)
    except WhereinError:  # of the machine, not of the file
        raise
    except Exception:
        _log.exception("%s could not be cut as %s", path, language.name)
        return chunker.Cut(cut_by_lines(text, language), gave_up=True)


def _is_searched(chunk: Chunk) -> bool:
    return chunk.kind not in UNSEARCHED_KINDS


def _texts(chunk: Chunk, lines: Sequence[str]) -> tuple[str, str, str, str, str]:
    """What a chunk says: TEXTS. The fields of a class are names by which it is found, and do not say what it is: a
    chunk defines the constants of a group, but only contains a field (NDCG@10 of files .883 to .887)."""
    if chunk.kind in UNSEARCHED_KINDS:
        body = ""
    elif chunk.kind == "cell":
        body = chunk.doc  # what stands in the file is JSON around it
    else:
        body = "\n".join(lines[chunk.start_line - 1 : chunk.end_line])
    is_defined_by_all = chunk.names and chunk.kind not in CLASS_KINDS
    symbol = " ".join((chunk.symbol, *dict.fromkeys(chunk.names))) if is_defined_by_all else chunk.symbol
    return body, chunk.doc, chunk.signature, symbol, chunk.qualified_name


def _record(chunk: Chunk, streams: Sequence[str], path_stream: str, profile: bytes) -> ChunkRecord:
    body, doc, _, symbol, qualified = streams
    return ChunkRecord(
        chunk.start_line,
        chunk.end_line,
        chunk.kind,
        one_form(chunk.symbol),
        one_form(chunk.qualified_name),
        tuple(map(one_form, chunk.names)) if chunk.names else (),
        (f"{symbol} {qualified}" if symbol and qualified else symbol or qualified, path_stream, doc, body),
        profile,
    )

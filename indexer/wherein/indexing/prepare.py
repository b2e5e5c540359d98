"""One file's bytes → the file version that a store keeps."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wherein import tokens
from wherein.chunking import chunker
from wherein.chunking.chunk import Chunk
from wherein.chunking.content import skip_by_content, without_data
from wherein.chunking.decode import decode
from wherein.chunking.lines import chunk as cut_by_lines
from wherein.chunking.lines import split_lines
from wherein.embedding.embedder import Embedder
from wherein.errors import WhereinError
from wherein.indexing.tags import KEY_FILES, SINGLE, split
from wherein.languages import registry
from wherein.languages.registry import Language
from wherein.one_form import one_form
from wherein.places import packed
from wherein.profile import pack_profile
from wherein.secrets.files import holds_secrets
from wherein.secrets.mask import mask
from wherein.skips import SkipReason
from wherein.store.protocol import ChunkRecord, Embeddings, FileVersion

_log = logging.getLogger(__name__)

EMBEDDED_WORDS = 300
"""A chunk's embedding is made of at most so many words of its doc and of its body; a mean over more says less."""

UNSEARCHED_KINDS = frozenset({"output"})
"""Chunks that are shown in place but never searched: a notebook's results."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file to prepare: the bytes that `blob` stands for, under the name `path`."""

    path: str
    blob: str
    data: bytes


def prepare(contents: Sequence[Content], embedder: Embedder) -> list[FileVersion]:
    """Chunk and embed files. Content that keeps a file out is told in its version's `skip`."""
    read = [_read(content) for content in contents]
    embeddings = embedder.embed([words for file in read for words in file.words])
    versions: list[FileVersion] = []
    start = 0
    for file in read:
        end = start + len(file.words)
        versions.append(file.version(embeddings[start:end]))
        start = end
    return versions


@dataclass(frozen=True, slots=True)
class _File:
    content: Content
    language: str
    text: str
    skip: str
    chunks: list[ChunkRecord]
    words: list[list[str]]

    def version(self, embeddings: Embeddings) -> FileVersion:
        return FileVersion(
            path=self.content.path,
            blob=self.content.blob,
            language=self.language,
            text=self.text,
            chunks=self.chunks,
            embeddings=np.ascontiguousarray(embeddings),
            skip=self.skip,
        )


def _read(content: Content) -> _File:
    text = text_of(content)
    if isinstance(text, SkipReason):
        return _File(content, registry.detect(content.path).name, "", text, [], [])
    language = _language(content, text)
    skip = skip_by_content(content.path, text, language)
    if skip is not None:
        return _File(content, language.name, "", skip, [], [])
    lines: Sequence[str] = split_lines(text)
    if language.chunker != "notebook":  # whose lines are JSON; its cells are read from it
        lines = without_data(text, lines)
    in_path = tokens.tokenize(content.path)
    path_stream = " ".join(in_path.terms)
    records: list[ChunkRecord] = []
    words: list[list[str]] = []
    cut = _cut(content.path, text, language)
    for chunk in cut.chunks:
        record, embedded = _record(chunk, lines, in_path.words, path_stream)
        records.append(record)
        words.append(embedded)
    note = SkipReason.UNPARSED if cut.gave_up else ""
    return _File(content, language.name, text, note, records, words)


def text_of(content: Content) -> str | SkipReason:
    """The text of a file as it is cut: without its secrets. Why it is left out, where that is told by its text."""
    tagged = split(content.blob)
    text = decode(content.data, tagged.encoding)
    if isinstance(text, SkipReason):
        return text
    if KEY_FILES not in tagged.secrets and holds_secrets(content.path, text):
        return SkipReason.SECRET
    return text if SINGLE in tagged.secrets else mask(text)


def cut_content(content: Content) -> tuple[str, str, Sequence[Chunk]]:
    """A file's text, language and chunks; no chunks where it is left out."""
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
    """A fault of ours in one file must not keep all others out: it is logged, and that file cut by lines."""
    try:
        return chunker.cut(path, text, language)
    except WhereinError:  # of the machine, not of the file
        raise
    except Exception:
        _log.exception("%s could not be cut as %s", path, language.name)
        return chunker.Cut(cut_by_lines(text, language), gave_up=True)


def _record(
    chunk: Chunk, lines: Sequence[str], path_words: list[str], path_stream: str
) -> tuple[ChunkRecord, list[str]]:
    symbol = tokens.terms(
        " ".join((chunk.symbol, *dict.fromkeys(chunk.names))) if chunk.names else chunk.symbol
    )
    qualified = tokens.tokenize(chunk.qualified_name)
    doc = tokens.tokenize(chunk.doc, EMBEDDED_WORDS)
    if chunk.kind in UNSEARCHED_KINDS:
        body = tokens.Tokens([], [])
    elif chunk.kind == "cell":
        body = doc  # what stands in the file is JSON around it
    else:
        body = tokens.tokenize("\n".join(lines[chunk.start_line - 1 : chunk.end_line]), EMBEDDED_WORDS)
    signature = tokens.terms(chunk.signature)
    record = ChunkRecord(
        start_line=chunk.start_line,
        end_line=chunk.end_line,
        kind=chunk.kind,
        symbol=one_form(chunk.symbol),
        qualified_name=one_form(chunk.qualified_name),
        names=tuple(map(one_form, chunk.names)) if chunk.names else (),
        streams=(
            " ".join(symbol + qualified.terms),
            path_stream,
            " ".join(doc.terms),
            " ".join(body.terms),
        ),
        profile=pack_profile(
            symbol=symbol, signature=signature, doc=doc.terms, body=body.terms, numbers=packed(chunk)
        ),
    )
    embedded = [] if chunk.kind in UNSEARCHED_KINDS else _embedded(path_words, qualified.words, doc, body)
    return record, embedded


def _embedded(
    path_words: list[str], name_words: list[str], doc: tokens.Tokens, body: tokens.Tokens
) -> list[str]:
    return path_words[-4:] + name_words + doc.words + body.words

"""A chunk as it is stored in Redis: fields for what is searched, and one packed field for what is only read."""

import zlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from wherein.store.protocol import Candidate, ChunkRecord, Embeddings, FileVersion
from wherein.store.redis.chunks import profile_packing
from wherein.store.redis.summed import summed, whole
from wherein.store.redis.terms import alphabet
from wherein.store.spellings import folded_spellings

TERMS, LANGUAGE, KIND, VERSION, NAMES, VECTOR, PAYLOAD, TEXT = "t", "l", "k", "v", "n", "e", "m", "x"
"""Fields of a chunk's hash, with short names, since each chunk carries them. All terms are in one field, each once: the
server only chooses candidates, and ranking uses the profile. Keeping which of LEXICAL_FIELDS has a term, and how often,
would take 390 bytes a chunk."""

SEPARATOR = ","
"""Between the names of a chunk; `alphabet.name` never makes one."""

UNDIRECTED = "Z"
"""Beside the language of a chunk without a vector, which no search by vectors finds; `alphabet.tag` never makes it."""

DTYPES: Mapping[str, type[np.number]] = {"float16": np.float16, "float32": np.float32, "int8": np.int8}

_LARGEST = 127
"""Of int8. Only a vector's direction counts, so that each is stretched to use all of it."""

_END, _HEAD = b"\0", 7  # of each word of a payload, and how many there are before the profile

_WORDS = (
    *("function", "method", "constructor", "macro", "class", "struct", "interface", "trait", "impl", "enum"),
    *(
        "namespace",
        "type",
        "constant",
        "module",
        "section",
        "cue",
        "cell",
        "rule",
        "table",
        "key",
        "target",
        "text",
    ),
    *("python", "markdown", "javascript", "typescript", "tsx", "go", "rust", "java", "c", "cpp", "csharp"),
    *("ruby", "php", "kotlin", "swift", "scala", "haskell", "elixir", "lua", "bash", "html", "css", "json"),
    *("yaml", "toml", "rst", "zig", "xml", "sql"),
)
"""Kinds and languages that are written as one character: 12 bytes less a chunk. Their order is a part of what is
stored."""

_SHORT = {word: chr(1 + number) for number, word in enumerate(_WORDS)}
_LONG = {short: word for word, short in _SHORT.items()}

_WHOLE = "\n"
"""Marks a qualified name that does not end with the symbol; of others only the part before the symbol is kept."""

DEFLATE_LEVEL, DEFLATE_WINDOW, DEFLATE_MEMORY = 4, -12, 5
"""Of a chunk's text: without a header, and with a window of 4 kB, which is set up in a fifth of the time that 32 kB
take (14 us a chunk for 55)."""


def fields(
    file: FileVersion, version: str, record: ChunkRecord, embedding: bytes | None
) -> dict[str, str | bytes]:
    """The fields of a chunk but its text; `embedding` is a `vector`."""
    values: dict[str, str | bytes] = {TERMS: " ".join(terms(record))}
    names = folded_spellings(record.symbol, record.qualified_name, record.names)
    if names:
        values[NAMES] = SEPARATOR.join({alphabet.name(name) for name in names})
    values |= _tags(file.language, record.kind, version, directed=embedding is not None)
    values[PAYLOAD] = _pack(file, record)
    if embedding is not None:
        values[VECTOR] = embedding
    return values


def terms(record: ChunkRecord) -> Iterable[str]:
    """The distinct terms of a chunk, as the server keeps them."""
    return dict.fromkeys(map(alphabet.term, " ".join(record.streams).split()))


def tags(found: Candidate, version: str, *, directed: bool) -> dict[str, str]:
    """Those fields of a chunk that follow from its payload, its version, and whether it has a vector."""
    return _tags(found.language, found.kind, version, directed=directed)


def _tags(language: str, kind: str, version: str, *, directed: bool) -> dict[str, str]:
    languages = alphabet.tag(language) if directed else f"{alphabet.tag(language)}{SEPARATOR}{UNDIRECTED}"
    return {LANGUAGE: languages, KIND: alphabet.tag(kind), VERSION: version_tag(version)}


def packed_text(lines: Sequence[str]) -> bytes:
    """The lines of a chunk as they are stored."""
    deflating = zlib.compressobj(DEFLATE_LEVEL, zlib.DEFLATED, DEFLATE_WINDOW, DEFLATE_MEMORY)
    return summed(deflating.compress("\n".join(lines).encode("utf-8", "replace")) + deflating.flush())


def text(packed: bytes) -> str:
    """The reverse of `packed_text`. Any error means that it is not as it was written."""
    return zlib.decompress(whole(packed), DEFLATE_WINDOW).decode()


def version_tag(version: str) -> str:
    """A version in a TAG field: begins with a letter, so that none looks like a number."""
    return f"V{version}"


def vector(embedding: Embeddings, kind: str) -> bytes | None:
    """A vector as the index takes it; None for one without a direction, which would spoil a graph."""
    if not embedding.any() or not np.isfinite(embedding).all():
        return None
    if kind == "int8":
        embedding = np.rint(embedding * (_LARGEST / np.abs(embedding).max()))
    return embedding.astype(DTYPES[kind]).tobytes()


def embedding(raw: bytes | None, kind: str, dimension: int) -> Embeddings:
    """The reverse of `vector`: shape (dimension,), of length 1 or all zero."""
    if raw is None:
        return np.zeros(dimension, np.float32)
    floats = np.frombuffer(raw, DTYPES[kind]).astype(np.float32)
    norm = float(np.linalg.norm(floats))
    return floats / norm if norm else floats


def candidate(id: str, payload: bytes, path: str, blob: str) -> Candidate:
    """What ranking needs, from a chunk's payload and the file that it is of. Any error means that the payload is not as
    it was written."""
    *words, profile = whole(payload).split(_END, _HEAD)
    start, lines, kind, symbol, before, names, language = (
        word.decode("utf-8", "surrogateescape") for word in words
    )
    qualified = before[1:] if before.startswith(_WHOLE) else before + symbol
    return Candidate(
        id,
        path,
        blob,
        int(start),
        int(start) + int(lines),
        _LONG.get(kind, kind),
        symbol,
        qualified,
        tuple(names.split("\n")) if names else (),
        _LONG.get(language, language),
        profile_packing.unpacked(profile),
    )


def _pack(file: FileVersion, record: ChunkRecord) -> bytes:
    before = record.qualified_name.removesuffix(record.symbol)
    if before.startswith(_WHOLE) or before + record.symbol != record.qualified_name or "\0" in record.symbol:
        before = _WHOLE + record.qualified_name
    words = (
        *(str(record.start_line), str(record.end_line - record.start_line)),
        *(_SHORT.get(record.kind, record.kind), record.symbol, before),
        "\n".join(" ".join(name.split("\n")) for name in record.names),
        _SHORT.get(file.language, file.language),
    )
    head = [word.replace("\0", "").encode("utf-8", "replace") for word in words]
    return summed(_END.join((*head, profile_packing.packed(record.profile))))

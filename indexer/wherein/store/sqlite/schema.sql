-- The index of one repository. Paths, view names and the identity are bytes: git's names need not be UTF-8.
-- Raise SCHEMA in store/header.py with every change here. No semicolon may stand inside a statement or a comment.

CREATE TABLE identity (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    repository BLOB NOT NULL,
    schema INTEGER NOT NULL,
    chunker TEXT NOT NULL,
    tokenizer TEXT NOT NULL,
    model TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    -- another number for each file that was ever made, so that an id of another one is told
    made INTEGER NOT NULL,
    -- another number whenever rows were deleted: what readers hold in memory can then not be topped up
    epoch INTEGER NOT NULL,
    -- ids of chunks are never given twice, so that an old id finds nothing instead of something else
    next_chunk INTEGER NOT NULL,
    -- one more with each transaction, so that a log that is older than its file, or lost, is told
    commits INTEGER NOT NULL
) STRICT;

CREATE TABLE path (
    id INTEGER PRIMARY KEY,
    name BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE content (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE
) STRICT;

-- A text in pieces of whole lines, so that a chunk is read without inflating all of its file.
CREATE TABLE frame (
    content INTEGER NOT NULL REFERENCES content,
    first_line INTEGER NOT NULL,
    -- UTF-8, deflated
    data BLOB NOT NULL,
    PRIMARY KEY (content, first_line)
) STRICT;

-- The chunks of a version have consecutive ids, in order of their lines.
CREATE TABLE version (
    id INTEGER PRIMARY KEY,
    path INTEGER NOT NULL REFERENCES path,
    blob TEXT NOT NULL,
    language TEXT NOT NULL,
    skip TEXT NOT NULL,
    content INTEGER NOT NULL REFERENCES content,
    first_chunk INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    -- how many all its chunks have in all fields together
    terms INTEGER NOT NULL,
    UNIQUE (path, blob)
) STRICT;

CREATE TABLE chunk (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL REFERENCES version,
    start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    symbol TEXT NOT NULL,
    qualified_name TEXT NOT NULL,
    -- one a line
    names TEXT NOT NULL,
    profile BLOB NOT NULL
) STRICT;

CREATE INDEX chunk_by_kind ON chunk (kind);

-- The embeddings of a version: one int8 row a chunk.
CREATE TABLE vectors (
    version INTEGER PRIMARY KEY REFERENCES version,
    first_chunk INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;

CREATE TABLE name (
    folded TEXT NOT NULL,
    chunk INTEGER NOT NULL REFERENCES chunk,
    PRIMARY KEY (folded, chunk)
) STRICT, WITHOUT ROWID;

CREATE TABLE view (
    id INTEGER PRIMARY KEY,
    name BLOB NOT NULL UNIQUE,
    head TEXT,
    complete INTEGER NOT NULL,
    updated REAL NOT NULL
) STRICT;

CREATE TABLE shown (
    view INTEGER NOT NULL REFERENCES view,
    path INTEGER NOT NULL REFERENCES path,
    version INTEGER NOT NULL REFERENCES version,
    PRIMARY KEY (view, path)
) STRICT, WITHOUT ROWID;

-- Our tokenizer has been at work: `ascii` splits at blanks and leaves every other letter alone.
-- detail=full, for without positions or content bm25() answers 0 for every chunk. No columnsize: see lexical.py.
CREATE VIRTUAL TABLE lexical USING fts5 (
    symbol, path, doc, body,
    content = '', detail = full, columnsize = 0, tokenize = 'ascii'
);

CREATE VIRTUAL TABLE term USING fts5vocab (lexical, row);

CREATE VIRTUAL TABLE posting USING fts5vocab (lexical, instance)

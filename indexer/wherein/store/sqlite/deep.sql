-- The deep tier, made with its first vector: an index without one is of the same schema. No semicolon inside a statement.

CREATE TABLE IF NOT EXISTS deep_model (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    dimension INTEGER NOT NULL,
    setting TEXT NOT NULL,
    used REAL NOT NULL
) STRICT;

-- One int8 row for each text that was embedded.
CREATE TABLE IF NOT EXISTS deep_vector (
    id INTEGER PRIMARY KEY,
    model INTEGER NOT NULL REFERENCES deep_model,
    content BLOB NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (model, content)
) STRICT;

-- Which of them a chunk has. Readers follow it by its id.
CREATE TABLE IF NOT EXISTS deep_chunk (
    id INTEGER PRIMARY KEY,
    model INTEGER NOT NULL REFERENCES deep_model,
    chunk INTEGER NOT NULL,
    vector INTEGER NOT NULL REFERENCES deep_vector,
    UNIQUE (chunk, model)
) STRICT;

-- Views of which every chunk had a vector once.
CREATE TABLE IF NOT EXISTS deep_whole (
    view BLOB NOT NULL,
    model INTEGER NOT NULL REFERENCES deep_model,
    noted REAL NOT NULL,
    PRIMARY KEY (view, model)
) STRICT, WITHOUT ROWID

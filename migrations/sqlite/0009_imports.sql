-- +goose Up
-- A file waiting for its reader to say how the columns are meant.
CREATE TABLE uploads (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    file_hash BLOB NOT NULL,
    body BLOB NOT NULL,
    choice TEXT NOT NULL,
    made_by INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;

-- A file that went in. The key refuses the same file a second time.
CREATE TABLE imports (
    village_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    file_hash BLOB NOT NULL,
    name TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    made_by INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    op_id BLOB NOT NULL,
    PRIMARY KEY (village_id, kind, file_hash)
) STRICT, WITHOUT ROWID;

-- +goose Up
-- A closed quarter: the sheet as it stood, which never changes again.
CREATE TABLE returns (
    village_id INTEGER NOT NULL,
    quarter INTEGER NOT NULL,
    state TEXT NOT NULL,
    sheet TEXT NOT NULL,
    code TEXT NOT NULL,
    closed_at INTEGER NOT NULL,
    closed_by INTEGER NOT NULL,
    PRIMARY KEY (village_id, quarter)
) STRICT, WITHOUT ROWID;

-- Sheets that left the house with a check code: what they were, for whoever
-- verifies the code.
CREATE TABLE documents (
    code TEXT NOT NULL,
    area_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL,
    PRIMARY KEY (code)
) STRICT, WITHOUT ROWID;
CREATE INDEX documents_area ON documents (area_id, made_at);

-- +goose Up
-- Photos as we drew them anew: no metadata, bounded pixels and bytes.
CREATE TABLE photos (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL DEFAULT 0,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size INTEGER NOT NULL,
    file_hash BLOB NOT NULL,
    body BLOB NOT NULL,
    made_by INTEGER NOT NULL DEFAULT 0,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX photos_subject ON photos (village_id, subject_id);

-- What a village's photos weigh, kept under the same transaction: its quota.
CREATE TABLE photo_sums (
    village_id INTEGER NOT NULL,
    size INTEGER NOT NULL,
    photos INTEGER NOT NULL,
    PRIMARY KEY (village_id)
) STRICT;

-- Proportions for the planner, as in step 10.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('photos', 'photos', '200000 4000 1'),
    ('photos', 'photos_subject', '200000 4000 2');
ANALYZE sqlite_schema;

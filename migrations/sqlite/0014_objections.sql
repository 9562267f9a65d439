-- +goose Up
-- What people object to, and how it was decided. look_hash finds one by its look-up
-- code; result_id is the claim that came of it. against_id is the account whose act
-- it is about; above: the village did not or cannot decide it, the township may.
CREATE TABLE objections (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    number INTEGER NOT NULL,
    about TEXT NOT NULL,
    subject_id INTEGER NOT NULL DEFAULT 0,
    award_id INTEGER NOT NULL DEFAULT 0,
    household_id INTEGER NOT NULL DEFAULT 0,
    for_household INTEGER NOT NULL DEFAULT 0,
    against_id INTEGER NOT NULL DEFAULT 0,
    way TEXT NOT NULL,
    text TEXT NOT NULL,
    contact_sealed BLOB NULL,
    look_hash BLOB NULL,
    state TEXT NOT NULL,
    assigned_to INTEGER NOT NULL DEFAULT 0,
    above INTEGER NOT NULL DEFAULT 0,
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    heard TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    decided_at INTEGER NOT NULL DEFAULT 0,
    decided_by INTEGER NOT NULL DEFAULT 0,
    appealed_at INTEGER NOT NULL DEFAULT 0,
    appeal_text TEXT NOT NULL DEFAULT '',
    appeal_due INTEGER NOT NULL DEFAULT 0,
    appeal_outcome TEXT NOT NULL DEFAULT '',
    appeal_reason TEXT NOT NULL DEFAULT '',
    appeal_at INTEGER NOT NULL DEFAULT 0,
    appeal_by INTEGER NOT NULL DEFAULT 0,
    result_id INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX objections_number ON objections (village_id, year, number);
CREATE INDEX objections_award ON objections (village_id, award_id);
CREATE INDEX objections_state ON objections (state, due_at);
CREATE UNIQUE INDEX objections_look ON objections (look_hash);

CREATE TABLE objection_notes (
    village_id INTEGER NOT NULL,
    objection_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor_id INTEGER NOT NULL DEFAULT 0,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (village_id, objection_id, n)
) STRICT, WITHOUT ROWID;

-- Proportions for the planner, as in step 10.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('objections', 'objections', '20000 400 1'),
    ('objections', 'objections_number', '20000 400 130 1'),
    ('objections', 'objections_award', '20000 400 2'),
    ('objections', 'objections_state', '20000 4000 2'),
    ('objections', 'objections_look', '20000 1');
ANALYZE sqlite_schema;

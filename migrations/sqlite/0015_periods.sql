-- +goose Up
-- Off unless a village's meeting switches it on.
ALTER TABLE villages ADD COLUMN black_list INTEGER NOT NULL DEFAULT 0;

-- left_as: why somebody is no longer of the household; empty for having moved.
ALTER TABLE members ADD COLUMN left_as TEXT NOT NULL DEFAULT '';

-- Points that a village resolved to clear: nothing happens before the notice hung its
-- thirty days and people could exchange.
CREATE TABLE clearings (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    resolution TEXT NOT NULL,
    resolved_on TEXT NOT NULL,
    as_of TEXT NOT NULL,
    keep INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    notice_id INTEGER NOT NULL DEFAULT 0,
    households INTEGER NOT NULL DEFAULT 0,
    points INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL DEFAULT 0,
    done_at INTEGER NOT NULL DEFAULT 0,
    session_from TEXT NOT NULL DEFAULT '',
    session_until TEXT NOT NULL DEFAULT '',
    undo_asked_at INTEGER NOT NULL DEFAULT 0,
    undo_asked_by INTEGER NOT NULL DEFAULT 0,
    undo_reason TEXT NOT NULL DEFAULT '',
    undo_answer TEXT NOT NULL DEFAULT '',
    undone_at INTEGER NOT NULL DEFAULT 0,
    undone_by INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cleared (
    village_id INTEGER NOT NULL,
    clearing_id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    points INTEGER NOT NULL,
    entry_seq INTEGER NOT NULL DEFAULT 0,
    skipped TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, clearing_id, household_id)
) STRICT, WITHOUT ROWID;

-- Honours suspended, dated and appealable; rights and points are untouched.
CREATE TABLE suspensions (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    basis TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    appeal_until TEXT NOT NULL,
    told_on TEXT NOT NULL,
    told_how TEXT NOT NULL DEFAULT '',
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL DEFAULT 0,
    lifted_at INTEGER NOT NULL DEFAULT 0,
    lifted_by INTEGER NOT NULL DEFAULT 0,
    lifted_reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX suspensions_household ON suspensions (village_id, household_id);

-- Who stands on the red list, by consent, and on a black list where a village has one.
CREATE TABLE showings (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    list TEXT NOT NULL,
    household_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    reason TEXT NOT NULL,
    consent TEXT NOT NULL DEFAULT '',
    consent_on TEXT NOT NULL DEFAULT '',
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    dropped_at INTEGER NOT NULL DEFAULT 0,
    dropped_by INTEGER NOT NULL DEFAULT 0,
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX showings_household ON showings (village_id, household_id);

-- Proportions for the planner, as in step 10.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('suspensions', 'suspensions', '500 10 1'),
    ('suspensions', 'suspensions_household', '500 10 1'),
    ('showings', 'showings', '5000 100 1'),
    ('showings', 'showings_household', '5000 100 2');
ANALYZE sqlite_schema;

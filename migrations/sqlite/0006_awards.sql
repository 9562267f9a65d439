-- +goose Up
-- One table, one state machine: noticed, posted, frozen, refused, withdrawn.
CREATE TABLE awards (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL DEFAULT 0,
    version_id INTEGER NOT NULL,
    rule_id INTEGER NOT NULL,
    category_id INTEGER NOT NULL,
    act_date TEXT NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 100,
    points INTEGER NOT NULL,
    honour INTEGER NOT NULL,
    state TEXT NOT NULL,
    private INTEGER NOT NULL DEFAULT 0,
    late INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    note_salt BLOB NULL,
    recorder_id INTEGER NOT NULL DEFAULT 0,
    recorder_role TEXT NOT NULL DEFAULT '',
    recorded_at INTEGER NOT NULL,
    notice_id INTEGER NOT NULL DEFAULT 0,
    entry_seq INTEGER NOT NULL DEFAULT 0,
    op_id BLOB NOT NULL,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX awards_household ON awards (village_id, household_id, act_date);
CREATE INDEX awards_notice ON awards (village_id, notice_id, state, household_id);

-- Old balances carried over under a resolution of the village.
CREATE TABLE carryovers (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    resolution TEXT NOT NULL,
    as_of TEXT NOT NULL,
    households INTEGER NOT NULL,
    points INTEGER NOT NULL,
    honour INTEGER NOT NULL,
    posted_at INTEGER NOT NULL,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE notices (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    year INTEGER NOT NULL,
    kind TEXT NOT NULL DEFAULT 'award',
    title TEXT NOT NULL,
    days INTEGER NOT NULL,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL DEFAULT 0,
    hung_at INTEGER NOT NULL DEFAULT 0,
    hung_where TEXT NOT NULL DEFAULT '',
    hung_by INTEGER NOT NULL DEFAULT 0,
    ends_at INTEGER NOT NULL DEFAULT 0,
    closed_at INTEGER NOT NULL DEFAULT 0,
    digest BLOB NULL,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX notices_number ON notices (village_id, year, number);
CREATE INDEX notices_state ON notices (state, ends_at);

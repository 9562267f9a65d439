-- +goose Up
-- way: how the award came in; source_id: the round, slip, objection or month behind it.
-- due_at: when the present step runs out. above: the township decides.
ALTER TABLE awards ADD COLUMN way TEXT NOT NULL DEFAULT '';
ALTER TABLE awards ADD COLUMN source_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE awards ADD COLUMN meeting_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE awards ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE awards ADD COLUMN above INTEGER NOT NULL DEFAULT 0;
ALTER TABLE awards ADD COLUMN band TEXT NOT NULL DEFAULT '';

-- What was recorded lately, for whoever watches the records.
CREATE INDEX awards_recorded ON awards (village_id, recorded_at);

-- What was done to an award, step by step; rows are only added.
CREATE TABLE award_steps (
    village_id INTEGER NOT NULL,
    award_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    step TEXT NOT NULL,
    outcome TEXT NOT NULL,
    actor_id INTEGER NOT NULL DEFAULT 0,
    role TEXT NOT NULL DEFAULT '',
    meeting_id INTEGER NOT NULL DEFAULT 0,
    quantity INTEGER NOT NULL DEFAULT 0,
    points INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL,
    PRIMARY KEY (village_id, award_id, n)
) STRICT, WITHOUT ROWID;

-- Review meetings; present is the list of those present, as JSON.
CREATE TABLE meetings (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    year INTEGER NOT NULL,
    held_on TEXT NOT NULL,
    place TEXT NOT NULL DEFAULT '',
    chair TEXT NOT NULL DEFAULT '',
    present TEXT NOT NULL,
    state TEXT NOT NULL,
    resolution TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL DEFAULT 0,
    closed_at INTEGER NOT NULL DEFAULT 0,
    closed_by INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX meetings_number ON meetings (village_id, year, number);

-- What a meeting decided, so that its sheet is found without walking the awards.
CREATE TABLE meeting_awards (
    village_id INTEGER NOT NULL,
    meeting_id INTEGER NOT NULL,
    award_id INTEGER NOT NULL,
    PRIMARY KEY (village_id, meeting_id, award_id)
) STRICT, WITHOUT ROWID;

-- Inspection rounds: choices says what each result is worth, under which rule, as JSON.
CREATE TABLE rounds (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    day TEXT NOT NULL,
    choices TEXT NOT NULL,
    team TEXT NOT NULL DEFAULT '',
    grid_id INTEGER NOT NULL DEFAULT 0,
    group_no INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL DEFAULT 0,
    closed_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;

-- One door of a round. marked_at is the phone's word, sent_at ours.
CREATE TABLE marks (
    village_id INTEGER NOT NULL,
    round_id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    result TEXT NOT NULL,
    score INTEGER NOT NULL DEFAULT 0,
    faults TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    award_id INTEGER NOT NULL DEFAULT 0,
    account_id INTEGER NOT NULL DEFAULT 0,
    marked_at INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    op_id BLOB NOT NULL,
    PRIMARY KEY (village_id, round_id, household_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX marks_household ON marks (village_id, household_id, round_id);

-- Numbered paper slips: each is keyed in once or declared void.
CREATE TABLE slips (
    village_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    printed_at INTEGER NOT NULL,
    printed_by INTEGER NOT NULL DEFAULT 0,
    used_at INTEGER NOT NULL DEFAULT 0,
    used_by INTEGER NOT NULL DEFAULT 0,
    award_id INTEGER NOT NULL DEFAULT 0,
    void_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, number)
) STRICT, WITHOUT ROWID;

-- Which grids or groups a grid worker or group leader looks after.
CREATE TABLE duties (
    village_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    grid_id INTEGER NOT NULL DEFAULT 0,
    group_no INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, account_id, grid_id, group_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX duties_account ON duties (account_id);

-- Proportions for the planner, as in step 10.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('awards', 'awards_recorded', '5000000 100000 20'),
    ('marks', 'marks', '2000000 40000 200 1'),
    ('marks', 'marks_household', '2000000 40000 130 1'),
    ('duties', 'duties', '500 10 2 1 1'),
    ('duties', 'duties_account', '500 2'),
    ('meetings', 'meetings', '2000 40 1'),
    ('meetings', 'meetings_number', '2000 40 12 1');
ANALYZE sqlite_schema;

-- +goose Up
-- witness_id: the second person of a confirmation face to face. read_out: the receipt
-- was read to a holder who does not read. slip_no: keyed in from paper.
ALTER TABLE redemptions ADD COLUMN witness_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE redemptions ADD COLUMN read_out INTEGER NOT NULL DEFAULT 0;
ALTER TABLE redemptions ADD COLUMN proxy_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE redemptions ADD COLUMN slip_no INTEGER NOT NULL DEFAULT 0;
ALTER TABLE redemptions ADD COLUMN late INTEGER NOT NULL DEFAULT 0;

-- The highest number printed on a blank sales slip: no number is printed twice.
ALTER TABLE villages ADD COLUMN slip_printed INTEGER NOT NULL DEFAULT 0;

-- Who may fetch goods for a household.
CREATE TABLE proxies (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    relation TEXT NOT NULL,
    limit_points INTEGER NOT NULL DEFAULT 0,
    once INTEGER NOT NULL DEFAULT 0,
    until_day TEXT NOT NULL DEFAULT '',
    used_at INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER NOT NULL DEFAULT 0,
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX proxies_household ON proxies (village_id, household_id);

-- How the household confirms at the counter; empty: whatever it has.
ALTER TABLE households ADD COLUMN confirm TEXT NOT NULL DEFAULT '';

-- 抽查: a seeded sample of redemptions that households are asked about.
CREATE TABLE checks (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    size INTEGER NOT NULL,
    population INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL DEFAULT 0,
    closed_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE check_lines (
    village_id INTEGER NOT NULL,
    check_id INTEGER NOT NULL,
    redemption_id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    answered_by INTEGER NOT NULL DEFAULT 0,
    answered_at INTEGER NOT NULL DEFAULT 0,
    objection_id INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, check_id, redemption_id)
) STRICT, WITHOUT ROWID;

-- Numbered slips written while there was no power; each becomes one redemption.
CREATE TABLE paper_sales (
    village_id INTEGER NOT NULL,
    slip_no INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    counter_id INTEGER NOT NULL,
    day TEXT NOT NULL,
    points INTEGER NOT NULL,
    cart TEXT NOT NULL,
    state TEXT NOT NULL,
    trouble TEXT NOT NULL DEFAULT '',
    redemption_id INTEGER NOT NULL DEFAULT 0,
    keyed_at INTEGER NOT NULL,
    keyed_by INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, slip_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX paper_sales_state ON paper_sales (village_id, state);

-- Proportions for the planner, as in step 10.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('proxies', 'proxies', '20000 400 1'),
    ('proxies', 'proxies_household', '20000 400 2'),
    ('paper_sales', 'paper_sales', '50000 1000 1'),
    ('paper_sales', 'paper_sales_state', '50000 1000 300');
ANALYZE sqlite_schema;

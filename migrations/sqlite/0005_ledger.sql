-- +goose Up
CREATE TABLE passbooks (
    village_id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    balance INTEGER NOT NULL DEFAULT 0,
    honour INTEGER NOT NULL DEFAULT 0,
    gift INTEGER NOT NULL DEFAULT 0,
    seq INTEGER NOT NULL DEFAULT 0,
    awards INTEGER NOT NULL DEFAULT 0,
    first_month INTEGER NOT NULL DEFAULT 0,
    head BLOB NOT NULL,
    PRIMARY KEY (village_id, household_id)
) STRICT, WITHOUT ROWID;

-- The key orders the chain, guards it and serves the passbook. Rows are only
-- ever added.
CREATE TABLE entries (
    village_id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    points INTEGER NOT NULL,
    honour INTEGER NOT NULL,
    balance INTEGER NOT NULL,
    fen INTEGER NOT NULL,
    category_id INTEGER NOT NULL,
    month INTEGER NOT NULL,
    act_date TEXT NOT NULL,
    late INTEGER NOT NULL,
    posted_at INTEGER NOT NULL,
    cause INTEGER NOT NULL,
    op_id BLOB NOT NULL,
    digest BLOB NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (village_id, household_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_month ON entries (village_id, month);

-- At most one correction each, by key.
CREATE TABLE reversals (
    village_id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    by_seq INTEGER NOT NULL,
    reason TEXT NOT NULL,
    salt BLOB NOT NULL,
    PRIMARY KEY (village_id, household_id, seq)
) STRICT, WITHOUT ROWID;

-- Up to and with this month a village takes no more entries.
CREATE TABLE periods (
    village_id INTEGER NOT NULL,
    closed_month INTEGER NOT NULL,
    PRIMARY KEY (village_id)
) STRICT;

CREATE TABLE household_months (
    village_id INTEGER NOT NULL,
    month INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    earned INTEGER NOT NULL,
    deducted INTEGER NOT NULL,
    spent INTEGER NOT NULL,
    acts INTEGER NOT NULL,
    visits INTEGER NOT NULL,
    PRIMARY KEY (village_id, month, household_id)
) STRICT, WITHOUT ROWID;

-- One row per instance (slot), so that instances of a cluster never meet in it;
-- readers sum the slots. Category 0 holds exchange and everything that is no
-- conduct.
CREATE TABLE village_months (
    village_id INTEGER NOT NULL,
    month INTEGER NOT NULL,
    category_id INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    earned INTEGER NOT NULL,
    deducted INTEGER NOT NULL,
    acts INTEGER NOT NULL,
    late INTEGER NOT NULL,
    earned_fen INTEGER NOT NULL,
    spent INTEGER NOT NULL,
    spent_fen INTEGER NOT NULL,
    visits INTEGER NOT NULL,
    PRIMARY KEY (village_id, month, category_id, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE seals (
    village_id INTEGER NOT NULL,
    day TEXT NOT NULL,
    hash BLOB NOT NULL,
    operations INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    sealed_at INTEGER NOT NULL,
    PRIMARY KEY (village_id, day)
) STRICT, WITHOUT ROWID;

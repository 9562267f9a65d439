-- +goose Up
-- kind: own, mobile (兑换日 in a hamlet) or allied (a private shop, settled monthly).
ALTER TABLE counters ADD COLUMN kind TEXT NOT NULL DEFAULT 'own';
ALTER TABLE counters ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE counters ADD COLUMN keeper TEXT NOT NULL DEFAULT '';
ALTER TABLE counters ADD COLUMN phone_sealed BLOB NULL;

-- Posters that were replaced: who scans one learns that it is no longer good.
CREATE TABLE dead_posters (
    poster_hash BLOB NOT NULL,
    village_id INTEGER NOT NULL,
    counter_id INTEGER NOT NULL,
    poster_no INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    PRIMARY KEY (poster_hash)
) STRICT, WITHOUT ROWID;

-- Announced opening sessions (兑换日).
CREATE TABLE plans (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    counter_id INTEGER NOT NULL,
    day TEXT NOT NULL,
    from_time TEXT NOT NULL,
    until_time TEXT NOT NULL,
    place TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    opening_id INTEGER NOT NULL DEFAULT 0,
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX plans_day ON plans (village_id, day);

ALTER TABLE openings ADD COLUMN plan_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE openings ADD COLUMN state TEXT NOT NULL DEFAULT '';
ALTER TABLE openings ADD COLUMN counted_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE openings ADD COLUMN counted_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE openings ADD COLUMN signed_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE openings ADD COLUMN signed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE openings ADD COLUMN approved_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE openings ADD COLUMN approved_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE openings ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE openings ADD COLUMN paper_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE openings ADD COLUMN face_points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE openings ADD COLUMN fen INTEGER NOT NULL DEFAULT 0;

-- What lay on the shelf when an opening began, what was handed over for how many
-- points, what should be left at its end and what was. counted is -1 until somebody
-- has counted. lot 0: the item as a whole.
CREATE TABLE opening_counts (
    village_id INTEGER NOT NULL,
    opening_id INTEGER NOT NULL,
    goods_id INTEGER NOT NULL,
    lot_id INTEGER NOT NULL DEFAULT 0,
    opened INTEGER NOT NULL DEFAULT 0,
    handed INTEGER NOT NULL DEFAULT 0,
    points INTEGER NOT NULL DEFAULT 0,
    expected INTEGER NOT NULL DEFAULT 0,
    counted INTEGER NOT NULL DEFAULT -1,
    PRIMARY KEY (village_id, opening_id, goods_id, lot_id)
) STRICT, WITHOUT ROWID;

-- What an allied shop is owed for a month: goods × cost, agreed, signed, paid.
CREATE TABLE settlements (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    counter_id INTEGER NOT NULL,
    month INTEGER NOT NULL,
    state TEXT NOT NULL,
    visits INTEGER NOT NULL DEFAULT 0,
    points INTEGER NOT NULL DEFAULT 0,
    fen INTEGER NOT NULL DEFAULT 0,
    dispute TEXT NOT NULL DEFAULT '',
    answer TEXT NOT NULL DEFAULT '',
    signed_on TEXT NOT NULL DEFAULT '',
    signed_by INTEGER NOT NULL DEFAULT 0,
    paid_on TEXT NOT NULL DEFAULT '',
    paid_how TEXT NOT NULL DEFAULT '',
    fund_id INTEGER NOT NULL DEFAULT 0,
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL DEFAULT 0,
    digest BLOB NULL,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX settlements_month ON settlements (village_id, counter_id, month);

-- undone: taken off again, because receipts of an earlier statement became void.
CREATE TABLE settlement_lines (
    village_id INTEGER NOT NULL,
    settlement_id INTEGER NOT NULL,
    goods_id INTEGER NOT NULL,
    price_fen INTEGER NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    qty INTEGER NOT NULL,
    points INTEGER NOT NULL,
    fen INTEGER NOT NULL,
    PRIMARY KEY (village_id, settlement_id, goods_id, price_fen, undone)
) STRICT, WITHOUT ROWID;

-- The redemptions behind the lines: each is counted once, and taken off at most once.
CREATE TABLE settlement_visits (
    village_id INTEGER NOT NULL,
    redemption_id INTEGER NOT NULL,
    undone INTEGER NOT NULL,
    settlement_id INTEGER NOT NULL,
    PRIMARY KEY (village_id, redemption_id, undone)
) STRICT, WITHOUT ROWID;
CREATE INDEX settlement_visits_settlement ON settlement_visits (village_id, settlement_id);

-- Proportions for the planner, as in step 10.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('plans', 'plans', '5000 100 1'),
    ('plans', 'plans_day', '5000 100 1'),
    ('settlements', 'settlements', '5000 100 1'),
    ('settlements', 'settlements_month', '5000 100 12 1'),
    ('settlement_visits', 'settlement_visits', '100000 2000 1 1'),
    ('settlement_visits', 'settlement_visits_settlement', '100000 2000 60');
ANALYZE sqlite_schema;

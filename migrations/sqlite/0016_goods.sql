-- +goose Up
-- catalogue_id: the county's item it was taken from. min_balance: what a household must
-- have before it may take one. limit_qty per limit_period and limit_per. low_at: warn
-- below. shelf_life in days, 0 for none. lots: some of it may lie in lots other than 0.
ALTER TABLE goods ADD COLUMN catalogue_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE goods ADD COLUMN min_balance INTEGER NOT NULL DEFAULT 0;
ALTER TABLE goods ADD COLUMN limit_qty INTEGER NOT NULL DEFAULT 0;
ALTER TABLE goods ADD COLUMN limit_period TEXT NOT NULL DEFAULT '';
ALTER TABLE goods ADD COLUMN limit_per TEXT NOT NULL DEFAULT 'household';
ALTER TABLE goods ADD COLUMN low_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE goods ADD COLUMN shelf_life INTEGER NOT NULL DEFAULT 0;
ALTER TABLE goods ADD COLUMN lots INTEGER NOT NULL DEFAULT 0;
ALTER TABLE goods ADD COLUMN picture_id INTEGER NOT NULL DEFAULT 0;

ALTER TABLE prices ADD COLUMN until_day TEXT NOT NULL DEFAULT '';

-- One delivery of an item with one expiry and one giver; lot 0 is what was there
-- before lots were kept.
CREATE TABLE lots (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    goods_id INTEGER NOT NULL,
    number TEXT NOT NULL DEFAULT '',
    made_on TEXT NOT NULL DEFAULT '',
    expires_on TEXT NOT NULL DEFAULT '',
    cost_fen INTEGER NOT NULL DEFAULT 0,
    paper_id INTEGER NOT NULL DEFAULT 0,
    fund_id INTEGER NOT NULL DEFAULT 0,
    donor TEXT NOT NULL DEFAULT '',
    received INTEGER NOT NULL DEFAULT 0,
    closed_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lots_goods ON lots (village_id, goods_id, expires_on);

-- 微心愿: what people ask for and the shop may buy to order.
CREATE TABLE wishes (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    goods_id INTEGER NOT NULL DEFAULT 0,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    way TEXT NOT NULL DEFAULT '',
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL DEFAULT 0,
    answered_at INTEGER NOT NULL DEFAULT 0,
    answered_by INTEGER NOT NULL DEFAULT 0,
    redemption_id INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX wishes_household ON wishes (village_id, household_id);
CREATE INDEX wishes_state ON wishes (village_id, state);

-- Proportions for the planner, as in step 10.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('lots', 'lots', '100000 2000 1'),
    ('lots', 'lots_goods', '100000 2000 30 4'),
    ('wishes', 'wishes', '20000 400 1'),
    ('wishes', 'wishes_household', '20000 400 2'),
    ('wishes', 'wishes_state', '20000 400 80');
ANALYZE sqlite_schema;

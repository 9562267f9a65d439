-- +goose Up
ALTER TABLE movements ADD COLUMN paper_id INTEGER NOT NULL DEFAULT 0;

-- Stock documents with numbers: purchase, donation, transfer, count, damage, expiry.
-- Stock moves when the document takes effect, never before.
CREATE TABLE papers (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    counter_id INTEGER NOT NULL DEFAULT 0,
    other_id INTEGER NOT NULL DEFAULT 0,
    fund_id INTEGER NOT NULL DEFAULT 0,
    party TEXT NOT NULL DEFAULT '',
    consent INTEGER NOT NULL DEFAULT 0,
    invoice TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    fen INTEGER NOT NULL DEFAULT 0,
    proposed_by INTEGER NOT NULL DEFAULT 0,
    proposed_at INTEGER NOT NULL DEFAULT 0,
    received_by INTEGER NOT NULL DEFAULT 0,
    received_at INTEGER NOT NULL DEFAULT 0,
    signed_by INTEGER NOT NULL DEFAULT 0,
    signed_at INTEGER NOT NULL DEFAULT 0,
    refused_by INTEGER NOT NULL DEFAULT 0,
    refused_at INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX papers_number ON papers (village_id, year, number);
CREATE INDEX papers_state ON papers (village_id, state);

CREATE TABLE paper_lines (
    village_id INTEGER NOT NULL,
    paper_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    goods_id INTEGER NOT NULL,
    lot_id INTEGER NOT NULL DEFAULT 0,
    qty INTEGER NOT NULL,
    counted INTEGER NOT NULL DEFAULT 0,
    cost_fen INTEGER NOT NULL DEFAULT 0,
    lot_number TEXT NOT NULL DEFAULT '',
    made_on TEXT NOT NULL DEFAULT '',
    expires_on TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, paper_id, n)
) STRICT, WITHOUT ROWID;

-- Money by where it comes from; directed money has a purpose.
CREATE TABLE funds (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    purpose TEXT NOT NULL DEFAULT '',
    directed INTEGER NOT NULL DEFAULT 0,
    donor TEXT NOT NULL DEFAULT '',
    consent INTEGER NOT NULL DEFAULT 0,
    closed_at INTEGER NOT NULL DEFAULT 0,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;

-- The sum of a fund's movements, kept under the same transaction: never below zero.
CREATE TABLE fund_balances (
    village_id INTEGER NOT NULL,
    fund_id INTEGER NOT NULL,
    fen INTEGER NOT NULL,
    PRIMARY KEY (village_id, fund_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE fund_movements (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    fund_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    fen INTEGER NOT NULL,
    purpose TEXT NOT NULL DEFAULT '',
    paper_id INTEGER NOT NULL DEFAULT 0,
    settlement_id INTEGER NOT NULL DEFAULT 0,
    day TEXT NOT NULL,
    at INTEGER NOT NULL,
    account_id INTEGER NOT NULL DEFAULT 0,
    op_id BLOB NOT NULL,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX fund_movements_fund ON fund_movements (village_id, fund_id, id);

-- issue_cap: fen of unspent points beyond which awards warn and want a second
-- approver; face_limit, face_session: points handed over face to face, per household
-- and per opening.
ALTER TABLE villages ADD COLUMN issue_cap INTEGER NOT NULL DEFAULT 0;
ALTER TABLE villages ADD COLUMN face_limit INTEGER NOT NULL DEFAULT 0;
ALTER TABLE villages ADD COLUMN face_session INTEGER NOT NULL DEFAULT 0;
ALTER TABLE villages ADD COLUMN close_by TEXT NOT NULL DEFAULT '';

-- Proportions for the planner, as in step 10.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('papers', 'papers', '50000 1000 1'),
    ('papers', 'papers_number', '50000 1000 300 1'),
    ('papers', 'papers_state', '50000 1000 250'),
    ('fund_movements', 'fund_movements', '50000 1000 1'),
    ('fund_movements', 'fund_movements_fund', '50000 1000 150 1');
ANALYZE sqlite_schema;

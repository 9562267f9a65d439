-- +goose Up
ALTER TABLE movements
    ADD COLUMN paper_id BIGINT NOT NULL DEFAULT 0;

-- Stock documents with numbers: purchase, donation, transfer, count, damage, expiry.
-- Stock moves when the document takes effect, never before.
CREATE TABLE papers (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    kind VARCHAR(10) NOT NULL,
    state VARCHAR(10) NOT NULL,
    counter_id BIGINT NOT NULL DEFAULT 0,
    other_id BIGINT NOT NULL DEFAULT 0,
    fund_id BIGINT NOT NULL DEFAULT 0,
    party VARCHAR(64) NOT NULL DEFAULT '',
    consent BIGINT NOT NULL DEFAULT 0,
    invoice VARCHAR(64) NOT NULL DEFAULT '',
    note VARCHAR(200) NOT NULL DEFAULT '',
    fen BIGINT NOT NULL DEFAULT 0,
    proposed_by BIGINT NOT NULL DEFAULT 0,
    proposed_at BIGINT NOT NULL DEFAULT 0,
    received_by BIGINT NOT NULL DEFAULT 0,
    received_at BIGINT NOT NULL DEFAULT 0,
    signed_by BIGINT NOT NULL DEFAULT 0,
    signed_at BIGINT NOT NULL DEFAULT 0,
    refused_by BIGINT NOT NULL DEFAULT 0,
    refused_at BIGINT NOT NULL DEFAULT 0,
    reason VARCHAR(200) NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, id),
    UNIQUE KEY papers_number (village_id, year, number),
    KEY papers_state (village_id, state)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE paper_lines (
    village_id BIGINT NOT NULL,
    paper_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    goods_id BIGINT NOT NULL,
    lot_id BIGINT NOT NULL DEFAULT 0,
    qty BIGINT NOT NULL,
    counted BIGINT NOT NULL DEFAULT 0,
    cost_fen BIGINT NOT NULL DEFAULT 0,
    lot_number VARCHAR(32) NOT NULL DEFAULT '',
    made_on VARCHAR(10) NOT NULL DEFAULT '',
    expires_on VARCHAR(10) NOT NULL DEFAULT '',
    note VARCHAR(120) NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, paper_id, n)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Money by where it comes from; directed money has a purpose.
CREATE TABLE funds (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    source VARCHAR(12) NOT NULL,
    purpose VARCHAR(120) NOT NULL DEFAULT '',
    directed BIGINT NOT NULL DEFAULT 0,
    donor VARCHAR(64) NOT NULL DEFAULT '',
    consent BIGINT NOT NULL DEFAULT 0,
    closed_at BIGINT NOT NULL DEFAULT 0,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (village_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The sum of a fund's movements, kept under the same transaction: never below zero.
CREATE TABLE fund_balances (
    village_id BIGINT NOT NULL,
    fund_id BIGINT NOT NULL,
    fen BIGINT NOT NULL,
    PRIMARY KEY (village_id, fund_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE fund_movements (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    fund_id BIGINT NOT NULL,
    kind VARCHAR(10) NOT NULL,
    fen BIGINT NOT NULL,
    purpose VARCHAR(120) NOT NULL DEFAULT '',
    paper_id BIGINT NOT NULL DEFAULT 0,
    settlement_id BIGINT NOT NULL DEFAULT 0,
    day VARCHAR(10) NOT NULL,
    at BIGINT NOT NULL,
    account_id BIGINT NOT NULL DEFAULT 0,
    op_id VARBINARY(16) NOT NULL,
    PRIMARY KEY (village_id, id),
    KEY fund_movements_fund (village_id, fund_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- issue_cap: fen of unspent points beyond which awards warn and want a second
-- approver; face_limit, face_session: points handed over face to face, per household
-- and per opening.
ALTER TABLE villages
    ADD COLUMN issue_cap BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN face_limit BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN face_session BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN close_by VARCHAR(60) NOT NULL DEFAULT '';

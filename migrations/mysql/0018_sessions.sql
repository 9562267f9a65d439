-- +goose Up
-- kind: own, mobile (兑换日 in a hamlet) or allied (a private shop, settled monthly).
ALTER TABLE counters
    ADD COLUMN kind VARCHAR(8) NOT NULL DEFAULT 'own',
    ADD COLUMN place VARCHAR(64) NOT NULL DEFAULT '',
    ADD COLUMN keeper VARCHAR(64) NOT NULL DEFAULT '',
    ADD COLUMN phone_sealed VARBINARY(400) NULL;

-- Posters that were replaced: who scans one learns that it is no longer good.
CREATE TABLE dead_posters (
    poster_hash VARBINARY(32) NOT NULL,
    village_id BIGINT NOT NULL,
    counter_id BIGINT NOT NULL,
    poster_no BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (poster_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Announced opening sessions (兑换日).
CREATE TABLE plans (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    counter_id BIGINT NOT NULL,
    day VARCHAR(10) NOT NULL,
    from_time VARCHAR(5) NOT NULL,
    until_time VARCHAR(5) NOT NULL,
    place VARCHAR(64) NOT NULL DEFAULT '',
    note VARCHAR(120) NOT NULL DEFAULT '',
    state VARCHAR(10) NOT NULL,
    opening_id BIGINT NOT NULL DEFAULT 0,
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id),
    KEY plans_day (village_id, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

ALTER TABLE openings
    ADD COLUMN plan_id BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN state VARCHAR(10) NOT NULL DEFAULT '',
    ADD COLUMN counted_by BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN counted_at BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN signed_by BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN signed_at BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN approved_by BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN approved_at BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN reason VARCHAR(200) NOT NULL DEFAULT '',
    ADD COLUMN paper_id BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN face_points BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN fen BIGINT NOT NULL DEFAULT 0;

-- What lay on the shelf when an opening began, what was handed over for how many
-- points, what should be left at its end and what was. counted is -1 until somebody
-- has counted. lot 0: the item as a whole.
CREATE TABLE opening_counts (
    village_id BIGINT NOT NULL,
    opening_id BIGINT NOT NULL,
    goods_id BIGINT NOT NULL,
    lot_id BIGINT NOT NULL DEFAULT 0,
    opened BIGINT NOT NULL DEFAULT 0,
    handed BIGINT NOT NULL DEFAULT 0,
    points BIGINT NOT NULL DEFAULT 0,
    expected BIGINT NOT NULL DEFAULT 0,
    counted BIGINT NOT NULL DEFAULT -1,
    PRIMARY KEY (village_id, opening_id, goods_id, lot_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What an allied shop is owed for a month: goods × cost, agreed, signed, paid.
CREATE TABLE settlements (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    counter_id BIGINT NOT NULL,
    month BIGINT NOT NULL,
    state VARCHAR(10) NOT NULL,
    visits BIGINT NOT NULL DEFAULT 0,
    points BIGINT NOT NULL DEFAULT 0,
    fen BIGINT NOT NULL DEFAULT 0,
    dispute VARCHAR(200) NOT NULL DEFAULT '',
    answer VARCHAR(200) NOT NULL DEFAULT '',
    signed_on VARCHAR(10) NOT NULL DEFAULT '',
    signed_by BIGINT NOT NULL DEFAULT 0,
    paid_on VARCHAR(10) NOT NULL DEFAULT '',
    paid_how VARCHAR(64) NOT NULL DEFAULT '',
    fund_id BIGINT NOT NULL DEFAULT 0,
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL DEFAULT 0,
    digest VARBINARY(32) NULL,
    PRIMARY KEY (village_id, id),
    UNIQUE KEY settlements_month (village_id, counter_id, month)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- undone: taken off again, because receipts of an earlier statement became void.
CREATE TABLE settlement_lines (
    village_id BIGINT NOT NULL,
    settlement_id BIGINT NOT NULL,
    goods_id BIGINT NOT NULL,
    price_fen BIGINT NOT NULL,
    undone BIGINT NOT NULL DEFAULT 0,
    qty BIGINT NOT NULL,
    points BIGINT NOT NULL,
    fen BIGINT NOT NULL,
    PRIMARY KEY (village_id, settlement_id, goods_id, price_fen, undone)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The redemptions behind the lines: each is counted once, and taken off at most once.
CREATE TABLE settlement_visits (
    village_id BIGINT NOT NULL,
    redemption_id BIGINT NOT NULL,
    undone BIGINT NOT NULL,
    settlement_id BIGINT NOT NULL,
    PRIMARY KEY (village_id, redemption_id, undone),
    KEY settlement_visits_settlement (village_id, settlement_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

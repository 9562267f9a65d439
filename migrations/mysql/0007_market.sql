-- +goose Up
CREATE TABLE goods (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    unit VARCHAR(16) NOT NULL DEFAULT '',
    kind VARCHAR(8) NOT NULL DEFAULT 'goods',
    barcode VARCHAR(32) NOT NULL DEFAULT '',
    position BIGINT NOT NULL DEFAULT 0,
    note VARCHAR(120) NOT NULL DEFAULT '',
    halal BIGINT NOT NULL DEFAULT 0,
    off_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id),
    UNIQUE KEY goods_name (village_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE prices (
    village_id BIGINT NOT NULL,
    goods_id BIGINT NOT NULL,
    from_day VARCHAR(10) NOT NULL,
    points BIGINT NOT NULL,
    cost_fen BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, goods_id, from_day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- opening_id is the opening under way, 0 for none: a counter has one at a time.
CREATE TABLE counters (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    poster_no BIGINT NOT NULL DEFAULT 1,
    poster_hash VARBINARY(32) NOT NULL,
    opening_id BIGINT NOT NULL DEFAULT 0,
    closed_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id),
    UNIQUE KEY counters_poster (poster_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE openings (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    counter_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    opened_by BIGINT NOT NULL,
    closed_at BIGINT NOT NULL DEFAULT 0,
    closed_by BIGINT NOT NULL DEFAULT 0,
    visits BIGINT NOT NULL DEFAULT 0,
    points BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id),
    KEY openings_counter (village_id, counter_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE stock (
    village_id BIGINT NOT NULL,
    counter_id BIGINT NOT NULL,
    goods_id BIGINT NOT NULL,
    lot_id BIGINT NOT NULL,
    qty BIGINT NOT NULL,
    PRIMARY KEY (village_id, counter_id, goods_id, lot_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Movements carry redemption and price, so they are the receipt lines too: their
-- ids follow the redemption's own, so they need no index. points and cost_fen are
-- those of one piece.
CREATE TABLE movements (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    counter_id BIGINT NOT NULL,
    goods_id BIGINT NOT NULL,
    lot_id BIGINT NOT NULL,
    kind VARCHAR(8) NOT NULL,
    qty BIGINT NOT NULL,
    redemption_id BIGINT NOT NULL DEFAULT 0,
    points BIGINT NOT NULL DEFAULT 0,
    cost_fen BIGINT NOT NULL DEFAULT 0,
    note VARCHAR(120) NOT NULL DEFAULT '',
    at BIGINT NOT NULL,
    op_id VARBINARY(16) NOT NULL,
    PRIMARY KEY (village_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE redemptions (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    counter_id BIGINT NOT NULL,
    opening_id BIGINT NOT NULL DEFAULT 0,
    seq BIGINT NOT NULL,
    points BIGINT NOT NULL,
    fen BIGINT NOT NULL,
    confirm VARCHAR(8) NOT NULL,
    proxy VARCHAR(64) NOT NULL DEFAULT '',
    voucher_id BIGINT NOT NULL DEFAULT 0,
    clerk_id BIGINT NOT NULL,
    month BIGINT NOT NULL,
    at BIGINT NOT NULL,
    undone_op VARBINARY(16) NULL,
    undone_seq BIGINT NOT NULL DEFAULT 0,
    undone_at BIGINT NOT NULL DEFAULT 0,
    undone_reason VARCHAR(120) NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, id),
    KEY redemptions_household (village_id, household_id, id),
    KEY redemptions_month (village_id, month, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A voucher holds nothing back: the guards decide at the counter. slot is NULL
-- once it is used, cancelled or swept, so the key bounds how many are open. sealed
-- holds token and code under the key file while the household may show them.
CREATE TABLE vouchers (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    counter_id BIGINT NOT NULL,
    token_hash VARBINARY(32) NOT NULL,
    code_hash VARBINARY(16) NOT NULL,
    cart MEDIUMTEXT NOT NULL,
    points BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_op VARBINARY(16) NULL,
    cancelled_at BIGINT NOT NULL DEFAULT 0,
    slot BIGINT NULL,
    sealed VARBINARY(255) NULL,
    PRIMARY KEY (village_id, id),
    UNIQUE KEY vouchers_token (token_hash),
    UNIQUE KEY vouchers_open (village_id, household_id, slot),
    KEY vouchers_code (village_id, counter_id, code_hash),
    KEY vouchers_household (village_id, household_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

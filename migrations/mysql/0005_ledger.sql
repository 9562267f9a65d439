-- +goose Up
CREATE TABLE passbooks (
    village_id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    balance BIGINT NOT NULL DEFAULT 0,
    honour BIGINT NOT NULL DEFAULT 0,
    gift BIGINT NOT NULL DEFAULT 0,
    seq BIGINT NOT NULL DEFAULT 0,
    awards BIGINT NOT NULL DEFAULT 0,
    first_month BIGINT NOT NULL DEFAULT 0,
    head VARBINARY(32) NOT NULL,
    PRIMARY KEY (village_id, household_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The key orders the chain, guards it and serves the passbook. Rows are only
-- ever added.
CREATE TABLE entries (
    village_id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    points BIGINT NOT NULL,
    honour BIGINT NOT NULL,
    balance BIGINT NOT NULL,
    fen BIGINT NOT NULL,
    category_id BIGINT NOT NULL,
    month BIGINT NOT NULL,
    act_date VARCHAR(10) NOT NULL,
    late BIGINT NOT NULL,
    posted_at BIGINT NOT NULL,
    cause BIGINT NOT NULL,
    op_id VARBINARY(16) NOT NULL,
    digest VARBINARY(16) NULL,
    hash VARBINARY(32) NOT NULL,
    PRIMARY KEY (village_id, household_id, seq),
    KEY entries_month (village_id, month)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- At most one correction each, by key.
CREATE TABLE reversals (
    village_id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    by_seq BIGINT NOT NULL,
    reason VARCHAR(200) NOT NULL,
    salt VARBINARY(16) NOT NULL,
    PRIMARY KEY (village_id, household_id, seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Up to and with this month a village takes no more entries.
CREATE TABLE periods (
    village_id BIGINT NOT NULL,
    closed_month BIGINT NOT NULL,
    PRIMARY KEY (village_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE household_months (
    village_id BIGINT NOT NULL,
    month BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    earned BIGINT NOT NULL,
    deducted BIGINT NOT NULL,
    spent BIGINT NOT NULL,
    acts BIGINT NOT NULL,
    visits BIGINT NOT NULL,
    PRIMARY KEY (village_id, month, household_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One row per instance (slot), so that instances of a cluster never meet in it;
-- readers sum the slots. Category 0 holds exchange and everything that is no
-- conduct.
CREATE TABLE village_months (
    village_id BIGINT NOT NULL,
    month BIGINT NOT NULL,
    category_id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    earned BIGINT NOT NULL,
    deducted BIGINT NOT NULL,
    acts BIGINT NOT NULL,
    late BIGINT NOT NULL,
    earned_fen BIGINT NOT NULL,
    spent BIGINT NOT NULL,
    spent_fen BIGINT NOT NULL,
    visits BIGINT NOT NULL,
    PRIMARY KEY (village_id, month, category_id, slot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE seals (
    village_id BIGINT NOT NULL,
    day VARCHAR(10) NOT NULL,
    hash VARBINARY(32) NOT NULL,
    operations BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    sealed_at BIGINT NOT NULL,
    PRIMARY KEY (village_id, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

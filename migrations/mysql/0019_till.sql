-- +goose Up
-- witness_id: the second person of a confirmation face to face. read_out: the receipt
-- was read to a holder who does not read. slip_no: keyed in from paper.
ALTER TABLE redemptions
    ADD COLUMN witness_id BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN read_out BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN proxy_id BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN slip_no BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN late BIGINT NOT NULL DEFAULT 0;

-- The highest number printed on a blank sales slip: no number is printed twice.
ALTER TABLE villages ADD COLUMN slip_printed BIGINT NOT NULL DEFAULT 0;

-- Who may fetch goods for a household.
CREATE TABLE proxies (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    relation VARCHAR(16) NOT NULL,
    limit_points BIGINT NOT NULL DEFAULT 0,
    once BIGINT NOT NULL DEFAULT 0,
    until_day VARCHAR(10) NOT NULL DEFAULT '',
    used_at BIGINT NOT NULL DEFAULT 0,
    ended_at BIGINT NOT NULL DEFAULT 0,
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id),
    KEY proxies_household (village_id, household_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How the household confirms at the counter; empty: whatever it has.
ALTER TABLE households
    ADD COLUMN confirm VARCHAR(8) NOT NULL DEFAULT '';

-- 抽查: a seeded sample of redemptions that households are asked about.
CREATE TABLE checks (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    seed BIGINT NOT NULL,
    from_day VARCHAR(10) NOT NULL,
    until_day VARCHAR(10) NOT NULL,
    size BIGINT NOT NULL,
    population BIGINT NOT NULL DEFAULT 0,
    state VARCHAR(10) NOT NULL,
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL DEFAULT 0,
    closed_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE check_lines (
    village_id BIGINT NOT NULL,
    check_id BIGINT NOT NULL,
    redemption_id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    answer VARCHAR(12) NOT NULL DEFAULT '',
    note VARCHAR(200) NOT NULL DEFAULT '',
    answered_by BIGINT NOT NULL DEFAULT 0,
    answered_at BIGINT NOT NULL DEFAULT 0,
    objection_id BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, check_id, redemption_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Numbered slips written while there was no power; each becomes one redemption.
CREATE TABLE paper_sales (
    village_id BIGINT NOT NULL,
    slip_no BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    counter_id BIGINT NOT NULL,
    day VARCHAR(10) NOT NULL,
    points BIGINT NOT NULL,
    cart MEDIUMTEXT NOT NULL,
    state VARCHAR(10) NOT NULL,
    trouble VARCHAR(200) NOT NULL DEFAULT '',
    redemption_id BIGINT NOT NULL DEFAULT 0,
    keyed_at BIGINT NOT NULL,
    keyed_by BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, slip_no),
    KEY paper_sales_state (village_id, state)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- Areas are four levels of one tree; a row names all its ancestors, so a place never needs a walk.
CREATE TABLE areas (
    id BIGINT NOT NULL,
    level VARCHAR(8) NOT NULL,
    name VARCHAR(64) NOT NULL,
    city_id BIGINT NOT NULL DEFAULT 0,
    county_id BIGINT NOT NULL DEFAULT 0,
    township_id BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    KEY areas_county (county_id, township_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A village's settings; village_id is its area's id.
CREATE TABLE villages (
    village_id BIGINT NOT NULL,
    class VARCHAR(8) NOT NULL DEFAULT '',
    sponsor VARCHAR(8) NOT NULL DEFAULT '',
    sponsor_unit VARCHAR(64) NOT NULL DEFAULT '',
    point_rate BIGINT NOT NULL DEFAULT 10000,
    small_limit BIGINT NOT NULL DEFAULT 0,
    small_daily BIGINT NOT NULL DEFAULT 0,
    rhythm_months BIGINT NOT NULL DEFAULT 1,
    red_list BIGINT NOT NULL DEFAULT 0,
    prepared_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE grids (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    PRIMARY KEY (village_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE households (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    number VARCHAR(16) NOT NULL,
    group_no BIGINT NOT NULL DEFAULT 0,
    grid_id BIGINT NOT NULL DEFAULT 0,
    lane VARCHAR(64) NOT NULL DEFAULT '',
    lane_order BIGINT NOT NULL DEFAULT 0,
    head_name VARCHAR(64) NOT NULL,
    search MEDIUMTEXT NOT NULL,
    residence VARCHAR(8) NOT NULL DEFAULT 'resident',
    origin VARCHAR(8) NOT NULL DEFAULT 'native',
    joining VARCHAR(8) NOT NULL DEFAULT 'in',
    party BIGINT NOT NULL DEFAULT 0,
    under14 BIGINT NOT NULL DEFAULT 0,
    hidden BIGINT NOT NULL DEFAULT 0,
    phone_sealed VARBINARY(96) NULL,
    phone_find VARBINARY(16) NULL,
    pin VARBINARY(32) NULL,
    pin_set_at BIGINT NOT NULL DEFAULT 0,
    card_no BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    left_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id),
    UNIQUE KEY households_number (village_id, number),
    KEY households_group (village_id, group_no, lane_order)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE members (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    relation VARCHAR(16) NOT NULL DEFAULT '',
    search MEDIUMTEXT NOT NULL,
    joined_at BIGINT NOT NULL DEFAULT 0,
    left_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id),
    KEY members_household (village_id, household_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who may not decide alone for which household: kinship between households, and
-- staff members' own homes.
CREATE TABLE links (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    other_id BIGINT NOT NULL DEFAULT 0,
    account_id BIGINT NOT NULL DEFAULT 0,
    relation VARCHAR(16) NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, id),
    KEY links_account (account_id),
    KEY links_household (village_id, household_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE cards (
    village_id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    card_no BIGINT NOT NULL,
    token_hash VARBINARY(32) NOT NULL,
    issued_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL DEFAULT 0,
    activated_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, household_id, card_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE card_index (
    token_hash VARBINARY(32) NOT NULL,
    village_id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    card_no BIGINT NOT NULL,
    PRIMARY KEY (token_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

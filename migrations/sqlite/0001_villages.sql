-- +goose Up
-- Areas are four levels of one tree; a row names all its ancestors, so a place never needs a walk.
CREATE TABLE areas (
    id INTEGER NOT NULL,
    level TEXT NOT NULL,
    name TEXT NOT NULL,
    city_id INTEGER NOT NULL DEFAULT 0,
    county_id INTEGER NOT NULL DEFAULT 0,
    township_id INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX areas_county ON areas (county_id, township_id, id);

-- A village's settings; village_id is its area's id.
CREATE TABLE villages (
    village_id INTEGER NOT NULL,
    class TEXT NOT NULL DEFAULT '',
    sponsor TEXT NOT NULL DEFAULT '',
    sponsor_unit TEXT NOT NULL DEFAULT '',
    point_rate INTEGER NOT NULL DEFAULT 10000,
    small_limit INTEGER NOT NULL DEFAULT 0,
    small_daily INTEGER NOT NULL DEFAULT 0,
    rhythm_months INTEGER NOT NULL DEFAULT 1,
    red_list INTEGER NOT NULL DEFAULT 0,
    prepared_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id)
) STRICT;

CREATE TABLE grids (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE households (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    number TEXT NOT NULL,
    group_no INTEGER NOT NULL DEFAULT 0,
    grid_id INTEGER NOT NULL DEFAULT 0,
    lane TEXT NOT NULL DEFAULT '',
    lane_order INTEGER NOT NULL DEFAULT 0,
    head_name TEXT NOT NULL,
    search TEXT NOT NULL,
    residence TEXT NOT NULL DEFAULT 'resident',
    origin TEXT NOT NULL DEFAULT 'native',
    joining TEXT NOT NULL DEFAULT 'in',
    party INTEGER NOT NULL DEFAULT 0,
    under14 INTEGER NOT NULL DEFAULT 0,
    hidden INTEGER NOT NULL DEFAULT 0,
    phone_sealed BLOB NULL,
    phone_find BLOB NULL,
    pin BLOB NULL,
    pin_set_at INTEGER NOT NULL DEFAULT 0,
    card_no INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    left_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX households_number ON households (village_id, number);
CREATE INDEX households_group ON households (village_id, group_no, lane_order);

CREATE TABLE members (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    relation TEXT NOT NULL DEFAULT '',
    search TEXT NOT NULL,
    joined_at INTEGER NOT NULL DEFAULT 0,
    left_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_household ON members (village_id, household_id);

-- Who may not decide alone for which household: kinship between households, and
-- staff members' own homes.
CREATE TABLE links (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    other_id INTEGER NOT NULL DEFAULT 0,
    account_id INTEGER NOT NULL DEFAULT 0,
    relation TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_account ON links (account_id);
CREATE INDEX links_household ON links (village_id, household_id);

CREATE TABLE cards (
    village_id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    card_no INTEGER NOT NULL,
    token_hash BLOB NOT NULL,
    issued_at INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL DEFAULT 0,
    activated_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, household_id, card_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE card_index (
    token_hash BLOB NOT NULL,
    village_id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    card_no INTEGER NOT NULL,
    PRIMARY KEY (token_hash)
) STRICT, WITHOUT ROWID;

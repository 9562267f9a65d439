-- +goose Up
-- catalogue_id: the county's item it was taken from. min_balance: what a household must
-- have before it may take one. limit_qty per limit_period and limit_per. low_at: warn
-- below. shelf_life in days, 0 for none. lots: some of it may lie in lots other than 0.
ALTER TABLE goods
    ADD COLUMN catalogue_id BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN min_balance BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN limit_qty BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN limit_period VARCHAR(8) NOT NULL DEFAULT '',
    ADD COLUMN limit_per VARCHAR(12) NOT NULL DEFAULT 'household',
    ADD COLUMN low_at BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN shelf_life BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN lots BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN picture_id BIGINT NOT NULL DEFAULT 0;

ALTER TABLE prices
    ADD COLUMN until_day VARCHAR(10) NOT NULL DEFAULT '';

-- One delivery of an item with one expiry and one giver; lot 0 is what was there
-- before lots were kept.
CREATE TABLE lots (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    goods_id BIGINT NOT NULL,
    number VARCHAR(32) NOT NULL DEFAULT '',
    made_on VARCHAR(10) NOT NULL DEFAULT '',
    expires_on VARCHAR(10) NOT NULL DEFAULT '',
    cost_fen BIGINT NOT NULL DEFAULT 0,
    paper_id BIGINT NOT NULL DEFAULT 0,
    fund_id BIGINT NOT NULL DEFAULT 0,
    donor VARCHAR(64) NOT NULL DEFAULT '',
    received BIGINT NOT NULL DEFAULT 0,
    closed_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id),
    KEY lots_goods (village_id, goods_id, expires_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- 微心愿: what people ask for and the shop may buy to order.
CREATE TABLE wishes (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    goods_id BIGINT NOT NULL DEFAULT 0,
    text VARCHAR(120) NOT NULL,
    state VARCHAR(10) NOT NULL,
    answer VARCHAR(200) NOT NULL DEFAULT '',
    way VARCHAR(8) NOT NULL DEFAULT '',
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL DEFAULT 0,
    answered_at BIGINT NOT NULL DEFAULT 0,
    answered_by BIGINT NOT NULL DEFAULT 0,
    redemption_id BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id),
    KEY wishes_household (village_id, household_id),
    KEY wishes_state (village_id, state)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

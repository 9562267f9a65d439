-- +goose Up
CREATE TABLE goods (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL DEFAULT 'goods',
    barcode TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    halal INTEGER NOT NULL DEFAULT 0,
    off_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX goods_name ON goods (village_id, name);

CREATE TABLE prices (
    village_id INTEGER NOT NULL,
    goods_id INTEGER NOT NULL,
    from_day TEXT NOT NULL,
    points INTEGER NOT NULL,
    cost_fen INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, goods_id, from_day)
) STRICT, WITHOUT ROWID;

-- opening_id is the opening under way, 0 for none: a counter has one at a time.
CREATE TABLE counters (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    poster_no INTEGER NOT NULL DEFAULT 1,
    poster_hash BLOB NOT NULL,
    opening_id INTEGER NOT NULL DEFAULT 0,
    closed_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX counters_poster ON counters (poster_hash);

CREATE TABLE openings (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    counter_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    opened_by INTEGER NOT NULL,
    closed_at INTEGER NOT NULL DEFAULT 0,
    closed_by INTEGER NOT NULL DEFAULT 0,
    visits INTEGER NOT NULL DEFAULT 0,
    points INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX openings_counter ON openings (village_id, counter_id, id);

CREATE TABLE stock (
    village_id INTEGER NOT NULL,
    counter_id INTEGER NOT NULL,
    goods_id INTEGER NOT NULL,
    lot_id INTEGER NOT NULL,
    qty INTEGER NOT NULL,
    PRIMARY KEY (village_id, counter_id, goods_id, lot_id)
) STRICT, WITHOUT ROWID;

-- Movements carry redemption and price, so they are the receipt lines too: their
-- ids follow the redemption's own, so they need no index. points and cost_fen are
-- those of one piece.
CREATE TABLE movements (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    counter_id INTEGER NOT NULL,
    goods_id INTEGER NOT NULL,
    lot_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    qty INTEGER NOT NULL,
    redemption_id INTEGER NOT NULL DEFAULT 0,
    points INTEGER NOT NULL DEFAULT 0,
    cost_fen INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL,
    op_id BLOB NOT NULL,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE redemptions (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    counter_id INTEGER NOT NULL,
    opening_id INTEGER NOT NULL DEFAULT 0,
    seq INTEGER NOT NULL,
    points INTEGER NOT NULL,
    fen INTEGER NOT NULL,
    confirm TEXT NOT NULL,
    proxy TEXT NOT NULL DEFAULT '',
    voucher_id INTEGER NOT NULL DEFAULT 0,
    clerk_id INTEGER NOT NULL,
    month INTEGER NOT NULL,
    at INTEGER NOT NULL,
    undone_op BLOB NULL,
    undone_seq INTEGER NOT NULL DEFAULT 0,
    undone_at INTEGER NOT NULL DEFAULT 0,
    undone_reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX redemptions_household ON redemptions (village_id, household_id, id);
CREATE INDEX redemptions_month ON redemptions (village_id, month, id);

-- A voucher holds nothing back: the guards decide at the counter. slot is NULL
-- once it is used, cancelled or swept, so the key bounds how many are open. sealed
-- holds token and code under the key file while the household may show them.
CREATE TABLE vouchers (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    household_id INTEGER NOT NULL,
    counter_id INTEGER NOT NULL,
    token_hash BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    cart TEXT NOT NULL,
    points INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_op BLOB NULL,
    cancelled_at INTEGER NOT NULL DEFAULT 0,
    slot INTEGER NULL,
    sealed BLOB NULL,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX vouchers_token ON vouchers (token_hash);
CREATE UNIQUE INDEX vouchers_open ON vouchers (village_id, household_id, slot);
CREATE INDEX vouchers_code ON vouchers (village_id, counter_id, code_hash);
CREATE INDEX vouchers_household ON vouchers (village_id, household_id, id);

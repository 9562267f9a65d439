-- +goose Up
CREATE TABLE schemes (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    version_id INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE versions (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    scheme_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    adopted_on TEXT NOT NULL,
    in_force_from TEXT NOT NULL,
    meeting TEXT NOT NULL DEFAULT '',
    present INTEGER NOT NULL DEFAULT 0,
    voted INTEGER NOT NULL DEFAULT 0,
    point_rate INTEGER NOT NULL DEFAULT 10000,
    posting TEXT NOT NULL DEFAULT 'notice',
    notice_days INTEGER NOT NULL DEFAULT 3,
    deduct_from TEXT NOT NULL DEFAULT 'honour',
    created_at INTEGER NOT NULL,
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX versions_number ON versions (village_id, scheme_id, number);

-- The county keys are listed in scheme/category.go; empty means 未归类.
CREATE TABLE categories (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    county_key TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX categories_name ON categories (village_id, name);

-- origin_id is the id a rule had when it was first written: caps count across versions by it.
CREATE TABLE rules (
    village_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version_id INTEGER NOT NULL,
    origin_id INTEGER NOT NULL DEFAULT 0,
    category_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    item TEXT NOT NULL,
    direction TEXT NOT NULL,
    points_min INTEGER NOT NULL,
    points_max INTEGER NOT NULL,
    choices TEXT NOT NULL DEFAULT '',
    unit TEXT NOT NULL DEFAULT '',
    cap_times INTEGER NOT NULL DEFAULT 0,
    cap_points INTEGER NOT NULL DEFAULT 0,
    cap_period TEXT NOT NULL DEFAULT '',
    cap_per TEXT NOT NULL DEFAULT 'household',
    cap_group TEXT NOT NULL DEFAULT '',
    private INTEGER NOT NULL DEFAULT 0,
    evidence TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX rules_version ON rules (village_id, version_id, position);

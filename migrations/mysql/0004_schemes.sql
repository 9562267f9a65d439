-- +goose Up
CREATE TABLE schemes (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    version_id BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE versions (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    scheme_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    adopted_on VARCHAR(10) NOT NULL,
    in_force_from VARCHAR(10) NOT NULL,
    meeting VARCHAR(120) NOT NULL DEFAULT '',
    present BIGINT NOT NULL DEFAULT 0,
    voted BIGINT NOT NULL DEFAULT 0,
    point_rate BIGINT NOT NULL DEFAULT 10000,
    posting VARCHAR(8) NOT NULL DEFAULT 'notice',
    notice_days BIGINT NOT NULL DEFAULT 3,
    deduct_from VARCHAR(8) NOT NULL DEFAULT 'honour',
    created_at BIGINT NOT NULL,
    PRIMARY KEY (village_id, id),
    UNIQUE KEY versions_number (village_id, scheme_id, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The county keys are listed in scheme/category.go; empty means 未归类.
CREATE TABLE categories (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    county_key VARCHAR(16) NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, id),
    UNIQUE KEY categories_name (village_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- origin_id is the id a rule had when it was first written: caps count across versions by it.
CREATE TABLE rules (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version_id BIGINT NOT NULL,
    origin_id BIGINT NOT NULL DEFAULT 0,
    category_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    item VARCHAR(200) NOT NULL,
    direction VARCHAR(8) NOT NULL,
    points_min BIGINT NOT NULL,
    points_max BIGINT NOT NULL,
    choices VARCHAR(120) NOT NULL DEFAULT '',
    unit VARCHAR(32) NOT NULL DEFAULT '',
    cap_times BIGINT NOT NULL DEFAULT 0,
    cap_points BIGINT NOT NULL DEFAULT 0,
    cap_period VARCHAR(8) NOT NULL DEFAULT '',
    cap_per VARCHAR(12) NOT NULL DEFAULT 'household',
    cap_group VARCHAR(64) NOT NULL DEFAULT '',
    private BIGINT NOT NULL DEFAULT 0,
    evidence VARCHAR(200) NOT NULL DEFAULT '',
    note VARCHAR(1000) NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, id),
    KEY rules_version (village_id, version_id, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

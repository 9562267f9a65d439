-- +goose Up
-- One table, one state machine: noticed, posted, frozen, refused, withdrawn.
CREATE TABLE awards (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL DEFAULT 0,
    version_id BIGINT NOT NULL,
    rule_id BIGINT NOT NULL,
    category_id BIGINT NOT NULL,
    act_date VARCHAR(10) NOT NULL,
    quantity BIGINT NOT NULL DEFAULT 100,
    points BIGINT NOT NULL,
    honour BIGINT NOT NULL,
    state VARCHAR(10) NOT NULL,
    private BIGINT NOT NULL DEFAULT 0,
    late BIGINT NOT NULL DEFAULT 0,
    note VARCHAR(200) NOT NULL DEFAULT '',
    note_salt VARBINARY(16) NULL,
    recorder_id BIGINT NOT NULL DEFAULT 0,
    recorder_role VARCHAR(12) NOT NULL DEFAULT '',
    recorded_at BIGINT NOT NULL,
    notice_id BIGINT NOT NULL DEFAULT 0,
    entry_seq BIGINT NOT NULL DEFAULT 0,
    op_id VARBINARY(16) NOT NULL,
    PRIMARY KEY (village_id, id),
    KEY awards_household (village_id, household_id, act_date),
    KEY awards_notice (village_id, notice_id, state, household_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Old balances carried over under a resolution of the village.
CREATE TABLE carryovers (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    resolution VARCHAR(64) NOT NULL,
    as_of VARCHAR(10) NOT NULL,
    households BIGINT NOT NULL,
    points BIGINT NOT NULL,
    honour BIGINT NOT NULL,
    posted_at BIGINT NOT NULL,
    PRIMARY KEY (village_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE notices (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    year BIGINT NOT NULL,
    kind VARCHAR(12) NOT NULL DEFAULT 'award',
    title VARCHAR(120) NOT NULL,
    days BIGINT NOT NULL,
    state VARCHAR(8) NOT NULL,
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL DEFAULT 0,
    hung_at BIGINT NOT NULL DEFAULT 0,
    hung_where VARCHAR(64) NOT NULL DEFAULT '',
    hung_by BIGINT NOT NULL DEFAULT 0,
    ends_at BIGINT NOT NULL DEFAULT 0,
    closed_at BIGINT NOT NULL DEFAULT 0,
    digest VARBINARY(32) NULL,
    PRIMARY KEY (village_id, id),
    UNIQUE KEY notices_number (village_id, year, number),
    KEY notices_state (state, ends_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

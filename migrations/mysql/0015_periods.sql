-- +goose Up
-- Off unless a village's meeting switches it on.
ALTER TABLE villages
    ADD COLUMN black_list BIGINT NOT NULL DEFAULT 0;

-- left_as: why somebody is no longer of the household; empty for having moved.
ALTER TABLE members
    ADD COLUMN left_as VARCHAR(12) NOT NULL DEFAULT '';

-- Points that a village resolved to clear: nothing happens before the notice hung its
-- thirty days and people could exchange.
CREATE TABLE clearings (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    resolution VARCHAR(64) NOT NULL,
    resolved_on VARCHAR(10) NOT NULL,
    as_of VARCHAR(10) NOT NULL,
    keep BIGINT NOT NULL DEFAULT 0,
    state VARCHAR(10) NOT NULL,
    notice_id BIGINT NOT NULL DEFAULT 0,
    households BIGINT NOT NULL DEFAULT 0,
    points BIGINT NOT NULL DEFAULT 0,
    skipped BIGINT NOT NULL DEFAULT 0,
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL DEFAULT 0,
    done_at BIGINT NOT NULL DEFAULT 0,
    session_from VARCHAR(10) NOT NULL DEFAULT '',
    session_until VARCHAR(10) NOT NULL DEFAULT '',
    undo_asked_at BIGINT NOT NULL DEFAULT 0,
    undo_asked_by BIGINT NOT NULL DEFAULT 0,
    undo_reason VARCHAR(200) NOT NULL DEFAULT '',
    undo_answer VARCHAR(200) NOT NULL DEFAULT '',
    undone_at BIGINT NOT NULL DEFAULT 0,
    undone_by BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE cleared (
    village_id BIGINT NOT NULL,
    clearing_id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    points BIGINT NOT NULL,
    entry_seq BIGINT NOT NULL DEFAULT 0,
    skipped VARCHAR(12) NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, clearing_id, household_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Honours suspended, dated and appealable; rights and points are untouched.
CREATE TABLE suspensions (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    reason VARCHAR(200) NOT NULL,
    basis VARCHAR(200) NOT NULL,
    from_day VARCHAR(10) NOT NULL,
    until_day VARCHAR(10) NOT NULL,
    appeal_until VARCHAR(10) NOT NULL,
    told_on VARCHAR(10) NOT NULL,
    told_how VARCHAR(12) NOT NULL DEFAULT '',
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL DEFAULT 0,
    lifted_at BIGINT NOT NULL DEFAULT 0,
    lifted_by BIGINT NOT NULL DEFAULT 0,
    lifted_reason VARCHAR(200) NOT NULL DEFAULT '',
    PRIMARY KEY (village_id, id),
    KEY suspensions_household (village_id, household_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who stands on the red list, by consent, and on a black list where a village has one.
CREATE TABLE showings (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    list VARCHAR(8) NOT NULL,
    household_id BIGINT NOT NULL,
    title VARCHAR(64) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    consent VARCHAR(12) NOT NULL DEFAULT '',
    consent_on VARCHAR(10) NOT NULL DEFAULT '',
    from_day VARCHAR(10) NOT NULL,
    until_day VARCHAR(10) NOT NULL,
    dropped_at BIGINT NOT NULL DEFAULT 0,
    dropped_by BIGINT NOT NULL DEFAULT 0,
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id),
    KEY showings_household (village_id, household_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

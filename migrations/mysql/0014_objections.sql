-- +goose Up
-- What people object to, and how it was decided. look_hash finds one by its look-up
-- code; result_id is the claim that came of it. against_id is the account whose act
-- it is about; above: the village did not or cannot decide it, the township may.
CREATE TABLE objections (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    about VARCHAR(12) NOT NULL,
    subject_id BIGINT NOT NULL DEFAULT 0,
    award_id BIGINT NOT NULL DEFAULT 0,
    household_id BIGINT NOT NULL DEFAULT 0,
    for_household BIGINT NOT NULL DEFAULT 0,
    against_id BIGINT NOT NULL DEFAULT 0,
    way VARCHAR(8) NOT NULL,
    text VARCHAR(500) NOT NULL,
    contact_sealed VARBINARY(400) NULL,
    look_hash VARBINARY(32) NULL,
    state VARCHAR(10) NOT NULL,
    assigned_to BIGINT NOT NULL DEFAULT 0,
    above BIGINT NOT NULL DEFAULT 0,
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    heard VARCHAR(1000) NOT NULL DEFAULT '',
    outcome VARCHAR(10) NOT NULL DEFAULT '',
    reason VARCHAR(500) NOT NULL DEFAULT '',
    decided_at BIGINT NOT NULL DEFAULT 0,
    decided_by BIGINT NOT NULL DEFAULT 0,
    appealed_at BIGINT NOT NULL DEFAULT 0,
    appeal_text VARCHAR(500) NOT NULL DEFAULT '',
    appeal_due BIGINT NOT NULL DEFAULT 0,
    appeal_outcome VARCHAR(10) NOT NULL DEFAULT '',
    appeal_reason VARCHAR(500) NOT NULL DEFAULT '',
    appeal_at BIGINT NOT NULL DEFAULT 0,
    appeal_by BIGINT NOT NULL DEFAULT 0,
    result_id BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id),
    UNIQUE KEY objections_number (village_id, year, number),
    KEY objections_award (village_id, award_id),
    KEY objections_state (state, due_at),
    UNIQUE KEY objections_look (look_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE objection_notes (
    village_id BIGINT NOT NULL,
    objection_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    kind VARCHAR(12) NOT NULL,
    actor_id BIGINT NOT NULL DEFAULT 0,
    text VARCHAR(500) NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (village_id, objection_id, n)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

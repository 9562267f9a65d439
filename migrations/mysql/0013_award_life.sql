-- +goose Up
-- way: how the award came in; source_id: the round, slip, objection or month behind it.
-- due_at: when the present step runs out. above: the township decides.
ALTER TABLE awards
    ADD COLUMN way VARCHAR(8) NOT NULL DEFAULT '',
    ADD COLUMN source_id BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN meeting_id BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN above BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN band VARCHAR(64) NOT NULL DEFAULT '';

-- What was recorded lately, for whoever watches the records.
CREATE INDEX awards_recorded ON awards (village_id, recorded_at);

-- What was done to an award, step by step; rows are only added.
CREATE TABLE award_steps (
    village_id BIGINT NOT NULL,
    award_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    step VARCHAR(12) NOT NULL,
    outcome VARCHAR(12) NOT NULL,
    actor_id BIGINT NOT NULL DEFAULT 0,
    role VARCHAR(12) NOT NULL DEFAULT '',
    meeting_id BIGINT NOT NULL DEFAULT 0,
    quantity BIGINT NOT NULL DEFAULT 0,
    points BIGINT NOT NULL DEFAULT 0,
    reason VARCHAR(200) NOT NULL DEFAULT '',
    at BIGINT NOT NULL,
    PRIMARY KEY (village_id, award_id, n)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Review meetings; present is the list of those present, as JSON.
CREATE TABLE meetings (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    year BIGINT NOT NULL,
    held_on VARCHAR(10) NOT NULL,
    place VARCHAR(64) NOT NULL DEFAULT '',
    chair VARCHAR(64) NOT NULL DEFAULT '',
    present MEDIUMTEXT NOT NULL,
    state VARCHAR(8) NOT NULL,
    resolution VARCHAR(64) NOT NULL DEFAULT '',
    note VARCHAR(500) NOT NULL DEFAULT '',
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL DEFAULT 0,
    closed_at BIGINT NOT NULL DEFAULT 0,
    closed_by BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id),
    UNIQUE KEY meetings_number (village_id, year, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a meeting decided, so that its sheet is found without walking the awards.
CREATE TABLE meeting_awards (
    village_id BIGINT NOT NULL,
    meeting_id BIGINT NOT NULL,
    award_id BIGINT NOT NULL,
    PRIMARY KEY (village_id, meeting_id, award_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Inspection rounds: choices says what each result is worth, under which rule, as JSON.
CREATE TABLE rounds (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    day VARCHAR(10) NOT NULL,
    choices MEDIUMTEXT NOT NULL,
    team VARCHAR(200) NOT NULL DEFAULT '',
    grid_id BIGINT NOT NULL DEFAULT 0,
    group_no BIGINT NOT NULL DEFAULT 0,
    state VARCHAR(8) NOT NULL,
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL DEFAULT 0,
    closed_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One door of a round. marked_at is the phone's word, sent_at ours.
CREATE TABLE marks (
    village_id BIGINT NOT NULL,
    round_id BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    result VARCHAR(12) NOT NULL,
    score BIGINT NOT NULL DEFAULT 0,
    faults VARCHAR(500) NOT NULL DEFAULT '',
    note VARCHAR(200) NOT NULL DEFAULT '',
    award_id BIGINT NOT NULL DEFAULT 0,
    account_id BIGINT NOT NULL DEFAULT 0,
    marked_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    op_id VARBINARY(16) NOT NULL,
    PRIMARY KEY (village_id, round_id, household_id),
    KEY marks_household (village_id, household_id, round_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Numbered paper slips: each is keyed in once or declared void.
CREATE TABLE slips (
    village_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    kind VARCHAR(12) NOT NULL,
    printed_at BIGINT NOT NULL,
    printed_by BIGINT NOT NULL DEFAULT 0,
    used_at BIGINT NOT NULL DEFAULT 0,
    used_by BIGINT NOT NULL DEFAULT 0,
    award_id BIGINT NOT NULL DEFAULT 0,
    void_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Which grids or groups a grid worker or group leader looks after.
CREATE TABLE duties (
    village_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    grid_id BIGINT NOT NULL DEFAULT 0,
    group_no BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, account_id, grid_id, group_no),
    KEY duties_account (account_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

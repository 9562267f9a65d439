-- +goose Up
-- What the meeting settles besides the rules. template_id is the county's version a
-- village took over; own_most and own_points bound what a village may add to it.
ALTER TABLE versions
    ADD COLUMN template_id BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN own_most BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN own_points BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN review VARCHAR(8) NOT NULL DEFAULT 'claims',
    ADD COLUMN second_over BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN second_late BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN objection_days BIGINT NOT NULL DEFAULT 7,
    ADD COLUMN appeal_days BIGINT NOT NULL DEFAULT 7,
    ADD COLUMN renew_on VARCHAR(10) NOT NULL DEFAULT '';

-- bands is threshold=points, in hundredths, joined by |; the name of a level stands
-- where a threshold would. once_group: of one act only the highest of these scores.
ALTER TABLE rules
    ADD COLUMN template_id BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN bands VARCHAR(1000) NOT NULL DEFAULT '',
    ADD COLUMN band_by VARCHAR(8) NOT NULL DEFAULT '',
    ADD COLUMN full_points BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN fault_points BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN faults VARCHAR(1000) NOT NULL DEFAULT '',
    ADD COLUMN once_group VARCHAR(64) NOT NULL DEFAULT '',
    ADD COLUMN recorders VARCHAR(64) NOT NULL DEFAULT '';

ALTER TABLE categories
    ADD COLUMN parent_id BIGINT NOT NULL DEFAULT 0;

-- A cap over everything in a category, besides those of its rules. covers lists the
-- categories below it at adoption: moving one later changes no version.
CREATE TABLE category_caps (
    village_id BIGINT NOT NULL,
    version_id BIGINT NOT NULL,
    category_id BIGINT NOT NULL,
    cap_times BIGINT NOT NULL DEFAULT 0,
    cap_points BIGINT NOT NULL DEFAULT 0,
    cap_period VARCHAR(8) NOT NULL,
    cap_per VARCHAR(12) NOT NULL DEFAULT 'household',
    covers MEDIUMTEXT NOT NULL,
    PRIMARY KEY (village_id, version_id, category_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The dated steps of 四议两公开 behind a version; some are written down after it came
-- into force, so they are no part of the version, which never changes.
CREATE TABLE version_steps (
    village_id BIGINT NOT NULL,
    version_id BIGINT NOT NULL,
    step VARCHAR(12) NOT NULL,
    day VARCHAR(10) NOT NULL,
    present BIGINT NOT NULL DEFAULT 0,
    voted BIGINT NOT NULL DEFAULT 0,
    place VARCHAR(64) NOT NULL DEFAULT '',
    note VARCHAR(200) NOT NULL DEFAULT '',
    photo_id BIGINT NOT NULL DEFAULT 0,
    noted_at BIGINT NOT NULL,
    noted_by BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, version_id, step)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- What the meeting settles besides the rules. template_id is the county's version a
-- village took over; own_most and own_points bound what a village may add to it.
ALTER TABLE versions ADD COLUMN template_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE versions ADD COLUMN own_most INTEGER NOT NULL DEFAULT 0;
ALTER TABLE versions ADD COLUMN own_points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE versions ADD COLUMN review TEXT NOT NULL DEFAULT 'claims';
ALTER TABLE versions ADD COLUMN second_over INTEGER NOT NULL DEFAULT 0;
ALTER TABLE versions ADD COLUMN second_late INTEGER NOT NULL DEFAULT 0;
ALTER TABLE versions ADD COLUMN objection_days INTEGER NOT NULL DEFAULT 7;
ALTER TABLE versions ADD COLUMN appeal_days INTEGER NOT NULL DEFAULT 7;
ALTER TABLE versions ADD COLUMN renew_on TEXT NOT NULL DEFAULT '';

-- bands is threshold=points, in hundredths, joined by |; the name of a level stands
-- where a threshold would. once_group: of one act only the highest of these scores.
ALTER TABLE rules ADD COLUMN template_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rules ADD COLUMN bands TEXT NOT NULL DEFAULT '';
ALTER TABLE rules ADD COLUMN band_by TEXT NOT NULL DEFAULT '';
ALTER TABLE rules ADD COLUMN full_points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rules ADD COLUMN fault_points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rules ADD COLUMN faults TEXT NOT NULL DEFAULT '';
ALTER TABLE rules ADD COLUMN once_group TEXT NOT NULL DEFAULT '';
ALTER TABLE rules ADD COLUMN recorders TEXT NOT NULL DEFAULT '';

ALTER TABLE categories ADD COLUMN parent_id INTEGER NOT NULL DEFAULT 0;

-- A cap over everything in a category, besides those of its rules. covers lists the
-- categories below it at adoption: moving one later changes no version.
CREATE TABLE category_caps (
    village_id INTEGER NOT NULL,
    version_id INTEGER NOT NULL,
    category_id INTEGER NOT NULL,
    cap_times INTEGER NOT NULL DEFAULT 0,
    cap_points INTEGER NOT NULL DEFAULT 0,
    cap_period TEXT NOT NULL,
    cap_per TEXT NOT NULL DEFAULT 'household',
    covers TEXT NOT NULL,
    PRIMARY KEY (village_id, version_id, category_id)
) STRICT, WITHOUT ROWID;

-- The dated steps of 四议两公开 behind a version; some are written down after it came
-- into force, so they are no part of the version, which never changes.
CREATE TABLE version_steps (
    village_id INTEGER NOT NULL,
    version_id INTEGER NOT NULL,
    step TEXT NOT NULL,
    day TEXT NOT NULL,
    present INTEGER NOT NULL DEFAULT 0,
    voted INTEGER NOT NULL DEFAULT 0,
    place TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    photo_id INTEGER NOT NULL DEFAULT 0,
    noted_at INTEGER NOT NULL,
    noted_by INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, version_id, step)
) STRICT, WITHOUT ROWID;

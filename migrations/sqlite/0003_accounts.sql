-- +goose Up
CREATE TABLE accounts (
    id INTEGER NOT NULL,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    password TEXT NOT NULL,
    must_change INTEGER NOT NULL DEFAULT 0,
    disabled_at INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX accounts_login ON accounts (login);

CREATE TABLE grants (
    account_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    area_id INTEGER NOT NULL,
    from_day TEXT NOT NULL DEFAULT '',
    until_day TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (account_id, role, area_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_area ON grants (area_id);

-- Sign-ins of staff (account_id) and of households at their own phones. One ends
-- after idle milliseconds without a request (expires_at), and in any case at ends_at.
CREATE TABLE sessions (
    token_hash BLOB NOT NULL,
    id INTEGER NOT NULL,
    account_id INTEGER NOT NULL DEFAULT 0,
    village_id INTEGER NOT NULL DEFAULT 0,
    household_id INTEGER NOT NULL DEFAULT 0,
    device TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    idle INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (token_hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sessions_id ON sessions (id);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_household ON sessions (village_id, household_id);

CREATE TABLE lockouts (
    scope TEXT NOT NULL,
    fails INTEGER NOT NULL,
    until INTEGER NOT NULL DEFAULT 0,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (scope)
) STRICT, WITHOUT ROWID;

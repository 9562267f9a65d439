-- +goose Up
-- One row is the idempotency record and the audit trail. The asked_hash is the
-- first 16 bytes of SHA-256 over kind, actor and content.
CREATE TABLE operations (
    village_id INTEGER NOT NULL,
    op_id BLOB NOT NULL,
    asked_hash BLOB NOT NULL,
    kind TEXT NOT NULL,
    actor_id INTEGER NOT NULL DEFAULT 0,
    session_id INTEGER NOT NULL DEFAULT 0,
    subject INTEGER NOT NULL DEFAULT 0,
    at INTEGER NOT NULL,
    result TEXT NULL,
    PRIMARY KEY (village_id, op_id)
) STRICT, WITHOUT ROWID;

-- Old and new values of administrative changes.
CREATE TABLE operation_notes (
    village_id INTEGER NOT NULL,
    op_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    field TEXT NOT NULL,
    old_value TEXT NOT NULL,
    new_value TEXT NOT NULL,
    PRIMARY KEY (village_id, op_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;

-- Which instance runs an errand now, and until when it may.
CREATE TABLE leases (
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;

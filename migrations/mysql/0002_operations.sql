-- +goose Up
-- One row is the idempotency record and the audit trail. The asked_hash is the
-- first 16 bytes of SHA-256 over kind, actor and content.
CREATE TABLE operations (
    village_id BIGINT NOT NULL,
    op_id VARBINARY(16) NOT NULL,
    asked_hash VARBINARY(16) NOT NULL,
    kind VARCHAR(24) NOT NULL,
    actor_id BIGINT NOT NULL DEFAULT 0,
    session_id BIGINT NOT NULL DEFAULT 0,
    subject BIGINT NOT NULL DEFAULT 0,
    at BIGINT NOT NULL,
    result MEDIUMTEXT NULL,
    PRIMARY KEY (village_id, op_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Old and new values of administrative changes.
CREATE TABLE operation_notes (
    village_id BIGINT NOT NULL,
    op_id VARBINARY(16) NOT NULL,
    n BIGINT NOT NULL,
    field VARCHAR(32) NOT NULL,
    old_value MEDIUMTEXT NOT NULL,
    new_value MEDIUMTEXT NOT NULL,
    PRIMARY KEY (village_id, op_id, n)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE settings (
    name VARCHAR(32) NOT NULL,
    value MEDIUMTEXT NOT NULL,
    PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Which instance runs an errand now, and until when it may.
CREATE TABLE leases (
    name VARCHAR(32) NOT NULL,
    holder VARCHAR(32) NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

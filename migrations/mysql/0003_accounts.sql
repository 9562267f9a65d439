-- +goose Up
CREATE TABLE accounts (
    id BIGINT NOT NULL,
    login VARCHAR(32) NOT NULL,
    name VARCHAR(64) NOT NULL,
    password VARCHAR(128) NOT NULL,
    must_change BIGINT NOT NULL DEFAULT 0,
    disabled_at BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    UNIQUE KEY accounts_login (login)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE grants (
    account_id BIGINT NOT NULL,
    role VARCHAR(12) NOT NULL,
    area_id BIGINT NOT NULL,
    from_day VARCHAR(10) NOT NULL DEFAULT '',
    until_day VARCHAR(10) NOT NULL DEFAULT '',
    PRIMARY KEY (account_id, role, area_id),
    KEY grants_area (area_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Sign-ins of staff (account_id) and of households at their own phones. One ends
-- after idle milliseconds without a request (expires_at), and in any case at ends_at.
CREATE TABLE sessions (
    token_hash VARBINARY(32) NOT NULL,
    id BIGINT NOT NULL,
    account_id BIGINT NOT NULL DEFAULT 0,
    village_id BIGINT NOT NULL DEFAULT 0,
    household_id BIGINT NOT NULL DEFAULT 0,
    device VARCHAR(64) NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    idle BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (token_hash),
    UNIQUE KEY sessions_id (id),
    KEY sessions_account (account_id),
    KEY sessions_household (village_id, household_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE lockouts (
    scope VARCHAR(96) NOT NULL,
    fails BIGINT NOT NULL,
    until BIGINT NOT NULL DEFAULT 0,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (scope)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- A file waiting for its reader to say how the columns are meant.
CREATE TABLE uploads (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind VARCHAR(12) NOT NULL,
    name VARCHAR(120) NOT NULL,
    file_hash VARBINARY(32) NOT NULL,
    body LONGBLOB NOT NULL,
    choice MEDIUMTEXT NOT NULL,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (village_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A file that went in. The key refuses the same file a second time.
CREATE TABLE imports (
    village_id BIGINT NOT NULL,
    kind VARCHAR(12) NOT NULL,
    file_hash VARBINARY(32) NOT NULL,
    name VARCHAR(120) NOT NULL,
    row_count BIGINT NOT NULL,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    op_id VARBINARY(16) NOT NULL,
    PRIMARY KEY (village_id, kind, file_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

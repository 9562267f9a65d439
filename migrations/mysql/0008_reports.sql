-- +goose Up
-- A closed quarter: the sheet as it stood, which never changes again.
CREATE TABLE returns (
    village_id BIGINT NOT NULL,
    quarter BIGINT NOT NULL,
    state VARCHAR(8) NOT NULL,
    sheet MEDIUMTEXT NOT NULL,
    code VARCHAR(16) NOT NULL,
    closed_at BIGINT NOT NULL,
    closed_by BIGINT NOT NULL,
    PRIMARY KEY (village_id, quarter)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Sheets that left the house with a check code: what they were, for whoever
-- verifies the code.
CREATE TABLE documents (
    code VARCHAR(16) NOT NULL,
    area_id BIGINT NOT NULL,
    kind VARCHAR(16) NOT NULL,
    title VARCHAR(120) NOT NULL,
    summary MEDIUMTEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL,
    PRIMARY KEY (code),
    KEY documents_area (area_id, made_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

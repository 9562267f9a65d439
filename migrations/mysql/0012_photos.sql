-- +goose Up
-- Photos as we drew them anew: no metadata, bounded pixels and bytes.
CREATE TABLE photos (
    village_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind VARCHAR(12) NOT NULL,
    subject_id BIGINT NOT NULL DEFAULT 0,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    size BIGINT NOT NULL,
    file_hash VARBINARY(32) NOT NULL,
    body MEDIUMBLOB NOT NULL,
    made_by BIGINT NOT NULL DEFAULT 0,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (village_id, id),
    KEY photos_subject (village_id, subject_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a village's photos weigh, kept under the same transaction: its quota.
CREATE TABLE photo_sums (
    village_id BIGINT NOT NULL,
    size BIGINT NOT NULL,
    photos BIGINT NOT NULL,
    PRIMARY KEY (village_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- InnoDB keeps its own statistics; the step exists so that both folders are
-- numbered alike.
SELECT 1;

-- +goose Up
-- Every key begins with the village, and without statistics SQLite takes a
-- village for a handful of rows: it would walk all of a village's awards to find
-- one household's. These figures are a village's after some years; only their
-- proportions matter.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('households', 'households', '15000 300 1'),
    ('households', 'households_number', '15000 300 1'),
    ('households', 'households_group', '15000 300 40 1'),
    ('members', 'members', '60000 1200 1'),
    ('members', 'members_household', '60000 1200 4'),
    ('links', 'links', '5000 100 1'),
    ('links', 'links_account', '5000 2'),
    ('links', 'links_household', '5000 100 2'),
    ('entries', 'entries', '5000000 100000 300 1'),
    ('entries', 'entries_month', '5000000 100000 1600'),
    ('awards', 'awards', '5000000 100000 1'),
    ('awards', 'awards_household', '5000000 100000 300 2'),
    ('awards', 'awards_notice', '5000000 100000 1600 1600 5'),
    ('redemptions', 'redemptions', '1000000 20000 1'),
    ('redemptions', 'redemptions_household', '1000000 20000 60 1'),
    ('redemptions', 'redemptions_month', '1000000 20000 400 1'),
    ('vouchers', 'vouchers', '200000 4000 1'),
    ('vouchers', 'vouchers_household', '200000 4000 15 1'),
    ('vouchers', 'vouchers_code', '200000 4000 4000 1'),
    ('vouchers', 'vouchers_open', '200000 4000 15 5'),
    ('vouchers', 'vouchers_token', '200000 1');
-- Once more, so that the connection at work reads them too.
ANALYZE sqlite_schema;

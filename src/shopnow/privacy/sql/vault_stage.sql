-- Purpose: what a batch says about persons, by digest; no value, readable or sealed, is in it.
-- Grain: one row a subject and attribute.
CREATE TEMPORARY TABLE vault_said (
    statement_no bigint NOT NULL,
    subject_no bigint NOT NULL,
    attribute text NOT NULL,
    said_at timestamptz NOT NULL,
    value_digest bytea NOT NULL,
    delivery_key bigint NOT NULL,
    email_lookup bytea
) ON COMMIT DROP

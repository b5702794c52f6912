-- The schemas of the warehouse, who may not use them, and the table of applied migrations.

CREATE SCHEMA staging;
COMMENT ON SCHEMA staging IS 'Deliveries (logged) and their rows as delivered (unlogged, re-read from the sealed file).';
CREATE SCHEMA history;
COMMENT ON SCHEMA history IS 'Change logs of the dimensions, superseded versions, changes of facts.';
CREATE SCHEMA quality;
COMMENT ON SCHEMA quality IS 'Rejects, cleanings, results of rules.';
CREATE SCHEMA dwh;
COMMENT ON SCHEMA dwh IS 'Dimensions and facts.';
CREATE SCHEMA mart;
COMMENT ON SCHEMA mart IS 'Tables that analysts read.';
CREATE SCHEMA seller;
COMMENT ON SCHEMA seller IS 'Views for sellers: each sees its own rows.';
CREATE SCHEMA legacy;
COMMENT ON SCHEMA legacy IS 'The tables of the former warehouse, as views.';
CREATE SCHEMA privacy;
COMMENT ON SCHEMA privacy IS 'Vault, subjects, register, requests.';
CREATE SCHEMA journal;
COMMENT ON SCHEMA journal IS 'What ran, who did what, what was measured.';
CREATE SCHEMA security;
COMMENT ON SCHEMA security IS 'Registry of sellers and map of accesses.';
CREATE SCHEMA desk;
COMMENT ON SCHEMA desk IS 'Tickets.';
CREATE SCHEMA jobs;
COMMENT ON SCHEMA jobs IS 'Job queue.';

-- Nobody gets a right by being nobody in particular.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
END
$$;

CREATE TABLE journal.migration (
    number integer NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL,
    CONSTRAINT migration_pkey PRIMARY KEY (number),
    -- A digest is 64 hexadecimal digits.
    CONSTRAINT migration_sha256_is_digest CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE journal.migration IS 'Migrations applied to this database; grain: one file.';
COMMENT ON COLUMN journal.migration.number IS 'The number that begins the name of the file.';
COMMENT ON COLUMN journal.migration.name IS 'The name of the file.';
COMMENT ON COLUMN journal.migration.sha256 IS 'Digest of its content when it was applied; a file that differs is refused.';
COMMENT ON COLUMN journal.migration.applied_at IS 'When it was applied.';

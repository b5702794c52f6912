-- Accesses: who was let in, as what, until when. The map of sellers (seller_access) says whose rows
-- each role sees; this table says what each role is. Both follow the access ledger, which lies
-- outside the database and outlives a restore.

CREATE TABLE security.access (
    role_name text NOT NULL,
    label text NOT NULL,
    kind text NOT NULL,
    member_of text NOT NULL,
    can_login boolean NOT NULL,
    web_login text,
    granted_at timestamptz NOT NULL,
    expires_at timestamptz,
    suspended boolean NOT NULL DEFAULT FALSE,
    password_at timestamptz,
    reviewed_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT access_pkey PRIMARY KEY (role_name),
    CONSTRAINT access_kind_is_known CHECK (kind IN ('seller', 'staff')),
    CONSTRAINT access_of_seller_is_of_the_group CHECK (
        (kind = 'seller') = (member_of = 'shopnow_seller')
    ),
    -- Only a login has a password, and only a seller's role is taken by a login of the pages.
    CONSTRAINT access_password_is_of_a_login CHECK (can_login OR password_at IS NULL),
    CONSTRAINT access_pages_are_of_sellers CHECK (kind = 'seller' OR web_login IS NULL)
);
-- Two accesses that are open at once have two names.
CREATE UNIQUE INDEX access_open_label_key ON security.access (label) WHERE revoked_at IS NULL;
CREATE INDEX access_web_login_idx ON security.access (web_login) WHERE revoked_at IS NULL;
COMMENT ON TABLE security.access IS
'Accesses, revoked ones included; grain: one role of the server that was made for one.';
COMMENT ON COLUMN security.access.role_name IS
'The role; opaque for sellers, because every login can read the names of roles.';
COMMENT ON COLUMN security.access.label IS 'The name by which administrators know the access.';
COMMENT ON COLUMN security.access.kind IS 'Seller or staff.';
COMMENT ON COLUMN security.access.member_of IS 'The declared role whose rights it has.';
COMMENT ON COLUMN security.access.can_login IS
'Whether it may connect with a password; else only the pages take it.';
COMMENT ON COLUMN security.access.web_login IS 'The login of the pages that may take the role.';
COMMENT ON COLUMN security.access.granted_at IS 'When it was granted, UTC.';
COMMENT ON COLUMN security.access.expires_at IS 'When it ends by itself, UTC; null: not.';
COMMENT ON COLUMN security.access.suspended IS 'Whether it shows no row until it is resumed.';
COMMENT ON COLUMN security.access.password_at IS 'When its password was last drawn, UTC.';
COMMENT ON COLUMN security.access.reviewed_at IS 'When a review last confirmed it, UTC.';
COMMENT ON COLUMN security.access.revoked_at IS 'When it was taken back, UTC; null while open.';

-- A role of a seller sees those merged into it too. Such rows follow the bridges; the row that was
-- granted has no seller in between.
ALTER TABLE security.seller_access ADD COLUMN via_seller_no integer;
COMMENT ON COLUMN security.seller_access.via_seller_no IS
'The granted seller into which this one was merged; null where it was granted itself.';

-- Runs in the transaction of a merge or of its end. The loader may not write the map of accesses:
-- the function adds what bridges say and nothing else.
CREATE FUNCTION security.follow_merges()
RETURNS bigint
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH RECURSIVE led AS (
        SELECT
            bridge.seller_no,
            bridge.merged_into AS survivor_no
        FROM security.seller_bridge AS bridge
        WHERE bridge.valid_to = '9999-12-31 00:00+00'
        UNION
        SELECT
            led.seller_no,
            bridge.merged_into
        FROM led
        INNER JOIN security.seller_bridge AS bridge
            ON bridge.seller_no = led.survivor_no
                AND bridge.valid_to = '9999-12-31 00:00+00'
    ),

    wanted AS (
        SELECT DISTINCT ON (granted.role_name, led.seller_no)
            granted.role_name,
            led.seller_no,
            granted.granted_at,
            granted.expires_at,
            granted.suspended,
            granted.seller_no AS via_seller_no
        FROM security.seller_access AS granted
        INNER JOIN led
            ON led.survivor_no = granted.seller_no
        WHERE granted.via_seller_no IS NULL AND led.seller_no <> granted.seller_no
        ORDER BY granted.role_name ASC, led.seller_no ASC, granted.seller_no ASC
    ),

    ended AS (
        DELETE FROM security.seller_access AS stale
        WHERE stale.via_seller_no IS NOT NULL
            AND NOT EXISTS (
                SELECT 1
                FROM wanted
                WHERE wanted.role_name = stale.role_name AND wanted.seller_no = stale.seller_no
            )
        RETURNING stale.role_name
    ),

    begun AS (
        INSERT INTO security.seller_access AS present (
            role_name, seller_no, granted_at, expires_at, suspended, via_seller_no
        )
        SELECT
            wanted.role_name,
            wanted.seller_no,
            wanted.granted_at,
            wanted.expires_at,
            wanted.suspended,
            wanted.via_seller_no
        FROM wanted
        -- What was granted itself stays as it was granted.
        ON CONFLICT (role_name, seller_no) DO UPDATE
            SET
                expires_at = excluded.expires_at,
                suspended = excluded.suspended,
                via_seller_no = excluded.via_seller_no
            WHERE present.via_seller_no IS NOT NULL
        RETURNING present.role_name
    )

    SELECT (SELECT count(*) FROM ended) + (SELECT count(*) FROM begun)
$$;
COMMENT ON FUNCTION security.follow_merges() IS
'Let the roles of a seller see the sellers merged into it, and no longer those that were.';

-- Who may enter the pages, and who is inside: no password, only its Argon2 hash; no session token,
-- only its digest.

CREATE TABLE security.web_account (
    login text NOT NULL,
    password_hash text NOT NULL,
    role_name text NOT NULL,
    pool_login text NOT NULL DEFAULT 'shopnow_web_staff',
    made_at timestamptz NOT NULL,
    expires_at timestamptz,
    suspended_at timestamptz,
    CONSTRAINT web_account_pkey PRIMARY KEY (login),
    CONSTRAINT web_account_login_is_plain CHECK (login ~ '^[a-z0-9][a-z0-9._-]{1,39}$')
);

CREATE TABLE security.web_session (
    digest bytea NOT NULL,
    login text NOT NULL,
    opened_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    CONSTRAINT web_session_pkey PRIMARY KEY (digest),
    CONSTRAINT web_session_account_fkey
    FOREIGN KEY (login) REFERENCES security.web_account (login) ON DELETE CASCADE
);
CREATE INDEX web_session_login_idx ON security.web_session (login);

COMMENT ON TABLE security.web_account IS 'Comptes des pages : qui entre, sous quel rôle de la base';
COMMENT ON COLUMN security.web_account.login IS 'Nom de connexion.';
COMMENT ON COLUMN security.web_account.password_hash IS 'Empreinte Argon2id du mot de passe.';
COMMENT ON COLUMN security.web_account.role_name IS
'Rôle de la base sous lequel chaque page est lue : un rôle du personnel, ou celui d''un vendeur.';
COMMENT ON COLUMN security.web_account.pool_login IS
'Connexion des pages qui prend ce rôle le temps d''une transaction.';
COMMENT ON COLUMN security.web_account.made_at IS 'Création, UTC.';
COMMENT ON COLUMN security.web_account.expires_at IS 'Fin de validité, UTC ; vide : sans fin.';
COMMENT ON COLUMN security.web_account.suspended_at IS 'Suspension, UTC ; vide : actif.';
COMMENT ON TABLE security.web_session IS 'Sessions ouvertes sur les pages';
COMMENT ON COLUMN security.web_session.digest IS 'SHA-256 du jeton de session, qui n''est écrit nulle part.';
COMMENT ON COLUMN security.web_session.login IS 'Compte.';
COMMENT ON COLUMN security.web_session.opened_at IS 'Ouverture, UTC.';
COMMENT ON COLUMN security.web_session.seen_at IS 'Dernière page vue, à la minute près, UTC.';

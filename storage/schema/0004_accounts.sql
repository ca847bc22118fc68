-- Accounts: who may sign in besides those who answer, the second factor, and sessions that outlive a restart (R20).

ALTER TABLE agents
    ADD COLUMN must_change_password boolean NOT NULL DEFAULT false,
    ADD COLUMN disabled boolean NOT NULL DEFAULT false,
    ADD COLUMN totp_confirmed boolean NOT NULL DEFAULT false,
    ADD COLUMN totp_step bigint NOT NULL DEFAULT 0,
    ADD COLUMN recovery_codes text[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT agents_confirmed_totp_has_a_secret CHECK (NOT totp_confirmed OR totp_secret IS NOT NULL),
    ADD CONSTRAINT agents_removed_have_no_second_factor CHECK (
        active OR (totp_secret IS NULL AND recovery_codes = '{}')
    );
COMMENT ON COLUMN agents.totp_step IS 'The 30-second step of the last code that was used (RFC 6238): it and earlier ones are refused.';
COMMENT ON COLUMN agents.recovery_codes IS 'SHA-256, hexadecimal, of the codes that are still unused; each has 79 bits of chance.';

CREATE TABLE sessions (
    token_sha256 bytea CONSTRAINT sessions_pk PRIMARY KEY,
    id text NOT NULL CONSTRAINT sessions_id_once UNIQUE,
    name text NOT NULL,
    begun_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    CONSTRAINT sessions_belong_to_somebody FOREIGN KEY (name) REFERENCES agents (name),
    CONSTRAINT sessions_token_is_hashed CHECK (length(token_sha256) = 32),
    CONSTRAINT sessions_seen_after_begin CHECK (seen_at >= begun_at)
);
COMMENT ON TABLE sessions IS 'Who is signed in. Only hashes of tokens: whoever reads this table cannot sign in with it.';

CREATE INDEX sessions_by_name ON sessions (name);

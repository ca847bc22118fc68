-- The audit trail: who read or changed what, each row chained to the one before (R20). Nothing here is ever changed.

CREATE TABLE audit (
    seq bigint CONSTRAINT audit_pk PRIMARY KEY,
    id text NOT NULL CONSTRAINT audit_each_entry_once UNIQUE,
    at timestamptz NOT NULL,
    who text NOT NULL,
    role text NOT NULL,
    what text NOT NULL,
    object text NOT NULL,
    source text NOT NULL,
    result text NOT NULL,
    detail jsonb NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_seq_counts_from_one CHECK (seq >= 1),
    CONSTRAINT audit_hashes_are_sha256 CHECK (length(previous) = 32 AND length(hash) = 32)
);
COMMENT ON TABLE audit IS
    'hash = SHA-256 of previous and of the row as JSON (agents.audit.chain); previous is the hash of seq - 1, zeros for the first.';

CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_who ON audit (who, at);
CREATE INDEX audit_by_object ON audit (object, at);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

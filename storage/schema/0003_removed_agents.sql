-- Whoever was removed gives back the extension and loses every password; the row stays, because records name it.

ALTER TABLE agents
    DROP CONSTRAINT agents_extension_once,
    DROP CONSTRAINT agents_who_answer_have_a_phone,
    ADD CONSTRAINT agents_who_answer_have_a_phone CHECK (
        NOT active
        OR role NOT IN ('operator', 'supervisor')
        OR num_nulls(extension, sip_password, level) = 0
    ),
    ADD CONSTRAINT agents_removed_have_no_password CHECK (active OR num_nonnulls(sip_password, password_hash) = 0);

CREATE UNIQUE INDEX agents_extension_once ON agents (extension) WHERE active;

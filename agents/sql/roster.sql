-- The living roster and the other accounts. Removed people stay, not active, because records name them; their
-- extension is free again.

-- name: everybody
SELECT name, title, extension, sip_password, level, role, skills, password_hash, must_change_password, disabled,
    totp_secret, totp_confirmed, totp_step, recovery_codes
FROM agents
WHERE active
ORDER BY extension, name;

-- name: is_empty
SELECT NOT EXISTS (SELECT FROM agents);

-- name: put
-- Adds somebody, or takes somebody removed back. A name that is active is left alone: no row is affected.
INSERT INTO agents (
    name, title, extension, sip_password, level, role, skills, password_hash, must_change_password, disabled,
    totp_secret, totp_confirmed, totp_step, recovery_codes
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT ON CONSTRAINT agents_pk DO UPDATE SET
    title = excluded.title,
    extension = excluded.extension,
    sip_password = excluded.sip_password,
    level = excluded.level,
    role = excluded.role,
    skills = excluded.skills,
    password_hash = excluded.password_hash,
    must_change_password = excluded.must_change_password,
    disabled = excluded.disabled,
    totp_secret = excluded.totp_secret,
    totp_confirmed = excluded.totp_confirmed,
    totp_step = excluded.totp_step,
    recovery_codes = excluded.recovery_codes,
    active = true,
    changed_at = now()
WHERE NOT agents.active;

-- name: change
-- totp_step only grows: a change that was begun before a sign-in must not let its code be used again.
UPDATE agents SET
    title = $2,
    extension = $3,
    sip_password = $4,
    level = $5,
    role = $6,
    skills = $7,
    password_hash = $8,
    must_change_password = $9,
    disabled = $10,
    totp_secret = $11,
    totp_confirmed = $12,
    totp_step = greatest(totp_step, $13),
    recovery_codes = $14,
    changed_at = now()
WHERE name = $1 AND active;

-- name: remove
UPDATE agents SET
    active = false,
    sip_password = NULL,
    password_hash = NULL,
    totp_secret = NULL,
    totp_confirmed = false,
    recovery_codes = '{}',
    changed_at = now()
WHERE name = $1 AND active;

-- name: use_step
-- No row: this code, or a later one, was used already.
UPDATE agents SET totp_step = $2 WHERE name = $1 AND totp_step < $2 RETURNING name;

-- name: use_recovery_code
-- No row: this code was used already.
UPDATE agents SET recovery_codes = array_remove(recovery_codes, $2)
WHERE name = $1 AND $2 = ANY (recovery_codes)
RETURNING name;

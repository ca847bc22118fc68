-- The living roster. Removed people stay, not active, because records name them; their extension is free again.

-- name: everybody
SELECT name, title, extension, sip_password, level, role, skills, password_hash
FROM agents
WHERE active AND role IN ('operator', 'supervisor')
ORDER BY extension;

-- name: is_empty
SELECT NOT EXISTS (SELECT FROM agents);

-- name: put
-- Adds somebody, or takes somebody removed back. A name that is active is left alone: no row is affected.
INSERT INTO agents (name, title, extension, sip_password, level, role, skills, password_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT ON CONSTRAINT agents_pk DO UPDATE SET
    title = excluded.title,
    extension = excluded.extension,
    sip_password = excluded.sip_password,
    level = excluded.level,
    role = excluded.role,
    skills = excluded.skills,
    password_hash = excluded.password_hash,
    active = true,
    changed_at = now()
WHERE NOT agents.active;

-- name: change
UPDATE agents SET
    title = $2,
    extension = $3,
    sip_password = $4,
    level = $5,
    role = $6,
    skills = $7,
    password_hash = $8,
    changed_at = now()
WHERE name = $1 AND active;

-- name: remove
UPDATE agents SET active = false, sip_password = NULL, password_hash = NULL, changed_at = now()
WHERE name = $1 AND active;

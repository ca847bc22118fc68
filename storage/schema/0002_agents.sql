-- The living roster: who answers, and who else signs in.

CREATE TABLE agents (
    name text CONSTRAINT agents_pk PRIMARY KEY,
    title text NOT NULL,
    extension text CONSTRAINT agents_extension_once UNIQUE,
    sip_password text,
    level text,
    role text NOT NULL DEFAULT 'operator',
    skills jsonb NOT NULL DEFAULT '{}',
    active boolean NOT NULL DEFAULT true,
    password_hash text,
    totp_secret text,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT agents_name_is_slug CHECK (name ~ '^[a-z][a-z0-9-]{0,39}$'),
    CONSTRAINT agents_extension_is_digits CHECK (extension ~ '^[1-9][0-9]{2,5}$'),
    CONSTRAINT agents_sip_password_long_enough CHECK (length(sip_password) >= 12),
    CONSTRAINT agents_role_known CHECK (role IN ('operator', 'supervisor', 'manager', 'city', 'ops')),
    CONSTRAINT agents_who_answer_have_a_phone CHECK (
        role NOT IN ('operator', 'supervisor') OR num_nulls(extension, sip_password, level) = 0
    ),
    CONSTRAINT agents_skills_are_weights CHECK (
        jsonb_typeof(skills) = 'object'
        AND NOT jsonb_path_exists(skills, '$.* ? (@.type() != "number" || @ < 0 || @ > 10)')
    )
);
COMMENT ON TABLE agents IS 'Operators and others who sign in (R2, R20). Removed ones stay, not active: records name them.';
COMMENT ON COLUMN agents.skills IS '{skill: weight 0-10}';

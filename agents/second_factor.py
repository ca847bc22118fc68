"""The second factor: one-time codes of an authenticator (TOTP, RFC 6238) and recovery codes.

Which code was used last is kept by the roster; here is only what is right at a time.
"""

import hashlib
from hmac import compare_digest

import pyotp

from agents.passwords import new_password

STEP_S = 30
DRIFT_STEPS = 1
"""A telephone's clock may be half a minute off on either side (RFC 6238, section 5.2)."""

DIGITS = 6
RECOVERY_CODES = 10
ISSUER = "Madoguchi"


def new_secret() -> str:
    """Return a new secret: 160 bits, base32 (RFC 4226, section 4)."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, user: str) -> str:
    """Return the ``otpauth`` URI that an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=ISSUER)


def step_of(secret: str, code: str, now: float) -> int | None:
    """Return the step whose code this is, among the few that are right at *now* (seconds since 1970)."""
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    totp, present = pyotp.TOTP(secret), int(now) // STEP_S
    steps = range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1)
    right = [step for step in steps if compare_digest(totp.generate_otp(step), code)]
    return right[-1] if right else None


def codes_around(secret: str, now: float) -> tuple[str, ...]:
    """Return the codes that are right at *now*, the oldest first; the middle one is what is shown."""
    totp, present = pyotp.TOTP(secret), int(now) // STEP_S
    return tuple(totp.generate_otp(present + drift) for drift in range(-DRIFT_STEPS, DRIFT_STEPS + 1))


def new_recovery_codes() -> tuple[str, ...]:
    """Return codes for a lost authenticator, each good once."""
    return tuple(new_password() for _ in range(RECOVERY_CODES))


def recovery_digest(code: str) -> str:
    """Return what is kept of a recovery code. With 79 bits of chance it needs no slow hash."""
    return hashlib.sha256(code.strip().lower().encode(errors="replace")).hexdigest()

"""Addresses that are about accounts: signing in, one's own account, everybody's, the audit trail."""

from http import HTTPStatus

from agents.roles import EVERYONE, Role
from agents.web import accounts, audit, own_account, session, shapes
from agents.web.routes import PUBLIC, Route

_OPS = frozenset({Role.OPS})
_READS_AUDIT = frozenset({Role.OPS, Role.MANAGER})

_CREATED, _DONE = HTTPStatus.CREATED, HTTPStatus.NO_CONTENT
_CONFLICT, _THROTTLED, _NOT_IN = (
    HTTPStatus.CONFLICT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.UNAUTHORIZED,
)

_SESSION = (
    Route(
        "POST",
        "/api/session",
        session.sign_in,
        PUBLIC,
        "Sign in",
        session.Credentials,
        answer=shapes.SessionShape,
        status=_CREATED,
        errors=(_NOT_IN, _THROTTLED),
    ),
    Route(
        "GET",
        "/api/session",
        session.who_am_i,
        EVERYONE,
        "Who is signed in",
        answer=shapes.WhoShape,
        personal=False,
        first_steps=True,
    ),
    Route(
        "DELETE",
        "/api/session",
        session.sign_out,
        EVERYONE,
        "Sign out",
        status=_DONE,
        errors=(_CONFLICT,),
        first_steps=True,
    ),
    Route(
        "POST",
        "/api/account/password",
        own_account.change_password,
        EVERYONE,
        "Change one's own password",
        own_account.PasswordChange,
        status=_DONE,
        errors=(_CONFLICT, _THROTTLED),
        first_steps=True,
    ),
    Route(
        "POST",
        "/api/account/totp",
        own_account.begin_enrolment,
        EVERYONE,
        "Begin to enrol an authenticator",
        own_account.EnrolmentWish,
        answer=shapes.EnrolmentShape,
        status=_CREATED,
        errors=(_CONFLICT, _THROTTLED),
        first_steps=True,
    ),
    Route(
        "POST",
        "/api/account/totp/confirmation",
        own_account.confirm_enrolment,
        EVERYONE,
        "Confirm the authenticator by its first code",
        own_account.Confirmation,
        answer=shapes.RecoveryCodes,
        status=_CREATED,
        errors=(_CONFLICT,),
        first_steps=True,
    ),
)

_ACCOUNTS = (
    Route(
        "GET",
        "/api/accounts",
        accounts.list_accounts,
        _READS_AUDIT,
        "Everybody who may sign in",
        answer=shapes.AccountList,
    ),
    Route(
        "POST",
        "/api/accounts",
        accounts.add_account,
        _OPS,
        "Make an account without a phone",
        accounts.AccountWish,
        answer=shapes.AccountShape,
        status=_CREATED,
        errors=(_CONFLICT,),
    ),
    Route(
        "GET",
        "/api/accounts/{name}",
        accounts.one_account,
        _READS_AUDIT,
        "One account",
        answer=shapes.AccountShape,
    ),
    Route(
        "PATCH",
        "/api/accounts/{name}",
        accounts.change_account,
        _OPS,
        "Disable or enable, new password, reset the second factor",
        accounts.AccountChange,
        answer=shapes.AccountShape,
        errors=(_CONFLICT,),
    ),
    Route(
        "GET",
        "/api/audit",
        audit.list_audit,
        _READS_AUDIT,
        "The audit trail",
        query=audit.AuditQuery,
        answer=shapes.AuditList,
    ),
    Route(
        "GET",
        "/api/audit/verification",
        audit.verify_audit,
        _READS_AUDIT,
        "Whether the audit trail is whole",
        answer=shapes.AuditVerdict,
    ),
)

ACCESS_ROUTES = (*_SESSION, *_ACCOUNTS)

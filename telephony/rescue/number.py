"""Which numbers we call back: possible ones in Japan that cost nobody more than a call, and never our own."""

import phonenumbers
from phonenumbers import PhoneNumberType

_HOME, _HOME_CODE = "JP", 81
_CALLABLE = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.TOLL_FREE,
    }
)
"""Not premium rate (0990), shared cost (0570), pagers (020)."""


def callable_number(text: str | None, own: frozenset[str]) -> str | None:
    """Return *text* (national or E.164) in E.164 if we may call it, else None. *own* are the centre's."""
    try:
        parsed = phonenumbers.parse(text or "", _HOME)
    except phonenumbers.NumberParseException:
        return None
    if parsed.country_code != _HOME_CODE or not phonenumbers.is_valid_number(parsed):
        return None
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return written if phonenumbers.number_type(parsed) in _CALLABLE and written not in own else None

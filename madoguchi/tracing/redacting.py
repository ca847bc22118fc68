"""What nobody needs to see of a SIP message who looks for a fault: credentials, keys, whole numbers."""

import re

HIDDEN = "(hidden)"
_CREDENTIALS = re.compile(r"(?im)^((?:proxy-)?(?:authorization|authenticate)|www-authenticate)(\s*:).*$")
_KEYS = re.compile(r"(?im)^(a=crypto:\d+ \S+ inline:)\S+")
_NUMBER = re.compile(r"(?<![\d.])(\+?\d{3})\d{4,}(\d{2})(?![\d.])")
_ADDRESSED = re.compile(r"(?i)(?<=sip:)\+?\d{9,15}(?=[@;>])|(?<=tel:)\+?\d{9,15}")


def redacted(text: str) -> str:
    """Return *text* with credentials and keys hidden, and numbers in addresses shortened."""
    without = _KEYS.sub(rf"\g<1>{HIDDEN}", _CREDENTIALS.sub(rf"\1\2 {HIDDEN}", text))
    return _ADDRESSED.sub(lambda found: _NUMBER.sub(r"\1…\2", found[0]), without)

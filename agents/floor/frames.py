"""A WebSocket text frame as bytes, so that one encoding does for every listener.

What a server sends is not masked (RFC 6455, 5.1), so the same bytes are right for all of them.
"""

from struct import pack

FINAL_TEXT = 0x81
"""FIN set, opcode 1 (RFC 6455, 5.2)."""

LONGEST_SHORT, LONGEST_MEDIUM = 125, 0xFFFF
MEDIUM, LONG = 126, 127


def text_frame(payload: bytes) -> bytes:
    """Return *payload* (UTF-8) as one final, unmasked text frame."""
    size = len(payload)
    if size <= LONGEST_SHORT:
        head = pack("!BB", FINAL_TEXT, size)
    elif size <= LONGEST_MEDIUM:
        head = pack("!BBH", FINAL_TEXT, MEDIUM, size)
    else:
        head = pack("!BBQ", FINAL_TEXT, LONG, size)
    return head + payload

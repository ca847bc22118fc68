"""Exactly the right ears, with other people's programs at every end: Chromium, SIPp and baresip."""

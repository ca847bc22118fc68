"""The console in a real browser (Debian's Chromium), on a running centre, with a citizen who really calls."""

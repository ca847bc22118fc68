"""Who gets a processor first: prefixes of a command, nice(1).

The controller is one thread among Asterisk's, of which each call has one. Where a thousand callers wait, a
fair share is a thousandth, and everybody waits for the controller. What it starts itself inherits its place,
so long work steps back.
"""

AHEAD = ("nice", "-n", "-15")
"""Does little at a time, and calls wait for it. Who may not ask for it is told so, and runs as others do."""

BEHIND = ("nice", "-n", "34")
"""Long work that calls come before: the last place (19), also when whoever starts it is ahead."""

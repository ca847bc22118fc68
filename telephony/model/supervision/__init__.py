"""A supervisor on somebody else's call: listens, whispers, barges in, takes over (R15, R17; ADR 21).

A small state machine of its own beside the calls': `session` is what it knows, `table` what may happen when.
"""

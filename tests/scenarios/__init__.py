"""Written scenarios that run on the simulated and on the real Asterisk, and must come out the same."""

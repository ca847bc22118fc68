"""A simulated Asterisk under a fake clock: the real controller lives, dies and comes back on it, by seed."""

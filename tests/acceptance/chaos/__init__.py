"""Chaos: every part is killed or frozen while people talk, wait and call; a judge looks at what they got."""

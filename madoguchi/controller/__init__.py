"""One controller while it leads, from its connections to its addresses; ``madoguchi.app`` runs it.

`connections` opens what it talks to, `calls` drives the calls over them, `taking_up` puts it where the
controller before it was, `in_force` is the plan that publishing changes while calls are up, `site` is what
it serves, and `life` is its whole life.
"""

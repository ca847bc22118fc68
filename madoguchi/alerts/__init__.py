"""Alerts of the running centre: what is looked at (`sources`), and from when on it is one (`rules`).

`watching` looks again and again, `gate` keeps alerts from coming and going, `outbox` and `posting` tell
people by e-mail and webhook, and `memory` carries all of it over a restart (docs/adr/0025-alerts.md).
"""

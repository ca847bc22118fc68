"""A caller goes from an operator to somebody else (R8–R10; ADR 24).

`target` is what a transfer is, `beginning` takes the caller from the operator, `sending` sends them on or
back, `outside` is the talk with a place of the referral list. What may happen when: the calls' one table.
"""

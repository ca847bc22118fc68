"""What supervisors change about a queue for a while: a pause, a limit, other tiers (R2, R3, R17).

A measure always has an end, at which it ends by itself: nobody can forget one, and with it the callers in
that queue. Reads no clock; whoever takes a measure says until when.
"""

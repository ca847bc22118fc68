"""The audit trail (R20): who read or changed what, from where, with what result; every row is chained.

An entry goes into a spool on this machine first (`trail`, `spool`), so that nobody waits for PostgreSQL, and
from there in order into the table ``audit`` (`table`), where it gets its place in the `chain`. ADR 15.
"""

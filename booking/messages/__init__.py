"""Tells citizens by SMS and e-mail about their reservations: confirmed, moved, cancelled, soon due (R5).

Only whoever wants it, at most once, and never in a booking's way: the worker plans and sends (`sending`).
"""

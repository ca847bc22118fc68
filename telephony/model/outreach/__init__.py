"""Outreach calls: an operator calls somebody on the city's list (R18, ADR 29).

Who may be called, and how often, is decided before anything comes here (``booking.outreach``).
"""

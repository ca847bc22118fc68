"""Calls that urge businesses and care homes to ask for applications at their place (R18).

The list comes from the city; the database holds to what was agreed: when, how many a day, and to whom not.
A call is placed for a row of ``outreach_calls``, which only `dial` writes, and dials that row's number:
nothing else can be dialled (ADR 29).
"""

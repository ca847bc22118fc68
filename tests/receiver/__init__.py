"""A reference receiver: what a city's own system does with changes, and all that can go wrong there.

It is written from docs/interface.md alone and shares no code with the delivery that it judges.
"""

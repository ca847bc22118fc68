"""Tells the city's own reservation system every change, each once and in order (R7, docs/adr/0017).

The changes stand in the table ``outbox``, written with the reservations themselves. The worker delivers
(`delivering`), the controller tells people what is not delivered (`watching`).
"""

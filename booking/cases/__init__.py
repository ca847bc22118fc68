"""What is left to do for a citizen: the city's callbacks, complaints, messages, failures (R11, R12).

Some begin in a call's journal (``telephony.archive`` opens them), others are opened here by an operator. Who
may take which step is one table (`rules`); e-mails are queued by the database and sent by the worker.
"""

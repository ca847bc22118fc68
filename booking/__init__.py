"""What citizens call about: venues, slots and reservations (R5-R8).

The floor above ``agents``. PostgreSQL's constraints decide who gets a seat; this code only asks. Rules that
need no database are pure: ``mynumber``, ``numbers``, ``search_keys``, ``opening``, ``timetable``.
"""

"""What citizens call about: reservations, venues, cases. The floor above agents; nothing lives here yet."""

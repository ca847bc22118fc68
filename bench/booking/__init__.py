"""How many reservations one slot takes a second, and whether a hundred thousand requests overbook any."""

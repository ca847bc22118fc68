"""What all that leaves the booking has in common: when to try again, and what an answer means. Pure."""

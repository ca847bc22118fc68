"""The centre as a whole, on a real Asterisk and PostgreSQL, judged from outside."""

"""Many clients race for few seats while the server and PostgreSQL are killed; the judge counts afterwards."""

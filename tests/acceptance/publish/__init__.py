"""Publishing while calls are up: good and broken changes, traffic through it, and a judge."""

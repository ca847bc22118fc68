"""Publishing the configuration while calls go on: versions, checks, apply, roll back (docs/adr/0020)."""

"""What operations staff edit, and where a copy of the centre lives: schema, loading, settings, logging."""

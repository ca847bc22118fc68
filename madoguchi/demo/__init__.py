"""``make demo``: real calls through the running centre, and telephones to make them with."""

"""Running in containers: what can be judged without an engine."""

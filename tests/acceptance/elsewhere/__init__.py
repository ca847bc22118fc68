"""A second machine that stands by: a network namespace and a home of its own, and nothing else in common."""

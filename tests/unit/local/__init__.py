"""Tests of running one copy on this machine: the parts that need nothing running."""

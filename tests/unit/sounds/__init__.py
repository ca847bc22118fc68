"""Tests of what callers hear, without building files."""

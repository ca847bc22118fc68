"""Tests of building sound files with real speech engines."""

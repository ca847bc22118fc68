"""Tests of running one copy on this machine, with the real supervisor, PostgreSQL and Asterisk."""

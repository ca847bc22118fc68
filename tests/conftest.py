"""Fixtures that every test may ask for."""

import os

pytest_plugins = ["tests.postgres_fixture"]

os.environ["LC_ALL"] = "C.UTF-8"
"""Tests read what commands say, and some commands speak the terminal's language."""

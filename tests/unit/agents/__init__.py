"""Roster, sign-in, desk and HTTP interface."""

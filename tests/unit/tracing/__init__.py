"""Recordings of SIP."""

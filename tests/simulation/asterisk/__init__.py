"""Asterisk as the controller sees it: ARI, AMI, and what our dialplan does (Asterisk 22, and ADR 1)."""

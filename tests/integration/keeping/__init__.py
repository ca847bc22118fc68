"""Backups of real homes with real databases, and what comes of them."""

"""The telephones' own parts: only telephones that tell the truth can prove anything."""

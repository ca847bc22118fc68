"""The live picture of the whole floor, for everybody who watches it (ADR 23)."""

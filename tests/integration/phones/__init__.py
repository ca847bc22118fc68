"""The telephones against a real Asterisk: what they say must be what Asterisk hears."""

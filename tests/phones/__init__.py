"""Real telephones by others (SIPp, baresip) and their ledgers, for tests and measurements."""

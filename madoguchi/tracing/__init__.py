"""A recording of SIP, and what of it belongs to one call. Asterisk records only while somebody asks it to."""

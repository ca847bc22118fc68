"""When the running centre is open: what is opened or closed ad hoc, and the disaster mode (R4, R17)."""

"""The race storm: many callers and operators who do everything at the worst moment, and a judge."""

"""The doctor on things that are broken; nothing runs."""

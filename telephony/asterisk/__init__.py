"""Asterisk as we use it: ARI and AMI, turned into the model's events and commands; it decides nothing."""

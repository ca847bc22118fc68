"""The rescue: a process of its own that needs nothing but Asterisk.

It watches the controller and takes callers out of the hands of one that hangs, and takes a number to call
back from callers whom nobody else can serve (docs/adr/0009-rescue.md).
"""

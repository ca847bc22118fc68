"""Runs one copy of the centre in containers: ``RUNTIME=docker`` (docs/adr/0022-containers.md).

Everything around it, from ``centre.toml`` to ``run.json``, is `madoguchi.local`'s; this is what differs.
"""

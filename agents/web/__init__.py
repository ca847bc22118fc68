"""The HTTP interface: who asks, what they may do, and the answers as JSON (docs/interface.md, "HTTP")."""

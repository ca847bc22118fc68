"""The booking over HTTP: slots, reservations, holds, waiting list (docs/interface.md, "HTTP")."""

"""What operators see and do while the telephone rings: the desk's WebSocket, ``/api/desk``."""

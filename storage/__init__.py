"""PostgreSQL: the way in (``pool``), its tables (``migrations``) and its statements (``sql``).

Nothing here knows what a call is: folders above hand in plain values and read plain rows.
"""

from storage.errors import PASSING, StorageError
from storage.migrations import migrate
from storage.pool import Connection, Pool, open_pool
from storage.statements import read_statements, statements

__all__ = [
    "PASSING",
    "Connection",
    "Pool",
    "StorageError",
    "migrate",
    "open_pool",
    "read_statements",
    "statements",
]

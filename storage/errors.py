"""What can go wrong with PostgreSQL: what passes by itself, and what somebody must mend."""

import asyncpg


class StorageError(Exception):
    """The database cannot be used as it is; the message is one sentence that says why and what to do."""


PASSING: tuple[type[Exception], ...] = (
    OSError,  # refused, reset, no route: TimeoutError and ConnectionError are among them
    asyncpg.InterfaceError,  # the connection was closed under our feet
    asyncpg.InternalClientError,  # the server died in the middle of its answer
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,  # disk full, out of memory, too many connections
    asyncpg.OperatorInterventionError,  # shutting down, starting up, statement cancelled for being slow
    asyncpg.TransactionRollbackError,  # serialization failure, deadlock
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby, until it is promoted
)
"""Errors after which trying again later is right: nothing of the transaction happened, or it did and is
idempotent."""

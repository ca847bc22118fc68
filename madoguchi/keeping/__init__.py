"""Keeping a centre: backups that are whole or not there at all, and centres made from them."""

from madoguchi.keeping.backup import backup
from madoguchi.keeping.errors import BackupError
from madoguchi.keeping.restore import restore

__all__ = ["BackupError", "backup", "restore"]

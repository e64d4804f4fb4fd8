"""Backups: one archive of database and objects, and the list of what must not come back."""

from kit.backup.archive import About, ArchiveBroken, Reader, Writer
from kit.backup.erasures import Erasure, ErasureList

__all__ = ["About", "ArchiveBroken", "Erasure", "ErasureList", "Reader", "Writer"]

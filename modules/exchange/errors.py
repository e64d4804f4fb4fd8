"""What can go wrong with a file that is imported."""

from __future__ import annotations

from kit.errors import Invalid, NotFound, Refused


class UnknownImport(NotFound):
    code, public = "unknown_import", "There is no such import. Imports are kept for seven days."


class UnreadableFile(Invalid):
    code, public = "unreadable_file", "This is no table that we can read. Send CSV or XLSX."


class FileTooLarge(Refused):
    status, code = 413, "import_too_large"
    public = "This file is too large. Split it: 20,000 rows and 8 MB are the most."

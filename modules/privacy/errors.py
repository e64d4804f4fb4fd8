"""What can go wrong with erasures and exports."""

from __future__ import annotations

from kit.errors import NotFound


class NoSuchCustomer(NotFound):
    code, public = "no_such_customer", "There is no such customer here. She may have been erased."


class UnknownErasure(NotFound):
    code, public = "unknown_erasure", "There is no such erasure."


class UnknownExport(NotFound):
    code, public = "unknown_export", "There is no such export. Its time may be over."

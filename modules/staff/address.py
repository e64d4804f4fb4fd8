"""One spelling of an e-mail address, so that nobody has two accounts or none."""

from __future__ import annotations

import re

from modules.staff.errors import BadEmail

_FORM = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+\.[^@\s\x00-\x1f\x7f]+")


def normal_email(typed: str) -> str:
    """The address without blanks around it, in lower case. Raises BadEmail."""
    email = typed.strip().casefold()
    if not _FORM.fullmatch(email):
        raise BadEmail
    return email

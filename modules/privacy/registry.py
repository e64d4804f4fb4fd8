"""The one list of what knows a person, from the top of the modules down. A test holds it against the database."""

from __future__ import annotations

from kit.person import Personal
from modules.consent import personal as consent

PERSONAL: tuple[Personal, ...] = (consent,)

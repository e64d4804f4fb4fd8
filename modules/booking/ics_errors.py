"""What can go wrong with calendars from elsewhere."""

from __future__ import annotations

from kit.errors import Invalid


class CalendarRefused(Invalid):
    code, public = "calendar_refused", "This calendar cannot be read."


class CalendarTooLarge(CalendarRefused):
    code, public = "calendar_too_large", "This calendar is too large to be read."

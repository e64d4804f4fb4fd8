"""What can go wrong with shares."""

from __future__ import annotations

from kit.errors import Conflict, Gone, Invalid, NotFound


class UnknownShare(NotFound):
    code, public = "unknown_share", "There is no such link."


class ShareEnded(Gone):
    """Its time is over, or it was taken back."""

    code, public = "share_ended", "This link was taken back, or its time is over."


class UnknownLook(Invalid):
    code, public = "unknown_look", "This try-on shows no such look."


class NothingToShare(Conflict):
    code, public = "nothing_to_share", "This try-on has no picture that could be shared."


class BeforeNotKept(Conflict):
    code = "before_not_kept"
    public = "The picture without the look is not kept: it needs the consent to share from the start."


class BadContact(Invalid):
    code, public = "bad_contact", "This is no way to reach the salon."


class BadText(Invalid):
    code, public = "bad_text", "Title and greeting are one line each, without control characters."

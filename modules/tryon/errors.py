"""What can go wrong with try-ons."""

from __future__ import annotations

from kit.errors import Conflict, Gone, Invalid, NotFound


class UnknownTryOn(NotFound):
    code, public = "unknown_tryon", "There is no such try-on. It may have been erased."


class UnknownPicture(NotFound):
    code, public = "unknown_picture", "There is no such picture."


class TryOnEnded(Conflict):
    code, public = "tryon_ended", "This try-on has ended already."


class PhotoGone(Gone):
    """The photo was erased, or its time was over, before its try-on ran."""

    code, public = "photo_gone", "The photo of this try-on is no longer there."


class BadChoice(Invalid):
    code, public = "bad_choice", "These designs cannot be combined like this."


class UnknownBundle(Invalid):
    code, public = "unknown_bundle", "There is no such look in the catalogue."

"""What can go wrong with outcomes."""

from __future__ import annotations

from kit.errors import Conflict, Gone, Invalid, NotFound


class UnknownOutcome(NotFound):
    code, public = (
        "unknown_outcome",
        "There is no photo of the result of this appointment. It may have been erased.",
    )


class NoLookBooked(Conflict):
    """Services were booked, or designs by name: there is no picture to compare with."""

    code = "no_look_booked"
    public = "This appointment was not booked from a try-on: there is no preview to compare with."


class PreviewGone(Gone):
    """The try-on was erased, its time was over, or it was never drawn."""

    code, public = "preview_gone", "The preview of this appointment is no longer there."


class NotHerPhoto(Invalid):
    code, public = (
        "not_her_photo",
        "This photo is another customer's: it was taken under a consent that is not hers.",
    )


class NotServed(Conflict):
    code, public = "not_served", "This appointment did not take place."

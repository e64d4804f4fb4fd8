"""What can go wrong around appointments."""

from __future__ import annotations

from kit.errors import Conflict, Gone, Invalid, NotFound


class UnknownLocation(NotFound):
    code, public = "unknown_location", "There is no such location."


class UnknownStylist(NotFound):
    code, public = "unknown_stylist", "Nobody of this id works here."


class UnknownResource(NotFound):
    code, public = "unknown_resource", "There is no such resource."


class UnknownTimeOff(NotFound):
    code, public = "unknown_time_off", "There is no such time off."


class UnknownBooking(NotFound):
    code, public = "unknown_booking", "There is no such appointment."


class UnknownWaiting(NotFound):
    code, public = "unknown_waiting", "Nobody waits under this id."


class UnknownService(Invalid):
    code, public = "unknown_service", "Some of these services are not offered."


class SetupUnfit(Invalid):
    code, public = "booking_setup_unfit", "Some of the values cannot be used."


class StillBooked(Conflict):
    code, public = "still_booked", "There are appointments to come. Please move or cancel them first."


class NotBookable(Invalid):
    code, public = "not_bookable", "This cannot be booked by itself."


class BadLook(Invalid):
    code, public = "bad_look", "Say what to book: services, or a look of a try-on."


class LookChanged(Conflict):
    code, public = "look_changed", "Some of this look is no longer on offer. Please try it on again."


class HairUnknown(Invalid):
    code, public = "hair_level_needed", "Say what the hair is like now: `wishes.hair` is missing."


class NoRoomForAll(Conflict):
    code, public = "no_room_for_all", "There is no room for all of the appointments that this takes."


class OutsideWindow(Invalid):
    code, public = "outside_booking_window", "This is too soon, or too far ahead, to be booked."


class OffTheGrid(Invalid):
    code, public = "off_the_grid", "Appointments do not begin at this minute. Please take one of the slots."


class RangeTooLong(Invalid):
    code, public = "range_too_long", "Slots are shown for at most 62 days at a time."


class SlotTaken(Conflict):
    """Two people wanted the same chair; `alternatives` are the nearest slots that are free."""

    code, public = "slot_taken", "That time has just been booked."


class TooClose(Conflict):
    """Others of the same treatment stand too near; `alternatives` are the nearest slots that keep their distance."""

    code, public = "too_close", "The appointments of this treatment have to lie farther apart."


class BookingEnded(Conflict):
    code, public = "booking_ended", "This appointment is over, or was cancelled."


class NotOver(Conflict):
    code, public = "not_over", "This appointment has not begun yet."


class FeeDue(Conflict):
    code, public = "fee_due", "It is late for that: a fee is due. Send `accept_fee` to go on."


class HoldOver(Gone):
    code, public = "hold_over", "This time was kept for a while, and is no longer. Please choose again."


class WaitingEnded(Conflict):
    code, public = "waiting_ended", "This place on the waiting list is over."


class TooManyWaiting(Conflict):
    code, public = "too_many_waiting", "At most ten places on the waiting list are kept for one customer."


class ForTheDesk(Invalid):
    code, public = "for_the_desk", "Only the salon itself can do this."

"""What can go wrong with staff and their sign-in."""

from __future__ import annotations

from kit.errors import Conflict, Gone, Invalid, NotFound, Unauthorised


class UnknownMember(NotFound):
    code, public = "unknown_member", "There is no such member of staff."


class UnknownInvitation(NotFound):
    code, public = "unknown_invitation", "There is no such invitation, or it was used already."


class UnknownSession(NotFound):
    code, public = "unknown_session", "There is no such session, or it has ended already."


class AlreadyStaff(Conflict):
    code, public = "already_staff", "Somebody with this e-mail address is a member of staff already."


class LastOwner(Conflict):
    code, public = "last_owner", "A business needs an owner. Make somebody else an owner first."


class WrongPassword(Unauthorised):
    """Also where there is no such account."""

    code, public = "wrong_password", "This e-mail address and password do not fit."


class SessionEnded(Unauthorised):
    code, public = "session_ended", "Please sign in again."


class LetterUsed(Gone):
    code = "letter_used"
    public = "This link was used already, or its time is over. Please ask for a new one."


class BadEmail(Invalid):
    code, public = "bad_email", "This does not look like an e-mail address."


class BadPassword(Invalid):
    code = "bad_password"
    public = "A password needs at least 12 characters, and may not be made of your e-mail address."

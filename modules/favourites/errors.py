"""What can go wrong with favourites."""

from __future__ import annotations

from kit.errors import Conflict, NotFound


class CustomerNotFound(NotFound):
    code, public = "customer_not_found", "There is no such customer."


class TooManyFavourites(Conflict):
    code, public = "too_many_favourites", "A hundred favourites are kept. Please take one out first."

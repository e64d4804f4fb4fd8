"""Why nothing is sent to a URL."""

from __future__ import annotations

from kit.errors import Invalid


class BadUrl(Invalid):
    code, public = "bad_url", "Send a full https address, without a password or a fragment in it."


class HostUnknown(Invalid):
    code, public = "host_unknown", "There is no server of this name."


class AddressRefused(Invalid):
    """The host leads into a network that is not the public internet."""

    code, public = "address_refused", "This address does not lie on the public internet."

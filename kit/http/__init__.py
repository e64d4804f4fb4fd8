"""HTTP to addresses that strangers name: guarded against reaching our own network (SSRF)."""

from kit.http.client import Answer, post
from kit.http.errors import AddressRefused, BadUrl, HostUnknown
from kit.http.transport import GuardedTransport, checked_addresses
from kit.http.urls import checked_url

__all__ = [
    "AddressRefused",
    "Answer",
    "BadUrl",
    "GuardedTransport",
    "HostUnknown",
    "checked_addresses",
    "checked_url",
    "post",
]

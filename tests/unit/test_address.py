"""Whose address a request is counted for, and whose word about it is believed."""

from __future__ import annotations

from typing import Any, cast

import pytest
from litestar.types import Scope

from api.address import Addresses
from kit.settings import SettingsError


def scope(client: str | None, *forwarded: str) -> Scope:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    found: dict[str, Any] = {"client": None if client is None else (client, 1), "headers": headers}
    return cast(Scope, found)


@pytest.mark.parametrize(
    ("trusted", "client", "forwarded", "counted"),
    [
        ("", "203.0.113.7", (), "203.0.113.7"),
        ("", "203.0.113.7", ("198.51.100.1",), "203.0.113.7"),
        ("10.0.0.0/8", "203.0.113.7", ("198.51.100.1",), "203.0.113.7"),
        ("10.0.0.0/8", "10.0.0.2", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.0/8", "10.0.0.2", ("1.1.1.1, 198.51.100.1",), "198.51.100.1"),
        ("10.0.0.0/8", "10.0.0.2", ("1.1.1.1", "198.51.100.1"), "198.51.100.1"),
        ("10.0.0.0/8", "10.0.0.2", ("1.1.1.1, 10.0.0.3",), "1.1.1.1"),
        ("10.0.0.0/8", "10.0.0.2", ("198.51.100.1, unknown",), "10.0.0.2"),
        ("10.0.0.0/8", "10.0.0.2", (), "10.0.0.2"),
        ("10.0.0.2, 10.0.0.3", "10.0.0.3", ("198.51.100.1",), "198.51.100.1"),
        ("", "2001:db8:1:2:3:4:5:6", (), "2001:db8:1:2::/64"),
        ("::1", "::1", ("2001:db8:1:2::9",), "2001:db8:1:2::/64"),
        ("", "::ffff:203.0.113.7", (), "203.0.113.7"),
        ("", None, ("198.51.100.1",), "local"),
    ],
)
def test_an_address_is_the_nearest_that_no_trusted_proxy_has(
    trusted: str, client: str | None, forwarded: tuple[str, ...], counted: str
) -> None:
    assert Addresses(trusted).of(scope(client, *forwarded)) == counted


def test_a_proxy_that_cannot_be_is_refused_by_the_settings_name() -> None:
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        Addresses("10.0.0.0/8, everybody")

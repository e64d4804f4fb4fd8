"""Links to feeds: what was signed passes, and nothing else."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.settings import Settings
from kit.signing import LinkRefused
from modules.booking import feeds
from modules.booking.feeds import FeedOf

SETTINGS = Settings(secret="x" * 32)
IDS = st.text("abcdefghijkmnpqrstvwxyz0123456789_", min_size=1, max_size=30)


def passes(link: str, *, current: int | None = None, of: FeedOf | None = None) -> bool:
    """Whether a link passes, read as the route reads it."""
    parts = urlsplit(link)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    try:
        *_, folder, file = parts.path.split("/")
        named = of or FeedOf(folder)
        feeds.check(
            SETTINGS,
            query["business"],
            named,
            file.removesuffix(".ics"),
            query["version"],
            query["signature"],
            current=current,
        )
    except (LinkRefused, KeyError, ValueError):
        return False
    return parts.path == f"/v1/calendars/{folder}/{file}" and file.endswith(".ics")


@given(business=IDS, subject=IDS, of=st.sampled_from(FeedOf), version=st.integers(1, 99))
def test_a_link_leads_to_its_own_feed_only(business: str, subject: str, of: FeedOf, version: int) -> None:
    link = feeds.path(SETTINGS, business, of, subject, version)

    assert passes(link, current=version)
    assert not passes(link, of=next(other for other in FeedOf if other is not of))
    assert not passes(link.replace(f"/{subject}.ics", f"/{subject}x.ics"))


@settings(deadline=None)
@given(business=IDS, subject=IDS, of=st.sampled_from(FeedOf))
def test_no_bit_of_a_link_can_be_turned_round(business: str, subject: str, of: FeedOf) -> None:
    link = feeds.path(SETTINGS, business, of, subject, 1).encode()

    worked = [
        (index, bit)
        for index in range(len(link))
        for bit in range(8)
        if passes((link[:index] + bytes([link[index] ^ 1 << bit]) + link[index + 1 :]).decode("latin-1"))
    ]

    assert worked == []


def test_a_greater_version_takes_every_older_link_back() -> None:
    old = feeds.path(SETTINGS, "biz_1", FeedOf.STAFF, "stf_1", 1)

    assert passes(old, current=1)
    assert not passes(old, current=2)
    assert passes(feeds.path(SETTINGS, "biz_1", FeedOf.STAFF, "stf_1", 2), current=2)


@pytest.mark.parametrize("version", ["01", "1 ", "+1", ""])
def test_a_version_has_one_spelling(version: str) -> None:
    with pytest.raises(LinkRefused):
        feeds.check(SETTINGS, "biz_1", FeedOf.STAFF, "stf_1", version, "0" * 64)

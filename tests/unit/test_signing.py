"""Signed links: exactly what was signed passes, and no two subjects share a signature."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.signing import LinkExpired, LinkRefused, Signer

SIGNER = Signer(b"0123456789abcdef", "test 1")
LATER = int(time.time()) + 3600


@given(
    st.lists(st.text(max_size=8), min_size=1, max_size=3),
    st.lists(st.text(max_size=8), min_size=1, max_size=3),
)
def test_a_signature_fits_its_own_subject_only(one: list[str], other: list[str]) -> None:
    link = SIGNER.query(*one, expires=LATER)
    SIGNER.check(*one, **link)
    if other != one:
        with pytest.raises(LinkRefused):
            SIGNER.check(*other, **link)


@given(st.sampled_from(["expires", "signature"]), st.data())
def test_every_flip_of_one_bit_is_refused(name: str, data: st.DataObject) -> None:
    link = SIGNER.query("a", "b", expires=LATER)
    spelt = bytearray(link[name].encode())
    spelt[data.draw(st.integers(0, len(spelt) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(LinkRefused):
        SIGNER.check("a", "b", **{**link, name: spelt.decode("latin-1")})


def test_another_purpose_or_secret_signs_otherwise() -> None:
    link = SIGNER.query("a", expires=LATER)
    for other in (Signer(b"0123456789abcdef", "test 2"), Signer(b"0123456789abcdeF", "test 1")):
        with pytest.raises(LinkRefused):
            other.check("a", **link)


def test_a_link_that_is_over_says_so() -> None:
    with pytest.raises(LinkExpired):
        SIGNER.check("a", **SIGNER.query("a", expires=int(time.time())))


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Signer(b"short", "test")

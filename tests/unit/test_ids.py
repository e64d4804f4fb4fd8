"""Ids sort by time, carry their prefix, and are recognised."""

from __future__ import annotations

import time

import pytest

from kit.ids import is_id, new_id


def test_later_ids_sort_later() -> None:
    first = new_id("try")
    time.sleep(0.002)
    assert first < new_id("try")


def test_ids_made_at_once_differ() -> None:
    assert len({new_id("pho") for _ in range(10_000)}) == 10_000


@pytest.mark.parametrize(
    "text", ["", "try_", "pho_01m84fh17zep2mkgz5qjbq3my2", "try_01M84FH17ZEP2MKGZ5QJBQ3MY2", "try_'"]
)
def test_what_is_no_id_of_the_kind_is_told_apart(text: str) -> None:
    assert is_id(new_id("try"), "try")
    assert not is_id(text, "try")

"""Signatures, the schedule, the lanes, and the list of what can be told."""

from __future__ import annotations

import base64
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.receiver import Received
from kit.lanes import Lanes
from modules.webhooks.jobs import AnnounceEvent
from modules.webhooks.schedule import JITTER, LONGEST_ASKED, WAITS, wait_before
from modules.webhooks.signing import headers, new_secret, shown
from modules.webhooks.types import EventType
from workers.subscriptions import SUBSCRIBERS

VECTOR_KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
VECTOR = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
"""The example of the Standard Webhooks reference libraries."""
VECTOR_BODY = '{"test": 2432232314}'


def test_the_published_example_is_signed_as_published() -> None:
    key = base64.b64decode(VECTOR_KEY.removeprefix("whsec_"))
    at = datetime.fromtimestamp(1614265330, UTC)

    assert headers(VECTOR["webhook-id"], at, VECTOR_BODY, [key]) == VECTOR


def test_the_second_opinion_of_these_tests_agrees_with_the_published_example() -> None:
    assert Received("/", VECTOR, VECTOR_BODY.encode()).signed_with(VECTOR_KEY)
    assert not Received("/", VECTOR, b'{"test":2432232314}').signed_with(VECTOR_KEY)


def test_each_key_signs_on_its_own_and_no_other_does() -> None:
    new, old, other = new_secret(), new_secret(), new_secret()
    body = '{"größe": "α"}'
    said = headers("msg_1", datetime(2026, 11, 23, 12, 0, 0, 999_999, tzinfo=UTC), body, [new, old])
    got = Received("/", said, body.encode())

    assert said["webhook-timestamp"] == "1795435200"
    assert got.signed_with(shown(new))
    assert got.signed_with(shown(old))
    assert not got.signed_with(shown(other))


def test_waits_grow_and_end() -> None:
    bounds = [(wait, wait * (1 + JITTER)) for wait in WAITS]
    for tries, (least, most) in enumerate(bounds):
        waits = [wait_before(tries) for _ in range(50)]
        assert all(wait is not None and least <= wait <= most for wait in waits)
    assert len({wait_before(1) for _ in range(50)}) > 1, "no jitter"
    assert list(WAITS) == sorted(set(WAITS))
    assert wait_before(len(WAITS)) is None


@pytest.mark.parametrize(
    ("asked", "least"),
    [
        ("3600", timedelta(hours=1)),
        ("999999999", LONGEST_ASKED),
        ("-5", WAITS[1]),
        ("soon", WAITS[1]),
        ("Wed, 21 Oct 2026 07:28:00 GMT", WAITS[1]),
        ("9" * 400, WAITS[1]),
        ("\u00b2", WAITS[1]),
        ("1", WAITS[1]),
    ],
)
def test_what_a_receiver_asks_for_prolongs_a_wait_within_bounds(asked: str, least: timedelta) -> None:
    wait = wait_before(1, asked)

    assert wait is not None
    assert least <= wait <= max(least, WAITS[1] * (1 + JITTER))


def test_a_receiver_has_its_lanes_and_leaves_the_others_theirs() -> None:
    lanes = Lanes(total=3, each=2)
    with ExitStack() as held:
        got = [held.enter_context(lanes.lane(one)) for one in ("slow", "slow", "slow", "quick", "other")]
    assert got == [True, True, False, True, False]
    with lanes.lane("other") as again:
        assert again


def test_what_an_endpoint_can_choose_is_what_is_told() -> None:
    told = {topic for topic, commands in SUBSCRIBERS.items() if AnnounceEvent in commands}

    assert told == {*EventType}

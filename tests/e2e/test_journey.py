"""A visitor's way through the whole service: consent, upload, queue, worker, render, storage, pictures."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from benchmarks.errands import HANDS
from benchmarks.journey import CONSENT, Visitor
from cli.trial import Running
from models.pipeline import TRY_ON
from tests.faults.service import RED, customer

STEPS = [step.__name__ for step in TRY_ON]
ORIENTATION, CAMERA, GPS = 0x0112, 0x010F, 0x8825


@pytest.fixture
async def visitor(service: Running) -> Visitor:
    return await customer(service)


def hand() -> Image.Image:
    return Image.open(HANDS / "open_05_left.jpg")


def jpeg(image: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92, **options)
    return out.getvalue()


def as_a_phone_saves_it(image: Image.Image) -> bytes:
    """Turned on its side with a tag that says so, with the camera's name and a place."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = 6, "Camera of Vernis"
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 31.0, 12.0)})
    return jpeg(image.transpose(Image.Transpose.ROTATE_90), exif=exif)


async def consented(service: Running, visitor: Visitor, *purposes: str) -> Visitor:
    """The same visitor under another consent."""
    given = await service.http.post(
        "/v1/consents", json={**CONSENT, "purposes": purposes}, headers=visitor.headers
    )
    visitor.consent_id = given.raise_for_status().json()["id"]
    return visitor


async def tried_on(visitor: Visitor, photo: bytes) -> dict[str, Any]:
    return await visitor.ended((await visitor.request(await visitor.upload(photo), [[RED]]))["id"])


async def test_a_photo_comes_back_upright_painted_and_without_its_metadata(visitor: Visitor) -> None:
    original = hand()
    tryon = await tried_on(visitor, as_a_phone_saves_it(original))
    links = {**tryon["renders"][0]["pictures"], "before": tryon["before"]}
    pictures = {name: Image.open(io.BytesIO(await visitor.picture(url))) for name, url in links.items()}

    assert tryon["status"] == "done"
    assert {layer["status"] for layer in tryon["renders"][0]["layers"]} == {"applied"}
    assert {name: picture.size for name, picture in pictures.items()} == {
        "full": (1080, 1440),
        "preview": (810, 1080),
        "thumbnail": (240, 320),
        "before": (810, 1080),
    }
    for picture in pictures.values():
        assert dict(picture.getexif()) == {}
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    painted = np.asarray(pictures["full"]).astype(int) - np.asarray(original)
    reddened = painted[..., 0] - painted[..., 1] > 60
    assert 0.001 < reddened.mean() < 0.1, "nails are painted, and hardly anything else"


@pytest.mark.parametrize(("purposes", "kept"), [(("try_on",), False), (("try_on", "share"), True)])
async def test_the_before_picture_is_kept_under_a_consent_of_its_own(
    service: Running, visitor: Visitor, purposes: tuple[str, ...], kept: bool
) -> None:
    tryon = await tried_on(await consented(service, visitor, *purposes), jpeg(hand().resize((480, 640))))
    names = [
        found.key async for found in service.runtime.storage.list("results/") if tryon["id"] in found.key
    ]

    assert tryon["status"] == "done"
    assert (tryon["before"] is not None) is kept
    assert any(name.endswith("before.jpg") for name in names) is kept


async def test_where_no_hand_is_seen_the_visitor_is_told_what_to_do(visitor: Visitor) -> None:
    slope = np.linspace(90, 200, 640, dtype=np.uint8)
    wall = Image.fromarray(np.broadcast_to(slope[None, :, None], (480, 640, 3)).copy())
    tryon = await tried_on(visitor, jpeg(wall))

    assert tryon["status"] == "nothing_found"
    assert len(tryon["advice"]) == 1
    assert tryon["renders"][0]["pictures"] == {}
    assert tryon["problem"] is None


async def test_the_stream_tells_every_state_and_ends(service: Running, visitor: Visitor) -> None:
    asked = await visitor.request(await visitor.upload(jpeg(hand())), [[RED]])
    events = await streamed(service, visitor, asked["links"]["events"])
    assert all(event.keys() == {"id", "event", "data"} for event in events), "heartbeats are no events"
    states = [json.loads(event["data"]) for event in events if event["event"] == "state"]
    steps = [json.loads(event["data"])["step"] for event in events if event["event"] == "progress"]

    assert [int(event["id"]) for event in events if event["event"] == "state"] == [
        state["version"] for state in states
    ]
    assert [state["version"] for state in states] == sorted({state["version"] for state in states})
    assert states[0]["id"] == asked["id"]
    assert states[-1]["status"] == "done"
    assert events[-1]["event"] == "state", "nothing comes after the end"
    assert [step for step in STEPS if step in steps] == steps


async def test_a_late_listener_hears_the_end_at_once(service: Running, visitor: Visitor) -> None:
    tryon = await tried_on(visitor, jpeg(hand().resize((480, 640))))
    (only,) = await streamed(service, visitor, tryon["links"]["events"])

    assert (only["event"], int(only["id"])) == ("state", tryon["version"])
    assert json.loads(only["data"])["status"] == "done"


async def streamed(service: Running, visitor: Visitor, path: str) -> list[dict[str, str]]:
    """Every event of a stream until it ends, by the names of its fields."""
    events: list[dict[str, str]] = [{}]
    async with service.http.stream("GET", path, headers=visitor.headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        async for line in stream.aiter_lines():
            name, _, value = line.partition(": ")
            if not line:
                events.append({})
            elif name:
                events[-1][name] = value
    return [event for event in events if event]

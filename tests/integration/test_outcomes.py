"""After the visit: a photo of the real result is compared with the preview, and designs learn how near they come."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from kit.runtime import Runtime
from kit.settings import ROOT
from looks.colour import delta_e00, linear_to_srgb, srgb_to_linear
from tests.faults.service import RED
from tests.integration.callers import bearer, sql
from tests.integration.conftest import Salon, open_salon
from tests.integration.parlour import Parlour, at, next_monday
from tests.integration.working import Worker, dump

HAND = (ROOT / "assets" / "samples" / "hands" / "open_04_right.jpg").read_bytes()
FACE = (ROOT / "assets" / "samples" / "faces" / "astronaut.jpg").read_bytes()
POPPY = "des_polish_poppy"
"""Of the same finish, ten ΔE00 away."""
LAMP = (1.2, 1.0, 0.7)
"""Warmer than the daylight of the first photo."""
MONDAY = next_monday(2)
FINGERS = ["thumb", "index", "middle", "ring", "little"]


@pytest.fixture(scope="module")
def models() -> None:
    """This process's models, loaded once."""
    from modules.tryon import tasks

    tasks.warm()


pytestmark = pytest.mark.usefixtures("models")


class Chair:
    """A customer, what she tried on, and the appointments that she booked from it."""

    def __init__(self, parlour: Parlour, worker: Worker) -> None:
        self.parlour, self.worker = parlour, worker
        self.headers: dict[str, str] = {}
        self.consent = self.tryon = ""
        self.render = b""

    async def sit(self, *purposes: str, design: str = RED) -> Chair:
        """A newcomer tries a design on."""
        ask = self.parlour.ask
        self.headers = bearer((await ask("POST", "/v1/visitors", 201))["token"])
        agreed = {"text_version": "2026-11", "purposes": ["try_on", *purposes], "signature": "tapped"}
        self.consent = (await ask("POST", "/v1/consents", 201, headers=self.headers, json=agreed))["id"]
        self.photo = await self.upload(HAND)
        self.tryon, self.render = await self.try_on(design)
        return self

    async def upload(self, data: bytes) -> str:
        form = {"files": {"file": ("photo.jpg", data)}, "data": {"consent_id": self.consent}}
        return str((await self.parlour.ask("POST", "/v1/photos", 201, headers=self.headers, **form))["id"])

    async def try_on(self, design: str) -> tuple[str, bytes]:
        """The try-on's id and its picture as a worker drew it."""
        asked = {"photo_id": self.photo, "looks": [{"designs": [design]}]}
        queued = await self.parlour.ask("POST", "/v1/tryons", 202, headers=self.headers, json=asked)
        await self.worker.work(only="tryon")
        drawn = await self.parlour.ask("GET", f"/v1/tryons/{queued['id']}", headers=self.headers)
        picture = await self.parlour.api.get(drawn["renders"][0]["pictures"]["full"])
        return queued["id"], picture.raise_for_status().content

    async def visit(self, hour: int = 10, *, over: bool = True, **more: Any) -> str:
        """Book the look; over: the time has come."""
        asked = more or {"tryon_id": self.tryon}
        made = await self.parlour.book(at(MONDAY, f"{hour}:00"), headers=self.headers, **asked)
        if over:
            back = "UPDATE appointments SET starts_at = starts_at - interval '30 days' WHERE id = :id"
            await sql(self.parlour.runtime, self.parlour.salon, back, id=made["id"])
        return str(made["id"])

    async def attach(self, visit: str, photo: str, status: int = 202, **more: Any) -> Any:
        path, body = f"/v1/bookings/{visit}/outcome", {"photo_id": photo}
        return await self.parlour.ask("PUT", path, status, json=body, **more)

    async def compared(self, visit: str, picture: bytes) -> dict[str, Any]:
        """What a worker found of this picture of the result."""
        await self.attach(visit, await self.upload(picture))
        await self.worker.work(only="outcomes")
        return await self.outcome(visit)

    async def outcome(self, visit: str, status: int = 200) -> Any:
        return await self.parlour.ask("GET", f"/v1/bookings/{visit}/outcome", status)


@pytest.fixture
async def parlour(runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> Parlour:
    return await Parlour(runtime, api, salon).open("Anna")


@pytest.fixture
async def chair(parlour: Parlour, worker: Worker) -> Chair:
    return await Chair(parlour, worker).sit("stylist_record")


def photographed(
    render: bytes, light: tuple[float, float, float] = LAMP, strength: float = 0.8, until: float = 1.0
) -> bytes:
    """The same hand in another light, half as many pixels; until: share of its width that the photo shows."""
    pixels = np.asarray(Image.open(io.BytesIO(render)).convert("RGB"))
    lit = linear_to_srgb(np.clip(srgb_to_linear(pixels / 255) * np.array(light) * strength, 0, 1))
    picture = Image.fromarray(np.round(lit * 255).astype(np.uint8))
    wide, high = picture.size
    out = io.BytesIO()
    picture.resize((wide // 2, high // 2), Image.Resampling.BOX).crop(
        (0, 0, int(wide // 2 * until), high // 2)
    ).save(out, "JPEG", quality=90)
    return out.getvalue()


async def test_the_same_polish_in_other_light_is_very_close_on_every_finger(
    parlour: Parlour, chair: Chair
) -> None:
    visit = await chair.visit()

    outcome = await chair.compared(visit, photographed(chair.render))

    assert (outcome["status"], outcome["compared"], outcome["closeness"]) == ("done", 5, "very_close")
    assert outcome["mean_delta_e"] < 1.5
    assert [region["finger"] for region in outcome["regions"]] == FINGERS
    assert {region["hand"] for region in outcome["regions"]} == {"right"}
    assert {region["matched"] for region in outcome["regions"]} == {"hand"}
    assert {region["design_id"] for region in outcome["regions"]} == {RED}
    for url in outcome["pictures"].values():
        assert (await parlour.api.get(url)).status_code == 200
    said = await dump(parlour.runtime, outcome["id"])
    assert any("outcome.ended" in job for job in said["jobs"])
    assert any("outcome.attached" in entry for entry in said["audit_log"])


async def test_a_wrong_shade_is_told_by_about_as_much_as_it_is_off(chair: Chair) -> None:
    visit = await chair.visit()
    _, poppy = await chair.try_on(POPPY)

    right = await chair.compared(visit, photographed(chair.render))
    wrong = await chair.compared(visit, photographed(poppy))

    off = [region["delta_e"] for region in wrong["regions"]]
    assert wrong["closeness"] == "different"
    assert min(off) > max(region["delta_e"] for region in right["regions"]) + 5
    assert max(off) - min(off) < 4
    labs = [
        np.array((await chair.parlour.ask("GET", f"/v1/designs/{design}"))["swatches"][0]["lab"])
        for design in (RED, POPPY)
    ]
    assert wrong["mean_delta_e"] == pytest.approx(float(delta_e00(*labs)), abs=1.5)


async def test_a_finger_that_cannot_be_compared_says_why(chair: Chair) -> None:
    visit = await chair.visit()

    half = await chair.compared(visit, photographed(chair.render, until=0.5))
    soft = (
        Image.open(io.BytesIO(chair.render)).resize((270, 360)).resize((540, 720), Image.Resampling.BICUBIC)
    )
    soft = soft.resize((90, 120), Image.Resampling.BOX).resize((540, 720), Image.Resampling.BICUBIC)
    data = io.BytesIO()
    soft.save(data, "JPEG")
    blurred = await chair.compared(visit, data.getvalue())

    assert 0 < half["compared"] < 5
    assert {region["reason"] for region in half["regions"]} == {None, "not_in_photo"}
    assert {region["reason"] for region in blurred["regions"]} <= {"blurred", "not_in_photo"}
    assert (blurred["compared"], blurred["mean_delta_e"]) == (0, None)


async def test_a_photo_without_nails_says_so_and_keeps_no_picture(chair: Chair) -> None:
    outcome = await chair.compared(await chair.visit(), FACE)

    assert (outcome["status"], outcome["regions"]) == ("nothing_found", [])
    assert "does not show what was worn" in outcome["advice"][0]
    assert outcome["pictures"]["result"] is None


async def test_the_same_photo_again_changes_nothing_and_another_takes_its_place(chair: Chair) -> None:
    visit, photo = await chair.visit(), await chair.upload(photographed(chair.render))

    first = await chair.attach(visit, photo)
    again = await chair.attach(visit, photo, headers=chair.headers)
    await chair.worker.work(only="outcomes")
    later = await chair.attach(visit, photo)
    other = await chair.attach(visit, await chair.upload(photographed(chair.render, strength=0.7)))

    assert first["id"] == again["id"] == later["id"] != other["id"]
    assert (later["status"], other["status"]) == ("done", "queued")
    assert (await chair.outcome(visit))["id"] == other["id"]


async def test_what_cannot_be_compared_is_refused(parlour: Parlour, chair: Chair, runtime: Runtime) -> None:
    photo, visit = await chair.upload(photographed(chair.render)), await chair.visit()
    by_name = await chair.visit(11, designs=[RED])
    early = await chair.visit(12, over=False)
    off = await chair.visit(13, over=False)
    await parlour.ask("POST", f"/v1/bookings/{off}/cancel", json={"accept_fee": True})
    other = await Chair(parlour, chair.worker).sit()
    strange = await Parlour(runtime, parlour.api, await open_salon(runtime)).open("Eva")

    refusals = [
        (by_name, photo, 409, "no_look_booked", {}),
        (early, photo, 409, "not_over", {}),
        (off, photo, 409, "not_served", {}),
        (visit, other.photo, 422, "not_her_photo", {}),
        (visit, other.photo, 404, "unknown_photo", {"headers": chair.headers}),
        (visit, "pho_none", 404, "unknown_photo", {}),
        (visit, photo, 404, "unknown_booking", {"headers": other.headers}),
        (visit, photo, 404, "unknown_booking", {"headers": strange.salon.headers}),
    ]
    for booking, sent, status, code, more in refusals:
        assert (await chair.attach(booking, sent, status, **more))["code"] == code

    assert (await chair.outcome(visit, 404))["code"] == "unknown_outcome"
    await parlour.ask("DELETE", f"/v1/photos/{photo}", 204)
    assert (await chair.attach(visit, photo, 404))["code"] == "unknown_photo"
    fresh = await chair.upload(HAND)
    await parlour.ask("DELETE", f"/v1/tryons/{chair.tryon}")
    assert (await chair.attach(visit, fresh, 410))["code"] == "preview_gone"


async def test_an_erased_photo_takes_its_comparison_along(parlour: Parlour, chair: Chair) -> None:
    visit = await chair.visit()
    outcome = await chair.compared(visit, photographed(chair.render))

    await parlour.ask("DELETE", f"/v1/photos/{outcome['photo_id']}", 204)
    await chair.worker.work()

    assert (await chair.outcome(visit, 404))["code"] == "unknown_outcome"
    assert await kept(parlour) == []


async def test_without_the_stylists_record_figures_stay_and_pictures_go(
    parlour: Parlour, chair: Chair
) -> None:
    visit = await chair.visit()
    before = await chair.compared(visit, photographed(chair.render))

    taken_back = {"purposes": ["stylist_record"]}
    path = f"/v1/consents/{chair.consent}/withdrawal"
    await parlour.ask("POST", path, headers=chair.headers, json=taken_back)
    await chair.worker.work()
    after = await chair.outcome(visit)

    assert after["pictures"] == {"preview": None, "result": None}
    assert after["mean_delta_e"] == before["mean_delta_e"]
    assert await kept(parlour) == []


async def test_a_picture_goes_when_its_time_is_over(parlour: Parlour, chair: Chair) -> None:
    visit = await chair.visit()
    before = await chair.compared(visit, photographed(chair.render))
    assert len(await kept(parlour)) == 1

    await chair.worker.let_time_pass("outcomes.expire_picture")
    await chair.worker.work(only="outcomes")
    after = await chair.outcome(visit)

    assert (after["pictures"]["result"], after["compared"]) == (None, before["compared"])
    assert await kept(parlour) == []


async def test_erasing_a_customer_leaves_nothing_of_her_result(
    parlour: Parlour, chair: Chair, runtime: Runtime
) -> None:
    visit = await chair.visit()
    outcome = await chair.compared(visit, photographed(chair.render))

    await parlour.ask("POST", "/v1/me/erasure", 202, headers=chair.headers)
    await chair.worker.work()

    assert (await chair.outcome(visit, 404))["code"] == "unknown_booking"
    assert await kept(parlour) == []
    rows = await dump(runtime)
    assert not [row for row in rows["outcomes"] if outcome["id"] in str(row)]


async def test_a_design_learns_how_near_it_comes_from_three_visits_on(parlour: Parlour, chair: Chair) -> None:
    _, poppy = await chair.try_on(POPPY)
    told = []
    for hour, render, strength in ((10, chair.render, 0.8), (11, chair.render, 1.0), (12, poppy, 0.9)):
        await chair.compared(await chair.visit(hour), photographed(render, strength=strength))
        told.append(await parlour.ask("GET", f"/v1/designs/{RED}/accuracy"))
    every = await parlour.ask("GET", "/v1/designs/accuracy")
    hers = await parlour.api.get(f"/v1/designs/{RED}/accuracy", headers=chair.headers)

    assert [one["visits"] for one in told] == [1, 2, 3]
    assert [one["median_delta_e"] is None for one in told] == [True, True, False]
    assert told[2]["least_visits"] == 3
    assert told[2]["median_delta_e"] < 2, "the median of two that were right and one that was not"
    assert told[2]["very_close"] == pytest.approx(2 / 3, abs=0.001)
    assert every["items"] == [told[2]]
    assert hers.status_code == 403


async def test_the_page_shows_both_pictures_and_each_finger_in_plain_words(
    parlour: Parlour, chair: Chair
) -> None:
    visit = await chair.visit()
    await chair.compared(visit, photographed(chair.render, until=0.5))
    path = f"/v1/bookings/{visit}/outcome/page"

    pages = {
        language: (
            await parlour.api.get(path, params={"language": language}, headers=parlour.salon.headers)
        ).text
        for language in ("en", "es", "fr", "de")
    }
    spoken = {"Accept-Language": "fr-CA, en;q=0.5", **parlour.salon.headers}
    asked = await parlour.api.get(path, headers=spoken)

    if folder := os.environ.get("VERNIS_PICTURES"):
        for language, page in pages.items():
            Path(folder, f"outcome_{language}.html").write_text(page)
    assert pages["en"].count("data:image/jpeg;base64,") == 2
    for language, words in {
        "en": "Very close",
        "es": "Muy parecido",
        "fr": "Très proche",
        "de": "Sehr nah",
    }.items():
        assert words in pages[language]
    assert "not in the photo" in pages["en"]
    assert "no figure before 3 visits" in pages["en"]
    assert asked.text == pages["fr"]
    assert "<script" not in pages["en"]
    assert "http" not in pages["en"]


async def kept(parlour: Parlour) -> list[str]:
    """Keys of pictures of results."""
    prefix = f"outcomes/{parlour.salon.business_id}/"
    return [stored.key async for stored in parlour.runtime.storage.list(prefix)]

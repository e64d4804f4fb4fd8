"""The stylist's tech sheet: what is worn where, with what, in which order, and only the pictures she may keep."""

from __future__ import annotations

import io
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from benchmarks.journey import Visitor
from kit.runtime import Runtime
from modules.booking.sheet import words as sheet_words
from modules.outcomes import words as outcome_words
from modules.tryon import keys as tryon_keys
from modules.tryon import service
from modules.tryon.result import LayerOutcome, RenderedLook, Result
from tests.faults.service import RED
from tests.integration.callers import bearer
from tests.integration.conftest import Salon
from tests.integration.desk import POLISH, PRODUCT
from tests.integration.parlour import COLOUR, Parlour, at, next_monday

RED_HEX = "#b5201f"
MONDAY = next_monday(3)
PLACES = re.compile(r"\{(\w+)\}")


@pytest.fixture
async def parlour(runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> Parlour:
    return await Parlour(runtime, api, salon).open("Anna")


async def booked(parlour: Parlour, visitor: Visitor, *purposes: str, **more: Any) -> str:
    """A look with an accent that is drawn, and booked; returns the appointment's id."""
    mine = bearer(visitor.token)
    agreed = {"text_version": "2026-11", "purposes": [*purposes], "signature": "tapped"}
    consent = (await parlour.ask("POST", "/v1/consents", 201, headers=mine, json=agreed))["id"]
    photo = await parlour.ask(
        "POST", "/v1/sample-photos/open_05_left", 201, headers=mine, json={"consent_id": consent}
    )
    found = await parlour.ask("GET", "/v1/designs", params={"kind": "nail_art", "limit": 50})
    accent = next(one["id"] for one in found["items"] if one["service"] == "srv_add_accent_nail")
    look = {"designs": [RED, {"id": accent, "fingers": ["ring"]}]}
    asked = {"photo_id": photo["id"], "looks": [look]}
    tryon = (await parlour.ask("POST", "/v1/tryons", 202, headers=mine, json=asked))["id"]
    await draw(parlour, tryon)
    made = await parlour.book(at(MONDAY, "10:00"), headers=mine, tryon_id=tryon, **more)
    return str(made["id"])


async def draw(parlour: Parlour, tryon: str) -> None:
    """What a worker leaves behind."""
    folder = tryon_keys.attempt(parlour.salon.business_id, tryon, 1)
    for name, colour in (("before.jpg", "#e0b9a0"), ("0/full.jpg", RED_HEX), ("0/preview.jpg", RED_HEX)):
        picture = io.BytesIO()
        Image.new("RGB", (400, 300), colour).save(picture, "JPEG")
        await parlour.runtime.storage.put(folder + name, picture.getvalue(), "image/jpeg")
    objects = {"full": f"{folder}0/full.jpg", "preview": f"{folder}0/preview.jpg"}
    drawn = RenderedLook("Red", (LayerOutcome("nail_polish", "applied", 1.0),), objects)
    async with parlour.runtime.db.tenant(parlour.salon.business_id) as unit:
        result = Result(400, 300, (drawn,), before=f"{folder}before.jpg")
        await service.finish(unit, tryon, result, tidy=False)


async def test_the_sheet_says_what_is_worn_where_with_what_and_when(
    parlour: Parlour, visitor: Visitor
) -> None:
    contact = {"name": "Ada"}
    booking = await booked(
        parlour,
        visitor,
        *("try_on", "stylist_record"),
        contact=contact,
        note="allergic to acrylates",
        wishes={"wearing": "gel"},
    )

    sheet = await parlour.ask("GET", f"/v1/bookings/{booking}/tech-sheet")

    assert (sheet["customer"], sheet["note"]) == ("Ada", "allergic to acrylates")
    worn = {finger["finger"]: len(finger["designs"]) for finger in sheet["fingers"]}
    assert worn == {"thumb": 1, "index": 1, "middle": 1, "ring": 2, "little": 1}
    red = next(design for design in sheet["designs"] if design["id"] == RED)
    assert red["sku"]
    assert red["in_stock"] is True
    assert red["swatches"][0]["hex"].startswith("#")
    steps = [step["what"] for step in sheet["recipe"]]
    assert steps[0] == "Take off the gel"
    assert any(step.startswith("2 × ") for step in steps)
    assert [time["stylist"] for time in sheet["times"]] == ["Anna"]
    assert sheet["patch_test"] == "not_needed"
    for url in sheet["pictures"].values():
        assert (await parlour.api.get(url)).status_code == 200


async def test_pictures_are_shown_only_to_a_stylist_who_may_keep_them(
    parlour: Parlour, visitor: Visitor
) -> None:
    booking = await booked(parlour, visitor, "try_on", "share")

    sheet = await parlour.ask("GET", f"/v1/bookings/{booking}/tech-sheet")
    page = await parlour.api.get(f"/v1/bookings/{booking}/tech-sheet/page", headers=parlour.salon.headers)

    assert sheet["pictures"] == {"before": None, "after": None}
    assert "data:image" not in page.text


async def test_the_sheet_is_a_page_and_a_print_that_need_nothing_else(
    parlour: Parlour, visitor: Visitor
) -> None:
    contact = {"name": "Åsa <b>Şükrü</b> Łódź"}
    booking = await booked(parlour, visitor, "try_on", "stylist_record", contact=contact)
    path = f"/v1/bookings/{booking}/tech-sheet"

    page = await parlour.api.get(f"{path}/page", headers=parlour.salon.headers)
    print_ = await parlour.api.get(f"{path}/pdf", headers=parlour.salon.headers)

    assert page.headers["content-type"].startswith("text/html")
    assert page.text.count("data:image/jpeg;base64,") == 2
    assert "Åsa &lt;b&gt;Şükrü&lt;/b&gt; Łódź" in page.text
    assert "<script" not in page.text
    assert "http" not in page.text
    assert print_.headers["content-type"] == "application/pdf"
    assert print_.content.startswith(b"%PDF-")
    assert print_.content.count(b"/Subtype /Image") == 2


@pytest.mark.parametrize(
    ("language", "title", "step", "finger", "day"),
    [
        ("en", "Tech sheet", "Take off the gel", "thumb", "Monday"),
        ("es", "Ficha técnica", "Retirar: gel", "pulgar", "lunes"),
        ("fr", "Fiche technique", "Retirer : gel", "pouce", "lundi"),
        ("de", "Arbeitsblatt", "Entfernen: Gel", "Daumen", "Montag"),
    ],
)
async def test_the_sheet_speaks_the_salons_languages(
    parlour: Parlour, visitor: Visitor, language: str, title: str, step: str, finger: str, day: str
) -> None:
    wishes = {"wearing": "gel"}
    booking = await booked(parlour, visitor, "try_on", "stylist_record", wishes=wishes)
    path, asked = f"/v1/bookings/{booking}/tech-sheet", {"language": language}

    sheet = await parlour.ask("GET", path, params=asked)
    page = (await parlour.api.get(f"{path}/page", params=asked, headers=parlour.salon.headers)).text
    print_ = await parlour.api.get(f"{path}/pdf", params=asked, headers=parlour.salon.headers)

    assert (sheet["language"], sheet["recipe"][0]["what"]) == (language, step)
    assert sheet["designs"][0]["finish"] == "cream", "the machine's own words stay"
    for words in (f'lang="{language}"', title, step, finger, day):
        assert words in page
    assert len(re.findall(rb"/Type /Page\b", print_.content)) == 1, "one page of A4"
    if folder := os.environ.get("VERNIS_PICTURES"):
        Path(folder, f"sheet_{language}.pdf").write_bytes(print_.content)
        Path(folder, f"sheet_{language}.html").write_text(page)


async def test_without_a_wish_the_browser_chooses_the_language_and_then_the_salon(parlour: Parlour) -> None:
    booking = (await parlour.book(at(MONDAY, "10:00"), designs=[RED]))["id"]
    path = f"/v1/bookings/{booking}/tech-sheet"
    await parlour.ask("PATCH", "/v1/messages/settings", json={"language": "es"})

    own = await parlour.ask("GET", path)
    browser = await parlour.ask(
        "GET", path, headers={**parlour.salon.headers, "Accept-Language": "it, fr-CA;q=0.8"}
    )
    stranger = await parlour.ask("GET", path, headers={**parlour.salon.headers, "Accept-Language": "it"})

    assert [one["language"] for one in (own, browser, stranger)] == ["es", "fr", "es"]


def test_every_language_says_everything_that_another_says() -> None:
    for folder in (sheet_words.FOLDER, outcome_words.FOLDER):
        said = {path.stem: keys(tomllib.loads(path.read_text())) for path in folder.glob("*.toml")}
        assert set(said) == set(sheet_words.LOCALES)
        assert all(one == said["en"] for one in said.values()), folder


def keys(words: dict[str, Any], at: str = "") -> set[str]:
    """Names of all sentences, with the places that are filled in them."""
    return {
        name
        for key, value in words.items()
        for name in (
            keys(value, f"{at}{key}.")
            if isinstance(value, dict)
            else {f"{at}{key} {sorted(PLACES.findall(value))}"}
        )
    }


async def test_what_is_used_up_is_on_the_sheet_with_what_comes_near(parlour: Parlour) -> None:
    product = await parlour.ask("POST", "/v1/catalog/products", 201, json={**PRODUCT, "stock": 0})
    used_up = {**POLISH, "sku": "USED-UP", "product_id": product["id"], "state": "live"}
    near = {**POLISH, "sku": "NEAR", "colours": ["#b72320"], "name": "Nearly", "state": "live"}
    first, second = [
        (await parlour.ask("POST", "/v1/catalog/designs", 201, json=design))["id"]
        for design in (used_up, near)
    ]
    booking = (await parlour.book(at(MONDAY, "10:00"), designs=[first]))["id"]

    sheet = await parlour.ask("GET", f"/v1/bookings/{booking}/tech-sheet")
    page = await parlour.api.get(f"/v1/bookings/{booking}/tech-sheet/page", headers=parlour.salon.headers)

    (design,) = sheet["designs"]
    assert design["in_stock"] is False
    assert second in [one["id"] for one in design["alternatives"]]
    assert "Used up." in page.text


async def test_colour_without_a_patch_test_is_an_alarm(parlour: Parlour) -> None:
    await parlour.rules(COLOUR, patch_test_hours=48)
    told = await parlour.book(at(MONDAY, "10:00"), COLOUR, wishes={"patch_tested": True})
    made = await parlour.book(at(MONDAY, "14:00"), COLOUR)

    sheets = [await parlour.ask("GET", f"/v1/bookings/{one['id']}/tech-sheet") for one in (told, made)]
    test = next(one for one in made["series"] if one["purpose"] == "patch_test")
    await parlour.ask("POST", f"/v1/bookings/{test['id']}/cancel", json={"waive_fee": True})
    after = await parlour.ask("GET", f"/v1/bookings/{made['id']}/tech-sheet")

    assert [sheet["patch_test"] for sheet in (*sheets, after)] == ["told", "booked", "missing"]

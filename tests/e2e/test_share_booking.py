"""Booking a shared look in a real browser that runs no script: from the link to the chair."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.errands import HANDS
from benchmarks.journey import new_visitor
from cli.trial import Running
from tests.browser import DESKTOP, FITS, PHONE, Chromium, Tab, chromium, program, save
from tests.faults.service import RED
from tests.integration.conftest import open_salon
from tests.integration.parlour import Parlour

pytestmark = pytest.mark.skipif(program() is None, reason="there is no chromium here")
SMALL = (
    "[...document.querySelectorAll('a, button, summary, input:not([type=hidden]), select')]"
    ".map(e => e.getBoundingClientRect()).filter(b => b.height > 0 && b.height < 44).length"
)


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Chromium]:
    async with chromium() as here:
        yield here


@pytest.fixture(scope="module")
async def parlour(service: Running) -> Parlour:
    here = await Parlour(service.runtime, service.http, await open_salon(service.runtime)).open("Anna", "Bea")
    contact = {"phone": "+49 30 1234567", "email": "hallo@salon.example"}
    await here.ask("PATCH", "/v1/business/contact", json=contact)
    return here


@pytest.fixture(scope="module")
async def shared(service: Running, parlour: Parlour) -> dict[str, Any]:
    """A hand that a worker has painted, shared by a customer of a salon with a chair."""
    visitor = await new_visitor(service.http, parlour.salon.key)
    photo = (HANDS / "open_04_right.jpg").read_bytes()
    tryon = await visitor.ended((await visitor.request(await visitor.upload(photo), [[RED]]))["id"])
    path = f"/v1/tryons/{tryon['id']}/shares"
    answer = await service.http.post(path, json={}, headers=visitor.headers)
    return dict(answer.raise_for_status().json())


async def tap(tab: Tab, selector: str) -> None:
    """Tap something that leads to another page, and wait for it."""
    tab._loaded.clear()
    await tab.evaluate(f"document.querySelector(`{selector}`).click()")
    await tab.loaded()


async def seen(tab: Tab, name: str) -> None:
    """Every page fits, says nothing to the console, and has targets for a thumb."""
    if folder := os.environ.get("VERNIS_PICTURES"):
        save(Path(folder) / f"{name}.png", await tab.picture(whole=True))
    assert tab.said == []
    assert await tab.evaluate(FITS)
    assert await tab.evaluate(SMALL) == 0, "targets of 44 px"


@pytest.mark.parametrize(
    ("size", "language", "dark"),
    [(PHONE, "es", False), (PHONE, "fr", True), (DESKTOP, "en", False), ((320, 568), "de", False)],
)
async def test_from_the_link_to_the_chair(
    browser: Chromium,
    shared: dict[str, Any],
    parlour: Parlour,
    size: tuple[int, int],
    language: str,
    dark: bool,
) -> None:
    name = f"{size[0]}_{language}"
    tab = await browser.tab(size, scripts=False, language=language, dark=dark)
    await tab.open(shared["url"])

    await tap(tab, "a[href$='/book']")
    await tap(tab, "a[href*='wearing=gel']")
    await seen(tab, f"book_{name}")
    await tap(tab, "button.time:nth-of-type(5)")
    await seen(tab, f"held_{name}")
    assert await tab.evaluate("document.querySelector('input[name=name]:invalid') !== null")
    await tab.evaluate("document.querySelector('input[name=name]').value = 'Mara Lindqvist'")
    await tap(tab, "form[action*='/confirm'] button")
    assert (tab.status, len(tab.said)) == (422, 1), "the browser's own word about the status"
    tab.said.clear()
    await seen(tab, f"asked_{name}")
    await tab.evaluate("document.querySelector('input[name=email]').value = 'mara@guest.example'")
    await tap(tab, "form[action*='/confirm'] button")
    await seen(tab, f"booked_{name}")

    assert tab.status == 200
    newest = (await parlour.ask("GET", "/v1/bookings"))["items"][0]
    assert (newest["status"], newest["contact"]["name"]) == ("booked", "Mara Lindqvist")
    assert newest["contact"]["language"] == language
    assert [line["reason"] for line in newest["quote"]] == ["service", "removal"]

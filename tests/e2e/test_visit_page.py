"""The page of an appointment in a real browser, without a script: read, moved, called off."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cli.trial import Running
from tests.browser import DESKTOP, FITS, PHONE, Chromium, Tab, chromium, program, save
from tests.integration.conftest import open_salon
from tests.integration.parlour import Parlour, at, next_monday

pytestmark = pytest.mark.skipif(program() is None, reason="there is no chromium here")
MONDAY = next_monday(2)


async def press(tab: Tab, deed: str) -> None:
    """Press a button and wait until the page is there that the answer leads to."""
    tab._loaded.clear()
    await tab.evaluate(f"document.querySelector('form[action*=\"/{deed}?\"] button').click()")
    await tab.loaded()


async def follow(tab: Tab, part: str) -> None:
    """Tap a link and wait for its page."""
    tab._loaded.clear()
    await tab.evaluate(f"document.querySelector('a[href*=\"/{part}?\"]').click()")
    await tab.loaded()


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Chromium]:
    async with chromium() as here:
        yield here


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [PHONE, DESKTOP, (320, 568)])
async def test_she_moves_and_cancels_by_the_buttons_of_the_page(
    browser: Chromium, service: Running, size: tuple[int, int], dark: bool
) -> None:
    parlour = await Parlour(service.runtime, service.http, await open_salon(service.runtime)).open("Anna")
    made = await parlour.book(at(MONDAY, "10:00"))
    page = service.settings.public_url + made["links"]["manage"].replace("/v1/manage/", "/m/")
    tab = await browser.tab(size, dark=dark)

    assert await tab.open(page) == 200
    assert tab.said == [], "no error, and nothing that the policy had to stop"
    assert await tab.evaluate(FITS)
    if folder := os.environ.get("VERNIS_PICTURES"):
        name = f"visit_{size[0]}_{'dark' if dark else 'light'}.png"
        save(Path(folder) / name, await tab.picture(whole=True))
    await follow(tab, "times")
    if folder := os.environ.get("VERNIS_PICTURES"):
        save(
            Path(folder) / f"times_{size[0]}_{'dark' if dark else 'light'}.png", await tab.picture(whole=True)
        )
    assert await tab.evaluate(FITS)
    await press(tab, "move")
    moved = await parlour.ask("GET", f"/v1/bookings/{made['id']}")
    await press(tab, "cancel")

    assert (moved["status"], moved["sequence"]) == ("booked", 1)
    assert (await parlour.ask("GET", f"/v1/bookings/{made['id']}"))["status"] == "cancelled"
    assert await tab.evaluate("document.querySelector('form') === null")

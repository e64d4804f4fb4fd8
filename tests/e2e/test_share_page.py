"""The page of a shared look in a real browser: with and without scripts, by mouse, finger and keys."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageChops

from benchmarks.errands import HANDS
from cli.trial import Running
from tests.browser import DESKTOP, FITS, PHONE, Chromium, Tab, chromium, program
from tests.faults.service import RED, customer

pytestmark = pytest.mark.skipif(program() is None, reason="there is no chromium here")

SCROLLED = "-document.querySelector('.scroller').scrollLeft / document.querySelector('.scroller').clientWidth"
PLACE = "(() => { const b = document.querySelector('.scroller').getBoundingClientRect();"
PLACE += " return [b.x, b.y, b.width, b.height] })()"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Chromium]:
    async with chromium() as here:
        yield here


@pytest.fixture(scope="module")
async def shared(service: Running) -> dict[str, Any]:
    """A hand that a worker has really painted, shared with its before."""
    visitor = await customer(service)
    photo = (HANDS / "open_04_right.jpg").read_bytes()
    tryon = await visitor.ended((await visitor.request(await visitor.upload(photo), [[RED]]))["id"])
    asked = {"before": True, "greeting": "Shall we both go?"}
    path = f"/v1/tryons/{tryon['id']}/shares"
    answer = await service.http.post(path, json=asked, headers=visitor.headers)
    return {**answer.raise_for_status().json(), "headers": visitor.headers}


async def counts(service: Running, shared: dict[str, Any]) -> dict[str, int]:
    answer = await service.http.get(f"/v1/shares/{shared['id']}", headers=shared["headers"])
    return dict(answer.raise_for_status().json()["counts"])


async def seen(tab: Tab) -> Image.Image:
    return Image.open(io.BytesIO(await tab.picture())).convert("RGB")


def reds(picture: Image.Image) -> int:
    """Pixels of lacquer in the picture."""
    red, green, _ = picture.split()
    return ImageChops.subtract(red, green).point(lambda redder: 255 if redder > 110 else 0).histogram()[255]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [PHONE, DESKTOP, (320, 568)])
async def test_it_fits_loads_nothing_from_elsewhere_and_breaks_no_rule(
    browser: Chromium, shared: dict[str, Any], size: tuple[int, int], dark: bool
) -> None:
    tab = await browser.tab(size, dark=dark)

    assert await tab.open(shared["url"]) == 200

    assert tab.said == [], "no error, and nothing that the policy had to stop"
    origin = urlsplit(shared["url"]).netloc
    assert {urlsplit(url).netloc for _, url in tab.asked} == {origin}
    assert await tab.evaluate(FITS)
    fonts = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family.replaceAll('\"', ''))"
    assert {"Fraunces", "Inter"} <= set(await tab.evaluate(fonts))
    small = (
        "[...document.querySelectorAll('a, button, summary, input')].map(e => e.getBoundingClientRect())"
        ".filter(b => b.height > 0 && b.height < 44).length"
    )
    assert await tab.evaluate(small) == 0, "targets of 44 px"
    ground = (await seen(tab)).getpixel((size[0] - 4, size[1] - 4))
    assert isinstance(ground, tuple)
    assert (sum(ground) < 150) is dark


async def test_with_scripts_the_slider_is_moved_by_mouse_and_keys_and_tells_it_once(
    browser: Chromium, service: Running, shared: dict[str, Any]
) -> None:
    before = await counts(service, shared)
    tab = await browser.tab(DESKTOP)
    await tab.open(shared["url"])
    assert await tab.evaluate(SCROLLED) == pytest.approx(0.5, abs=0.01)
    half = reds(await seen(tab))
    x, y, width, height = await tab.evaluate(PLACE)

    await tab.drag((x + width * 0.5, y + height / 2), (x + width * 0.1, y + height / 2))
    assert await tab.evaluate(SCROLLED) == pytest.approx(0.1, abs=0.01)
    most = reds(await seen(tab))
    await tab.press("Tab")
    assert await tab.evaluate("document.activeElement.type") == "range"
    await tab.press("End")
    await asyncio.sleep(0.2)
    assert await tab.evaluate(SCROLLED) == pytest.approx(1, abs=0.01)
    assert "Before 100 %" in await tab.evaluate("document.activeElement.getAttribute('aria-valuetext')")
    least = reds(await seen(tab))

    assert most > half > least, "the more of the look, the more lacquer is seen"
    assert [method for method, url in tab.asked if url.endswith("/slid")] == ["POST"]
    async with asyncio.timeout(10):
        while (after := await counts(service, shared))["slid"] == before["slid"]:
            await asyncio.sleep(0.1)
    assert (after["opened"] - before["opened"], after["slid"] - before["slid"]) == (1, 1)


async def test_without_scripts_it_is_moved_by_finger_bar_wheel_and_keys(
    browser: Chromium, shared: dict[str, Any]
) -> None:
    phone = await browser.tab(PHONE, scripts=False)
    await phone.open(shared["url"])
    whole = reds(await seen(phone))
    await phone.swipe((100, 300), 200)
    await asyncio.sleep(0.5)
    by_finger = await phone.evaluate(SCROLLED)
    less = reds(await seen(phone))
    desk = await browser.tab(DESKTOP, scripts=False)
    await desk.open(shared["url"])
    x, y, width, height = await desk.evaluate(PLACE)
    await desk.drag((x + width * 0.75, y + height - 22), (x + width * 0.5, y + height - 22))
    await asyncio.sleep(0.3)
    by_bar = await desk.evaluate(SCROLLED)
    await desk.open(shared["url"])
    await desk.press("Tab")
    assert await desk.evaluate("document.activeElement.className") == "scroller"
    for _ in range(5):
        await desk.press("ArrowLeft")
    await asyncio.sleep(0.5)
    by_keys = await desk.evaluate(SCROLLED)

    assert 0.3 < by_finger < 0.7
    assert less < whole, "what was swiped away shows the nails without lacquer"
    assert 0.3 < by_bar < 0.7
    assert by_keys > 0.2


async def test_a_friend_goes_from_the_look_to_her_own_hand_without_scripts(
    browser: Chromium, service: Running, shared: dict[str, Any]
) -> None:
    before = await counts(service, shared)
    tab = await browser.tab(PHONE, scripts=False, language="de")
    await tab.open(shared["url"] + "/try")
    document = await tab.send("DOM.getDocument")
    root = document["root"]["nodeId"]
    photo = await tab.send("DOM.querySelector", nodeId=root, selector="input[type=file]")
    await tab.send("DOM.setFileInputFiles", nodeId=photo["nodeId"], files=[str(HANDS / "open_05_left.jpg")])
    await tab.evaluate("document.querySelector('input[type=checkbox]').checked = true")
    await tab.evaluate("document.querySelector('form').requestSubmit()")

    async with asyncio.timeout(60):
        while await tab.evaluate("document.querySelector('h1')?.textContent") != "An dir":
            await asyncio.sleep(0.3)

    drawn = "(async i => { await i.decode(); return [i.naturalWidth, i.naturalHeight] })"
    assert await tab.evaluate(f"{drawn}(document.querySelector('.stage img'))") == [1080, 1440]
    assert await tab.evaluate("document.cookie") == "", "scripts cannot read the visitor's token"
    assert tab.said == []
    assert (await counts(service, shared))["tried"] == before["tried"] + 1


async def test_an_ended_look_has_a_page_of_its_own(
    browser: Chromium, service: Running, shared: dict[str, Any]
) -> None:
    path = f"/v1/tryons/{shared['tryon_id']}/shares"
    other = (await service.http.post(path, json={}, headers=shared["headers"])).json()
    tab = await browser.tab(PHONE)
    assert await tab.open(other["url"]) == 200
    await service.http.delete(f"/v1/shares/{other['id']}", headers=shared["headers"])

    assert await tab.open(other["url"]) == 410

    assert await tab.evaluate("document.querySelector('h1').textContent") == "This look is no longer shared"
    assert await tab.evaluate("document.querySelectorAll('img').length") == 0

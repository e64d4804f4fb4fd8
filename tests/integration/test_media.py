"""Results in other sizes, content hashes and caching, in a folder as in a bucket."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import numpy as np
import pytest
from msgspec import Struct
from PIL import Image

from benchmarks.journey import Visitor, new_visitor
from kit.decode import DecodePool
from kit.metrics import SMALLER_PICTURES
from kit.outbox import add
from kit.runtime import Runtime
from kit.signing import Signer
from kit.storage import Storage
from modules.tryon import keys, service
from modules.tryon.errors import UnknownTryOn
from modules.tryon.jobs import DeleteTryOnObjects
from modules.tryon.result import LayerOutcome, RenderedLook, Result
from modules.tryon.smaller import Smaller
from tests.integration.callers import bearer, sql
from tests.integration.conftest import Salon
from tests.integration.house import House
from workers.sweeper import sweep

WIDTH, HEIGHT = 1200, 900


def jpeg(seed: int, size: tuple[int, int] = (WIDTH, HEIGHT)) -> bytes:
    """A picture with a camera's metadata in it."""
    coarse = np.random.default_rng(seed).integers(0, 255, (9, 12, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[0x010F] = "Camera of Vernis"
    out = io.BytesIO()
    Image.fromarray(coarse).resize(size).save(out, "JPEG", quality=90, exif=exif, comment=b"secret")
    return out.getvalue()


FULL, SMALL, BEFORE = jpeg(1), jpeg(2, (320, 240)), jpeg(3, (800, 600))


class Shown(Struct, frozen=True):
    """A try-on that is done."""

    house: House
    salon: Salon
    visitor: Visitor
    id: str

    async def view(self) -> dict[str, Any]:
        answer = await self.house.api.get(f"/v1/tryons/{self.id}", headers=bearer(self.visitor.token))
        return dict(answer.raise_for_status().json())

    async def sizes(self) -> dict[str, str]:
        return dict((await self.view())["renders"][0]["sizes"])

    async def stored(self) -> list[str]:
        return await self.house.keys(keys.everything(self.salon.business_id, self.id))

    async def erase(self) -> None:
        path = f"/v1/tryons/{self.id}"
        (await self.house.api.delete(path, headers=bearer(self.visitor.token))).raise_for_status()

    async def tidied(self) -> None:
        """The worker deletes what is not shown."""
        async with self.house.here.db.tenant(self.salon.business_id) as unit:
            await add(unit, DeleteTryOnObjects(self.id))
        await self.house.work(self.salon)


@pytest.fixture
async def shown(house: House, salon: Salon, hand_photo: bytes) -> Shown:
    visitor = await new_visitor(house.api, salon.key)
    return await finished(house, salon, visitor, hand_photo)


async def finished(house: House, salon: Salon, visitor: Visitor, photo: bytes) -> Shown:
    """A try-on, and what a worker writes when it has drawn it."""
    tryon_id = (await visitor.request(await visitor.upload(photo), [["des_polish_lacquer_red"]]))["id"]
    prefix = keys.attempt(salon.business_id, tryon_id, 1)
    pictures = {"full": FULL, "thumbnail": SMALL}
    objects = {name: f"{prefix}0/{name}.jpg" for name in pictures}
    for name, data in pictures.items():
        await house.storage.put(objects[name], data, "image/jpeg")
    await house.storage.put(f"{prefix}before.jpg", BEFORE, "image/jpeg")
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in pictures.items()}
    look = RenderedLook("Red", (LayerOutcome("nail_polish", "applied", 1.0),), objects, hashes)
    result = Result(WIDTH, HEIGHT, (look,), f"{prefix}before.jpg", hashlib.sha256(BEFORE).hexdigest())
    async with house.here.db.tenant(salon.business_id) as unit:
        await service.finish(unit, tryon_id, result, tidy=False)
    return Shown(house, salon, visitor, tryon_id)


def opened(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content))


def counted(outcome: str) -> float:
    return float(SMALLER_PICTURES.labels(outcome)._value.get())


async def test_a_result_offers_widths_in_the_format_that_the_browser_reads(shown: Shown) -> None:
    for width, url in (await shown.sizes()).items():
        plain = await shown.house.show(url)
        modern = await shown.house.show(url, accept="image/avif,image/webp,*/*;q=0.8")

        assert (opened(plain).format, opened(modern).format) == ("JPEG", "WEBP")
        assert (plain.headers["content-type"], modern.headers["content-type"]) == ("image/jpeg", "image/webp")
        assert opened(plain).size == opened(modern).size == (int(width), int(width) * 3 // 4)
        assert plain.headers["vary"] == modern.headers["vary"] == "Accept"
        assert plain.headers["etag"] != modern.headers["etag"]


async def test_a_smaller_picture_looks_like_the_large_one(shown: Shown) -> None:
    expected = np.asarray(Image.open(io.BytesIO(FULL)).resize((320, 240)), dtype=float)
    for accept in ("*/*", "image/webp"):
        picture = opened(await shown.house.show((await shown.sizes())["320"], accept=accept))

        assert np.abs(np.asarray(picture.convert("RGB"), dtype=float) - expected).mean() < 3


async def test_a_narrow_picture_is_not_enlarged_and_nothing_but_pixels_comes_along(shown: Shown) -> None:
    links = (await shown.view())["before_sizes"]

    assert {width: opened(await shown.house.show(url)).size for width, url in links.items()} == {
        "160": (160, 120), "320": (320, 240), "640": (640, 480), "1080": (800, 600),
    }  # fmt: skip
    for accept in ("*/*", "image/webp"):
        picture = opened(await shown.house.show(links["1080"], accept=accept))
        assert dict(picture.getexif()) == {}
        assert not {"comment", "exif", "icc_profile"} & picture.info.keys()


async def test_it_is_named_by_its_content_and_kept_as_long_as_its_link(shown: Shown) -> None:
    url = (await shown.sizes())["640"]
    answer = await shown.house.show(url)
    digest = hashlib.sha256(answer.content)
    (max_age,) = (
        int(part.removeprefix("max-age="))
        for part in answer.headers["cache-control"].split(", ")
        if "=" in part
    )

    assert answer.headers["etag"] == f'"{digest.hexdigest()}"'
    assert answer.headers["repr-digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert answer.headers["cache-control"].startswith("private, ")
    assert abs(time.time() + max_age - int(httpx.URL(url).params["expires"])) < 5
    assert (await shown.sizes())["640"].split("?")[0] == url.split("?")[0]


async def test_who_has_it_is_not_sent_it_again(shown: Shown) -> None:
    url = (await shown.sizes())["160"]
    first = await shown.house.show(url)
    tag = first.headers["etag"]

    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await shown.house.show(url, **{"if-none-match": given})
        assert (again.status_code, again.content) == (304, b"")
        assert {again.headers[name] for name in ("etag", "vary")} == {tag, "Accept"}
        assert "max-age" in again.headers["cache-control"]
    for given in ('"other"', tag.strip('"'), ""):
        assert (await shown.house.show(url, **{"if-none-match": given})).status_code == 200


async def test_of_many_askers_one_has_it_made(shown: Shown) -> None:
    url, before = (await shown.sizes())["640"], counted("made")

    answers = await asyncio.gather(*(shown.house.show(url) for _ in range(8)))
    later = await shown.house.show(url)

    assert {answer.content for answer in (*answers, later)} == {later.content}
    assert counted("made") - before == 1
    assert keys.smaller(f"{keys.attempt(shown.salon.business_id, shown.id, 1)}0/full.jpg", 640, "jpeg") in (
        await shown.stored()
    )


async def test_no_changed_link_opens_anything(shown: Shown) -> None:
    """Given a good link, then one with any character changed by a bit, at any place behind the host, is refused."""
    url = urlsplit((await shown.sizes())["320"])
    whole = f"{url.path}?{url.query}"
    statuses = set()
    for place in range(len("/v1/tryons/"), len(whole)):
        path = whole[:place] + chr(ord(whole[place]) ^ 1) + whole[place + 1 :]
        statuses.add((await shown.house.api.get(path)).status_code)
    unsigned = await shown.house.api.get(url.path, headers=bearer(shown.visitor.token))

    assert statuses <= {401, 403, 404, 405}
    assert (unsigned.status_code, unsigned.json()["code"]) == (403, "link_refused")
    assert await shown.stored() == await shown.house.keys(keys.attempt(shown.salon.business_id, shown.id, 1))
    assert not [key for key in await shown.stored() if ".w" in key]


async def test_a_link_ends(shown: Shown) -> None:
    signer = Signer(shown.house.here.settings.secret.encode(), "vernis picture size 1")
    query = signer.query(shown.id, "0", "640", expires=int(time.time()) - 1)

    answer = await shown.house.api.get(f"/v1/tryons/{shown.id}/pictures/0/640?{urlencode(query)}")

    assert (answer.status_code, answer.json()["code"]) == (410, "link_expired")


async def test_what_was_never_drawn_has_no_picture(shown: Shown) -> None:
    signer = Signer(shown.house.here.settings.secret.encode(), "vernis picture size 1")
    for tryon_id, picture, code in (
        (shown.id, "1", "unknown_picture"),
        ("try_none", "0", "unknown_tryon"),
    ):
        query = signer.query(tryon_id, picture, "640", expires=int(time.time()) + 60)
        answer = await shown.house.api.get(f"/v1/tryons/{tryon_id}/pictures/{picture}/640?{urlencode(query)}")
        assert (answer.status_code, answer.json()["code"]) == (404, code)


async def test_links_are_shown_to_their_owner_only(shown: Shown, other_salon: Salon) -> None:
    stranger = await new_visitor(shown.house.api, shown.salon.key)
    path = f"/v1/tryons/{shown.id}"

    for token in (stranger.token, other_salon.key):
        assert (await shown.house.api.get(path, headers=bearer(token))).status_code == 404
    assert (await shown.house.api.get(path)).status_code == 401


async def test_the_smaller_pictures_of_an_erased_try_on_are_gone(shown: Shown) -> None:
    url = (await shown.sizes())["640"]
    assert (await shown.house.show(url)).status_code == 200
    await shown.tidied()
    assert len([key for key in await shown.stored() if ".w640." in key]) == 1, "tidying keeps what is shown"

    await shown.erase()
    at_once = await shown.house.show(url)
    await shown.tidied()

    assert (at_once.status_code, at_once.json()["code"]) == (404, "unknown_tryon")
    assert await shown.stored() == []


async def test_a_before_that_may_not_be_shown_any_more_goes_in_every_size(shown: Shown) -> None:
    url = (await shown.view())["before_sizes"]["320"]
    assert (await shown.house.show(url)).status_code == 200
    path = f"/v1/consents/{shown.visitor.consent_id}/withdrawal"
    answer = await shown.house.api.post(
        path, json={"purposes": ["share"]}, headers=bearer(shown.visitor.token)
    )
    assert answer.status_code == 200

    await shown.house.work(shown.salon)

    view = await shown.view()
    assert (view["before"], view["before_sha256"], view["before_sizes"]) == (None, None, {})
    assert (await shown.house.show(url)).json()["code"] == "unknown_picture"
    assert not [key for key in await shown.stored() if "before" in key]
    assert len(view["renders"][0]["sizes"]) == 4


class ErasedMeanwhile:
    """A store whose try-on is erased, and its objects deleted, just before something is put."""

    def __init__(self, shown: Shown) -> None:
        self._shown, self._store = shown, shown.house.storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def put(self, key: str, data: bytes, media_type: str) -> None:
        await self._shown.erase()
        await self._shown.tidied()
        await self._store.put(key, data, media_type)


async def test_what_is_made_while_its_try_on_is_erased_is_taken_back(shown: Shown) -> None:
    store: Storage = ErasedMeanwhile(shown)  # type: ignore[assignment]
    async with DecodePool(1) as gate:
        with pytest.raises(UnknownTryOn):
            await Smaller(shown.house.here.db, store, gate).picture(shown.id, "0", 640, "jpeg")

    assert await shown.stored() == []


async def test_the_sweep_spares_smaller_pictures_of_what_is_shown(
    shown: Shown, salon: Salon, hand_photo: bytes
) -> None:
    """Given pictures of a try-on that is there, of an erased one, and one of no size of ours, the first alone stay."""
    gone = await finished(shown.house, salon, shown.visitor, hand_photo)
    for tryon in (shown, gone):
        await shown.house.show((await tryon.sizes())["320"])
    await shown.house.show((await shown.view())["before_sizes"]["160"], accept="image/webp")
    kept = await shown.stored()
    await shown.house.storage.put(kept[0].rpartition("/")[0] + "/full.w333.jpeg", b"x", "image/jpeg")
    await gone.erase()

    await sweep(shown.house.here, older_than=timedelta(0))

    assert await gone.stored() == []
    assert await shown.stored() == kept
    assert len([key for key in kept if ".w" in key]) == 2


async def test_results_carry_the_hashes_of_their_pictures(shown: Shown) -> None:
    view = await shown.view()
    (render,) = view["renders"]
    pictures = {**render["pictures"], "before": view["before"]}
    hashes = {**render["sha256"], "before": view["before_sha256"]}

    assert hashes.keys() == pictures.keys() == {"full", "thumbnail", "before"}
    for name, url in pictures.items():
        assert hashlib.sha256((await shown.house.show(url)).content).hexdigest() == hashes[name]


async def test_the_local_stores_links_are_cached_by_content_too(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, hand_photo: bytes
) -> None:
    house = House(api, runtime)
    shown = await finished(house, salon, await new_visitor(api, salon.key), hand_photo)
    (render,) = (await shown.view())["renders"]
    url = render["pictures"]["full"]

    first = await house.show(url)
    again = await house.show(url, **{"if-none-match": first.headers["etag"]})

    assert first.headers["etag"] == f'"{render["sha256"]["full"]}"'
    assert first.headers["repr-digest"].startswith("sha-256=:")
    assert (again.status_code, again.content) == (304, b"")
    max_age = int(first.headers["cache-control"].split("max-age=")[1].split(",")[0])
    assert 0 < max_age <= 15 * 60


async def test_a_try_on_drawn_before_contents_were_hashed_is_still_shown(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    house = House(api, runtime)
    shown = await finished(house, salon, visitor, hand_photo)
    await sql(
        runtime, salon, "UPDATE tryons SET result = result - 'before_sha256' #- '{renders,0,sha256}' WHERE id = :id",
        id=shown.id,
    )  # fmt: skip

    view = await shown.view()

    assert view["renders"][0]["sha256"] == {}
    assert view["before_sha256"] is None

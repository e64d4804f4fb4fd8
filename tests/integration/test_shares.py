"""Shared looks: what a link shows, to whom, and that it ends at once with whatever it rests on."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import text

from benchmarks.journey import CONSENT, Visitor, new_visitor
from kit.decode import DecodePool
from kit.person import Person
from kit.runtime import Runtime
from kit.storage import Storage
from modules.share import opening, personal, service
from modules.share.cards import SHAPES
from modules.share.errors import ShareEnded
from modules.share.pictures import Cards
from tests.integration.callers import bearer, sql
from tests.integration.conftest import Salon, is_stored
from tests.integration.parlour import Parlour, at, next_monday
from tests.integration.sharing import BROWSER, HEIGHT, WIDTH, Shared, share, tried_on
from tests.integration.working import Worker, dump
from workers.sweeper import sweep


@pytest.fixture
async def shared(api: httpx.AsyncClient, runtime: Runtime, salon: Salon, hand_photo: bytes) -> Shared:
    return await share(api, runtime, salon, hand_photo, before=True, title="Friday", greeting="Look at this")


def opened(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content))


async def ask(shared: Shared, visitor: Visitor | None = None, **asked: Any) -> httpx.Response:
    headers = bearer((visitor or shared.visitor).token)
    return await shared.api.post(f"/v1/tryons/{shared.tryon_id}/shares", json=asked, headers=headers)


# what is shown


async def test_the_page_shows_the_look_and_says_what_to_do_next(shared: Shared) -> None:
    answer = await shared.open()

    assert answer.status_code == 200
    for words in ("Friday", "Look at this", "Lacquer Red", "Salon", "from €32", "about 45\u00a0min"):
        assert words in answer.text
    for place in ("/look/1080", "/before/1080", "/book", "/try", "/qr.svg"):
        assert shared.path + place in answer.text
        assert (await shared.open(place)).status_code == 200


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "Diesen Look buchen"),
        ("fr", "Réserver ce look"),
        ("es-MX", "Reservar este look"),
        ("ja,en;q=0.1", "Book this look"),
        ("", "Book this look"),
    ],
)
async def test_the_page_speaks_the_readers_language(shared: Shared, asked: str, words: str) -> None:
    answer = await shared.open(**{"accept-language": asked})

    assert words in answer.text
    assert answer.headers["vary"] == "Accept-Language"


async def test_what_she_wrote_is_text_and_never_markup(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, hand_photo: bytes
) -> None:
    bold = '"><script src=//evil.example></script>'
    page = await (await share(api, runtime, salon, hand_photo, title=bold, greeting=bold)).open()

    assert "<script src=//evil" not in page.text
    assert "&lt;script src=//evil.example&gt;" in page.text


async def test_nothing_on_the_page_is_from_elsewhere_and_nobody_is_led_there_by_a_referrer(
    shared: Shared,
) -> None:
    answer = await shared.open()

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert answer.text.count("<script") == 1
    assert '<script type="module" src="/pages/' in answer.text
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-robots-tag"].startswith("noindex")
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


async def test_messengers_are_told_by_absolute_addresses(shared: Shared) -> None:
    text, origin = (await shared.open()).text, shared.runtime.settings.public_url

    assert f'<meta property="og:url" content="{origin}{shared.path}">' in text
    assert f'<meta property="og:image" content="{origin}{shared.path}/preview.jpg">' in text
    assert '<meta name="twitter:card" content="summary_large_image">' in text
    assert opened(await shared.open("/preview.jpg")).size == (1200, 630)


@pytest.mark.parametrize("shape", SHAPES)
async def test_cards_have_the_size_of_their_shape_and_nothing_but_pixels(shared: Shared, shape: str) -> None:
    answer = await shared.open(f"/{shape}.jpg")
    card = opened(answer)

    assert card.size == (SHAPES[shape].width, SHAPES[shape].height)
    assert dict(card.getexif()) == {}
    assert answer.headers["cache-control"] == "private, max-age=5"
    assert await shared.stored() == [f"shares/{shared.salon.business_id}/{shared.id}/{shape}.jpg"]
    assert (
        await shared.open(f"/{shape}.jpg", **{"if-none-match": answer.headers["etag"]})
    ).status_code == 304


async def test_what_is_painted_lies_in_the_safe_area_of_a_story(shared: Shared) -> None:
    card = opened(await shared.open("/story.jpg")).convert("RGB")
    left, top, right, bottom = SHAPES["story"].safe
    red = Image.eval(card.split()[1], lambda green: 255 if green < 45 else 0).getbbox()

    assert red is not None
    assert left - 2 <= red[0]
    assert red[2] <= right + 2
    assert top - 2 <= red[1]
    assert red[3] <= bottom + 2


async def test_without_a_watermark_no_name_is_on_the_card(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, hand_photo: bytes
) -> None:
    marked = await share(api, runtime, salon, hand_photo)
    plain = await share(api, runtime, salon, hand_photo, watermark=False)
    strip = (0, 960, 1080, 1080)

    named = opened(await marked.open("/square.jpg")).convert("RGB").crop(strip)
    photo = opened(await plain.open("/square.jpg")).convert("RGB").crop(strip)

    assert named.getpixel((540, 10)) == pytest.approx((250, 247, 244), abs=3)
    assert photo.getpixel((540, 10)) != pytest.approx((250, 247, 244), abs=20)


async def test_a_channel_that_is_not_allowed_is_not_there(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, hand_photo: bytes
) -> None:
    quiet = await share(api, runtime, salon, hand_photo, channels=[])
    page = await quiet.open()

    assert page.status_code == 200
    assert "og:image" not in page.text
    assert "qr.svg" not in page.text
    for place in ("/preview.jpg", "/square.jpg", "/portrait.jpg", "/story.jpg", "/qr.svg", "/clip"):
        assert (await quiet.open(place)).status_code == 404
    assert (quiet.view["qr"], quiet.view["pictures"]) == (None, {})


async def test_the_before_is_shown_only_where_it_was_asked_for(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, hand_photo: bytes
) -> None:
    plain = await share(api, runtime, salon, hand_photo)

    assert "vernis-compare" not in (await plain.open()).text
    assert (await plain.open("/before/1080")).status_code == 404
    assert (await plain.open("/look/1080")).status_code == 200


async def test_the_original_is_never_reachable(shared: Shared) -> None:
    for place in (
        "/original",
        "/look/5000",
        "/look/full",
        "/before/full",
        "/photo/1080",
        "/look/-1",
        "/look/0",
    ):
        assert (await shared.open(place)).status_code == 404
    for width in (160, 320, 640, 1080):
        for of in ("look", "before"):
            shown = opened(await shared.open(f"/{of}/{width}"))
            assert shown.size == (min(width, WIDTH), round(min(width, WIDTH) * HEIGHT / WIDTH))
            assert dict(shown.getexif()) == {}


async def test_a_look_that_is_no_longer_on_offer_has_no_price_and_cannot_be_tried(shared: Shared) -> None:
    answer = await shared.api.put(
        "/v1/catalog/shelf/des_polish_lacquer_red",
        json={"hidden": True},
        headers={**shared.salon.headers, "If-Match": "*"},
    )
    assert answer.status_code == 200, answer.text

    page = await shared.open()

    assert page.status_code == 200
    assert "€" not in page.text
    assert f"{shared.path}/try" not in page.text
    assert (await shared.open("/try")).status_code == 404


# asking for one


async def test_a_share_needs_a_consent_to_share(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, hand_photo: bytes
) -> None:
    visitor = await new_visitor(api, salon.key)
    given = await api.post(
        "/v1/consents", json={**CONSENT, "purposes": ["try_on"]}, headers=bearer(visitor.token)
    )
    visitor.consent_id = given.json()["id"]
    tryon_id = await tried_on(runtime, salon, visitor, hand_photo, before=False)

    answer = await api.post(f"/v1/tryons/{tryon_id}/shares", json={}, headers=bearer(visitor.token))

    assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")


async def test_what_cannot_be_shared_is_refused(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, hand_photo: bytes, shared: Shared
) -> None:
    visitor = await new_visitor(api, salon.key)
    bare = await tried_on(runtime, salon, visitor, hand_photo, before=False)
    waiting = (await visitor.request(await visitor.upload(hand_photo), [["des_polish_lacquer_red"]]))["id"]
    headers = bearer(visitor.token)

    async def code(tryon_id: str, **asked: Any) -> tuple[int, str]:
        answer = await api.post(f"/v1/tryons/{tryon_id}/shares", json=asked, headers=headers)
        return answer.status_code, answer.json()["code"]

    assert await code(bare, before=True) == (409, "before_not_kept")
    assert await code(bare, clip=True) == (409, "before_not_kept")
    assert await code(bare, look=1) == (422, "unknown_look")
    assert await code(bare, title="two\nlines") == (422, "bad_text")
    assert await code(waiting) == (409, "nothing_to_share")
    assert await code(shared.tryon_id) == (404, "unknown_tryon")
    assert (await code(bare, expires_in_days=31))[0] == 422


async def test_a_link_never_outlives_its_picture(shared: Shared) -> None:
    await sql(
        shared.runtime, shared.salon, "UPDATE tryons SET expires_at = now() + interval '2 days' WHERE id = :id",
        id=shared.tryon_id,
    )  # fmt: skip

    view = (await ask(shared, expires_in_days=30)).json()

    left = datetime.fromisoformat(view["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=1, hours=23) < left <= timedelta(days=2)


async def test_a_request_that_is_repeated_makes_one_share(shared: Shared) -> None:
    headers = {**bearer(shared.visitor.token), "Idempotency-Key": "once"}
    path = f"/v1/tryons/{shared.tryon_id}/shares"

    first, again = [await shared.api.post(path, json={}, headers=headers) for _ in range(2)]

    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"


async def test_shares_are_listed_to_who_made_them(shared: Shared) -> None:
    second = (await ask(shared)).json()
    other = await new_visitor(shared.api, shared.salon.key)

    async def listed(token: str, **query: str) -> list[str]:
        answer = await shared.api.get("/v1/shares", params=query, headers=bearer(token))
        return [item["id"] for item in answer.raise_for_status().json()["items"]]

    assert await listed(shared.visitor.token) == [second["id"], shared.id]
    assert await listed(shared.visitor.token, tryon_id=shared.tryon_id, limit="1") == [second["id"]]
    assert await listed(shared.salon.key, tryon_id=shared.tryon_id) == [second["id"], shared.id]
    assert await listed(other.token) == []


# the end


async def gone(shared: Shared) -> set[int]:
    places = (
        "",
        "/book",
        "/try",
        "/look/320",
        "/before/320",
        "/preview.jpg",
        "/square.jpg",
        "/qr.svg",
        "/clip",
    )
    return {(await shared.open(place)).status_code for place in places}


async def test_a_link_that_is_taken_back_says_so_kindly_from_the_next_request_on(
    shared: Shared, worker: Worker
) -> None:
    assert opened(await shared.open("/square.jpg")).size == (1080, 1080)
    path = f"/v1/shares/{shared.id}"

    answer = await shared.api.delete(path, headers=bearer(shared.visitor.token))

    assert answer.status_code == 204
    assert await gone(shared) == {410}
    page = await shared.open()
    assert "This look is no longer shared" in page.text
    assert "Lacquer" not in page.text
    await worker.work(only="share.")
    assert await shared.stored() == []
    view = await shared.now()
    assert (view["status"], view["ended_by"], view["url"], view["pictures"]) == ("ended", "revoked", None, {})
    again = await shared.api.delete(path, headers=bearer(shared.visitor.token))
    assert (again.status_code, again.json()["code"]) == (410, "share_ended")


@pytest.mark.parametrize("purposes", [["share"], ["try_on"]])
async def test_a_consent_that_is_taken_back_ends_it_before_any_worker_has_heard(
    shared: Shared, worker: Worker, purposes: list[str]
) -> None:
    path = f"/v1/consents/{shared.visitor.consent_id}/withdrawal"
    answer = await shared.api.post(path, json={"purposes": purposes}, headers=bearer(shared.visitor.token))
    assert answer.status_code == 200

    assert await gone(shared) == {410}

    await worker.work(only="share.")
    assert (await shared.now())["ended_by"] == "consent"


async def test_an_erased_try_on_ends_it_before_any_worker_has_heard(shared: Shared, worker: Worker) -> None:
    await shared.api.delete(f"/v1/tryons/{shared.tryon_id}", headers=bearer(shared.visitor.token))

    assert await gone(shared) == {410}

    await worker.work(only="share.")
    assert (await shared.now())["ended_by"] == "erased"


async def test_an_erased_photo_ends_it(shared: Shared, worker: Worker) -> None:
    photo_id = (await shared.visitor.read(shared.tryon_id))["photo_id"]
    await shared.api.delete(f"/v1/photos/{photo_id}", headers=bearer(shared.visitor.token))

    await worker.work(only="share.")

    assert await gone(shared) == {410}
    assert (await shared.now())["ended_by"] == "erased"


async def test_its_time_ends_it_and_its_counts_stay_a_while(shared: Shared, worker: Worker) -> None:
    await shared.open()
    await worker.expire("shares", shared.id)

    assert await gone(shared) == {410}
    view = await shared.now()
    assert (view["ended_by"], view["counts"]["opened"]) == ("expired", 1)
    await worker.let_time_pass("share.forget")
    await worker.work(only="share.")
    assert await gone(shared) == {410}, "we signed it: it was there once"
    later = await shared.api.get(f"/v1/shares/{shared.id}", headers=bearer(shared.visitor.token))
    assert later.status_code == 404


async def test_a_suspended_business_shows_nothing(shared: Shared) -> None:
    suspended = "UPDATE businesses SET suspended_at = now() WHERE id = :id"
    await sql(shared.runtime, shared.salon, suspended, id=shared.salon.business_id)

    answer = await shared.open()

    assert answer.status_code == 403
    assert "closed for now" in answer.text


async def test_an_erased_person_leaves_nothing_of_her_shares(shared: Shared, worker: Worker) -> None:
    await shared.open("/square.jpg")
    friend = (await shared.api.post("/v1/visitors", headers=shared.salon.headers)).json()["customer_id"]
    came_by = "UPDATE customers SET source = :share WHERE id = :id"
    await sql(shared.runtime, shared.salon, came_by, share=shared.id, id=friend)
    answer = await shared.api.post("/v1/me/erasure", headers=bearer(shared.visitor.token))
    assert answer.status_code == 202

    await worker.work(only="privacy.")

    assert await shared.stored() == []
    left = await dump(shared.runtime, shared.id)
    assert set(left) <= {"audit_log", "jobs", "outbox"}, left
    assert await gone(shared) == {410}


async def test_an_export_tells_of_shares(shared: Shared) -> None:
    async with shared.runtime.db.tenant(shared.salon.business_id) as unit:
        told = await personal.export(unit, Person(shared.view["customer_id"]))

    (row,) = told.records["shares"]
    assert (row["id"], row["greeting"]) == (shared.id, "Look at this")


async def test_what_an_older_backup_brings_back_is_ended_again(shared: Shared) -> None:
    async with shared.runtime.db.tenant(shared.salon.business_id) as unit:
        await service.end_again(unit, [shared.id, "shr_none"])

    assert await gone(shared) == {410}


async def test_the_sweep_spares_cards_of_open_shares_alone(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, hand_photo: bytes, shared: Shared
) -> None:
    over = await share(api, runtime, salon, hand_photo)
    for one in (shared, over):
        await one.open("/square.jpg")
    ended = "UPDATE shares SET ended_at = now(), ended_by = 'revoked' WHERE id = :id"
    await sql(runtime, salon, ended, id=over.id)

    await sweep(runtime, older_than=timedelta(0))

    assert (len(await shared.stored()), len(await over.stored())) == (1, 0)


class EndedMeanwhile:
    """A store whose share is taken back just before a card is put."""

    def __init__(self, shared: Shared) -> None:
        self._shared, self._store = shared, shared.runtime.storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def put(self, key: str, data: bytes, media_type: str) -> None:
        path = f"/v1/shares/{self._shared.id}"
        await self._shared.api.delete(path, headers=bearer(self._shared.visitor.token))
        await self._store.put(key, data, media_type)


async def test_a_card_that_is_made_while_its_share_ends_is_taken_back(shared: Shared) -> None:
    store: Storage = EndedMeanwhile(shared)  # type: ignore[assignment]
    async with shared.runtime.db.tenant(shared.salon.business_id) as unit:
        there = await opening.opened(unit, shared.id)
    async with DecodePool(1) as gate:
        with pytest.raises(ShareEnded):
            await Cards(shared.runtime.db, store, gate).card(there, "square")

    assert await shared.stored() == []


# the clip


async def test_a_clip_is_made_by_a_worker_and_the_share_says_what_it_is(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, hand_photo: bytes, worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("PATH", "/nowhere")  # no ffmpeg there
    shared = await share(api, runtime, salon, hand_photo, before=True, clip=True)
    assert shared.view["clip"] == {"status": "queued", "format": None, "url": None}

    await worker.work(only="share.clip")

    clip = (await shared.now())["clip"]
    assert (clip["status"], clip["format"]) == ("done", "webp")
    answer = await shared.open("/clip")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    moving = Image.open(io.BytesIO(answer.content))
    assert getattr(moving, "n_frames", 1) > 20
    assert "/clip" in (await shared.open()).text


async def test_a_clip_whose_share_ends_meanwhile_is_not_kept(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, hand_photo: bytes, worker: Worker
) -> None:
    shared = await share(api, runtime, salon, hand_photo, before=True, clip=True)
    await api.delete(f"/v1/shares/{shared.id}", headers=bearer(shared.visitor.token))

    await worker.work(only="share.")

    assert await shared.stored() == []
    assert not await is_stored(runtime.storage, f"shares/{salon.business_id}/{shared.id}/clip.webp")


# what people do with it


async def test_people_are_counted_and_programs_are_not(shared: Shared) -> None:
    for agent in (
        "facebookexternalhit/1.1", "WhatsApp/2.23.20.0", "Twitterbot/1.0", "TelegramBot (like TwitterBot)",
        "Slackbot-LinkExpanding 1.0", "Mozilla/5.0 (compatible; Googlebot/2.1)", "curl/8.0", "",
        "Mozilla/5.0 HeadlessChrome/120.0",
    ):  # fmt: skip
        assert (await shared.open(**{"user-agent": agent})).status_code == 200
    await shared.open(**{"sec-purpose": "prefetch;prerender"})
    for place in ("/preview.jpg", "/look/320", "/book"):
        await shared.open(place)
    assert (await shared.counts())["opened"] == 0

    await asyncio.gather(*(shared.open() for _ in range(5)))

    assert (await shared.counts())["opened"] == 5


async def test_comparing_is_counted_no_more_often_than_opening(shared: Shared) -> None:
    await shared.open()
    for _ in range(3):
        answer = await shared.api.post(f"{shared.path}/slid", headers=BROWSER)
        assert answer.status_code == 204

    assert await shared.counts() == {"opened": 1, "slid": 1, "tried": 0, "booked": 0}


async def test_the_salon_tells_that_somebody_booked(shared: Shared) -> None:
    path = f"/v1/shares/{shared.id}/bookings"

    by_her = await shared.api.post(path, headers=bearer(shared.visitor.token))
    by_the_salon = await shared.api.post(path, headers=shared.salon.headers)

    assert by_her.status_code == 403
    assert by_the_salon.json()["counts"]["booked"] == 1


async def test_what_a_visitor_books_counts_for_the_link_that_brought_her(
    shared: Shared, worker: Worker
) -> None:
    parlour = await Parlour(shared.runtime, shared.api, shared.salon).open("Anna")
    friend = (await shared.api.post("/v1/visitors", headers=shared.salon.headers)).json()
    came_by = "UPDATE customers SET source = :share WHERE id = :id"
    await sql(shared.runtime, shared.salon, came_by, share=shared.id, id=friend["customer_id"])
    await parlour.book(at(next_monday(), "10:00"), headers=bearer(friend["token"]))
    await parlour.book(at(next_monday(), "12:00"), headers=bearer(shared.visitor.token))

    await worker.work(only="share.")

    assert (await shared.counts())["booked"] == 1


async def test_the_booking_page_shows_what_the_salon_says_and_where_one_comes_from(shared: Shared) -> None:
    empty = await shared.open("/book")
    contact = {"phone": "+49 30 123", "booking_url": "https://salon.example/book?x=1", "hours": "Tue–Sat"}
    changed = await shared.api.patch("/v1/business/contact", json=contact, headers=shared.salon.headers)
    assert changed.json() == {"email": "", "address": "", **contact}

    page = (await shared.open("/book")).text

    assert "has not left a number here" in empty.text
    assert f"https://salon.example/book?x=1&amp;source={shared.id}" in page
    assert 'href="tel:+4930123"' in page
    assert "Tue–Sat" in page


@pytest.mark.parametrize(
    "contact",
    [
        {"booking_url": "javascript:alert(1)"},
        {"booking_url": "http://salon.example"},
        {"phone": "call me"},
        {"email": "a@b?bcc=c@d.example"},
        {"hours": "a\nb"},
    ],
)
async def test_a_contact_that_is_none_is_refused(
    api: httpx.AsyncClient, salon: Salon, contact: dict[str, str]
) -> None:
    answer = await api.patch("/v1/business/contact", json=contact, headers=salon.headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_contact")


async def try_it(shared: Shared, photo: bytes | None, **headers: str) -> httpx.Response:
    form = {"agreed": "yes"} if headers.pop("agreed", "yes") == "yes" else {"agreed": "no"}
    files = (
        {"photo": ("me.jpg", photo, "image/jpeg")}
        if photo is not None
        else {"photo": ("", b"", "image/jpeg")}
    )
    own = {**BROWSER, "sec-fetch-site": "same-origin", **headers}
    return await shared.api.post(f"{shared.path}/try", data=form, files=files, headers=own)


async def test_a_friend_tries_the_look_on_herself_without_a_script(shared: Shared, hand_photo: bytes) -> None:
    sent = await try_it(shared, hand_photo)

    assert sent.status_code == 303, sent.text
    place = sent.headers["location"]
    assert place.startswith(f"{shared.path}/tried/try_")
    assert "HttpOnly" in sent.headers["set-cookie"]
    waiting = await shared.api.get(place, headers=BROWSER)
    assert '<meta http-equiv="refresh"' in waiting.text
    tryon_id = place.rpartition("/")[2]
    async with shared.runtime.db.tenant(shared.salon.business_id) as unit:
        found = await unit.execute(
            text("SELECT c.source, t.designs FROM tryons t JOIN customers c ON c.id = t.customer_id WHERE t.id = :id"),
            {"id": tryon_id},
        )  # fmt: skip
        assert found.one() == (shared.id, ["des_polish_lacquer_red"])
    assert (await shared.counts())["tried"] == 1
    shared.api.cookies.clear()
    stranger = await shared.api.get(place, headers=BROWSER)
    assert (stranger.status_code, stranger.headers["location"]) == (303, f"{shared.path}/try")


async def test_a_photo_that_cannot_be_used_is_told_and_leaves_nobody_behind(shared: Shared) -> None:
    async def customers() -> int:
        return len((await dump(shared.runtime, shared.salon.business_id)).get("customers", []))

    before = await customers()
    answers = [
        await try_it(shared, b"no picture"),
        await try_it(shared, None),
        await try_it(shared, b"x", agreed="no"),
    ]

    assert [answer.status_code for answer in answers] == [415, 422, 422]
    assert all('role="alert"' in answer.text for answer in answers)
    assert await customers() == before
    assert (await shared.counts())["tried"] == 0


async def test_a_form_of_another_site_opens_no_visit(shared: Shared, hand_photo: bytes) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "none"}):
        assert (await try_it(shared, hand_photo, **headers)).status_code == 403


async def test_events_tell_of_a_share_by_ids_alone(shared: Shared) -> None:
    await shared.open()
    async with shared.runtime.db.system() as unit:
        waiting = await unit.all(
            text(
                "SELECT topic, payload FROM outbox WHERE payload ->> 'share_id' = '"
                + shared.id
                + "' ORDER BY id"
            )
        )

    assert [(row.topic, row.payload) for row in waiting] == [
        ("share.created", {"share_id": shared.id, "tryon_id": shared.tryon_id}),
        ("share.opened", {"share_id": shared.id}),
    ]

"""A salon's own designs, looks and services, and what it makes of the shipped shelf."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import Any

import httpx
import pytest
from PIL import Image

from benchmarks.journey import Visitor
from kit.runtime import Runtime
from modules.accounts import service as accounts
from modules.accounts.scopes import EVERY_SCOPE, Role, Scope
from tests.integration.callers import bearer, hire, hold
from tests.integration.conftest import Salon
from tests.integration.desk import POLISH, PRODUCT, SERVICE, Desk

DISC = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><circle cx='4' cy='4' r='4'/></svg>"
ART = {"kind": "nail_art", "style": "french", "colours": ["#e8c5b9", "#f5f3f0"]}
SHIPPED, HIDDEN = "des_polish_lacquer_red", "des_polish_milk_glass"


@pytest.fixture
def desk(runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> Desk:
    return Desk(runtime, api, salon)


async def test_a_design_is_written_published_changed_and_archived(desk: Desk) -> None:
    made = await desk.add("/designs", POLISH)
    one = f"/designs/{made['id']}"
    assert (made["version"], made["design"]["state"], made["colour_families"]) == (1, "draft", ["red"])
    assert made["renderable"] is True

    live = await desk.change(one, 1, state="live")
    dearer = await desk.change(one, 2, price={"amount": 5000, "currency": "EUR"})
    await desk.ask("DELETE", one, 204)

    assert live["design"] == {**made["design"], "state": "live"}
    assert dearer["design"]["price"]["amount"] == 5000
    assert (await desk.ask("GET", one))["design"]["state"] == "archived"
    assert (await desk.ask("GET", "/designs"))["items"] == []
    restored = await desk.change(one, 4, state="hidden")
    assert restored["design"]["state"] == "hidden"
    assert await desk.told() == [
        ("design.published", {"design_id": made["id"]}),
        ("design.changed", {"design_id": made["id"]}),
        ("design.archived", {"design_id": made["id"]}),
    ]
    assert await desk.audited() == [
        "design.created",
        "design.changed",
        "design.changed",
        "design.archived",
        "design.changed",
    ]


async def test_a_draft_that_nobody_names_is_deleted(desk: Desk) -> None:
    made = await desk.add("/designs", POLISH)

    await desk.ask("DELETE", f"/designs/{made['id']}", 204)

    await desk.ask("GET", f"/designs/{made['id']}", 404)


async def test_a_change_names_the_version_that_it_was_made_from(desk: Desk) -> None:
    one = f"/designs/{(await desk.add('/designs', POLISH))['id']}"
    await desk.change(one, 1, minutes=50)

    stale = await desk.change(one, 1, 412, minutes=40)
    missing = await desk.ask("PATCH", one, 428, json={"minutes": 40})
    same = await desk.change(one, 2, minutes=50)

    assert (stale["code"], missing["code"]) == ("stale_version", "version_required")
    assert same["version"] == 2
    assert (await desk.ask("PATCH", one, json={"minutes": 41}, headers={"If-Match": "*"}))["version"] == 3


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"coats": 2, "kind": "lips", "finish": "matte"}, "coats", "not_of_this_kind"),
        ({"finish": "satin"}, "finish", "value"),
        ({"colours": ["#b5201f", "#ffffff"]}, "colours", "value"),
        ({"kind": "nail_art"}, "style", "missing"),
        ({"kind": "nail_art", "style": "french"}, "colours", "value"),
        ({**ART, "style": "frnch"}, "style", "value"),
        ({**ART, "parameters": {"width": 22.0}}, "parameters", "value"),
        ({**ART, "parameters": {"wide": 0.2}}, "parameters", "value"),
        ({**ART, "parameters": {"colour": 2}}, "parameters", "value"),
        ({**ART, "style": "ombre", "parameters": {"stops": [0.5, 0.1]}}, "parameters", "value"),
        ({**ART, "style": "picture", "parameters": {"image": "bm9uZQ=="}}, "parameters", "value"),
        ({**ART, "style": "ombre", "parameters": {"stops": [0.1, 0.5, 0.9]}}, "parameters", "value"),
        ({"material": {"gloss": 1.0}}, "material", "value"),
        ({"service": "srv_nothing"}, "service", "unknown"),
        ({"product_id": "prd_nothing"}, "product_id", "unknown"),
        ({"name": " \n "}, "name", "text"),
        ({"tags": ["a\nb"]}, "tags", "text"),
        ({"state": "archived"}, "state", "value"),
    ],
)
async def test_what_is_wrong_with_a_design_is_said_by_field(
    desk: Desk, more: dict[str, Any], field: str, code: str
) -> None:
    refused = await desk.ask("POST", "/designs", 422, json={**POLISH, **more})

    assert refused["code"] == "design_unfit"
    assert [(error["field"], error["code"]) for error in refused["errors"]] == [(field, code)]


@pytest.mark.parametrize(
    ("style", "parameters"),
    [
        ("french", {"side": "cuticle", "width": 0.3}),
        ("ombre", {"direction_deg": 90, "stops": [0.1, 0.9]}),
        ("decal", {"motif": "dots", "scale": 0.4, "tile": True}),
        ("picture", {"image": b64encode(DISC).decode(), "scale": 0.4}),
        ("accent", {"fingers": ["ring"], "art": {"style": "french", "colour": 0}}),
    ],
)
async def test_art_of_the_salons_own_keeps_what_was_said_of_it(
    desk: Desk, style: str, parameters: dict[str, Any]
) -> None:
    made = await desk.add("/designs", {**POLISH, **ART, "style": style, "parameters": parameters})

    kept = made["design"]["parameters"]
    assert (made["design"]["style"], made["renderable"]) == (style, True)
    assert {name: kept[name] for name in parameters if name != "art"} == {
        name: value for name, value in parameters.items() if name != "art"
    }
    assert (await desk.change(f"/designs/{made['id']}", 1, minutes=61))["design"]["parameters"] == kept


async def test_everything_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    wrong = {"name": " ", "level": 4, "service": "srv_nothing", "state": "archived"}

    refused = await desk.ask("POST", "/designs", 422, json={**POLISH, **wrong})

    assert {error["field"] for error in refused["errors"]} == set(wrong)


async def test_a_published_design_is_no_draft_again(desk: Desk) -> None:
    made = await desk.add("/designs", POLISH, state="live")

    refused = await desk.change(f"/designs/{made['id']}", 1, 422, state="draft")

    assert [error["field"] for error in refused["errors"]] == ["state"]


async def test_a_sku_is_one_designs_only_within_a_salon(
    desk: Desk, runtime: Runtime, api: httpx.AsyncClient, other_salon: Salon
) -> None:
    await desk.add("/designs", POLISH)
    second = await desk.add("/designs", POLISH, sku="OWN-2")

    taken = await desk.ask("POST", "/designs", 409, json=POLISH)
    moved = await desk.change(f"/designs/{second['id']}", 1, 409, sku="OWN-1")

    assert taken["code"] == moved["code"] == "design_sku_taken"
    assert taken["errors"][0]["field"] == "sku"
    await Desk(runtime, api, other_salon).add("/designs", POLISH)


async def test_a_repeated_post_adds_one_design(desk: Desk) -> None:
    key = {"Idempotency-Key": "one"}

    first = await desk.ask("POST", "/designs", 201, json=POLISH, headers=key)
    again = await desk.ask("POST", "/designs", 201, json=POLISH, headers=key)

    assert first == again
    assert len((await desk.ask("GET", "/designs"))["items"]) == 1


async def test_a_preview_is_drawn_and_drawn_anew_when_the_looks_change(
    desk: Desk, api: httpx.AsyncClient
) -> None:
    made = await desk.add("/designs", POLISH)
    one = f"/designs/{made['id']}"
    assert made["preview"] == {"status": "pending", "url": None, "sha256": None}

    await desk.work()
    ready = (await desk.ask("GET", one))["preview"]
    picture = (await api.get(ready["url"])).content
    same = (await desk.change(one, 1, name="Salon Scarlet"))["preview"]
    pending = (await desk.change(one, 2, colours=["#1f3ab5"]))["preview"]
    await desk.work()
    blue = (await desk.ask("GET", one))["preview"]

    assert ready["status"] == "ready"
    assert Image.open(io.BytesIO(picture)).size == (480, 480)
    assert same["sha256"] == ready["sha256"]
    assert pending["status"] == "pending"
    assert (blue["status"], blue["sha256"] != ready["sha256"]) == ("ready", True)


async def test_a_salon_tries_on_its_own_live_designs_and_nobody_elses(
    desk: Desk,
    visitor: Visitor,
    hand_photo: bytes,
    runtime: Runtime,
    api: httpx.AsyncClient,
    other_salon: Salon,
) -> None:
    live = (await desk.add("/designs", POLISH, state="live"))["id"]
    draft = (await desk.add("/designs", POLISH, sku="OWN-2"))["id"]
    theirs = (await Desk(runtime, api, other_salon).add("/designs", POLISH, state="live"))["id"]
    look = {"name": "Both", "occasion": "evening", "designs": [live, SHIPPED], "state": "live"}
    bundle = (await desk.add("/bundles", look))["id"]
    photo_id = await visitor.upload(hand_photo)

    async def tried(look: dict[str, Any]) -> httpx.Response:
        body = {"photo_id": photo_id, "looks": [look]}
        return await api.post("/v1/tryons", json=body, headers=bearer(visitor.token))

    assert (await tried({"designs": [live, SHIPPED]})).status_code == 202
    assert (await tried({"bundle": bundle})).status_code == 202
    for unknown in (draft, theirs):
        refused = await tried({"designs": [unknown]})
        assert (refused.status_code, refused.json()["code"]) == (422, "unknown_design")


async def test_customers_see_looks_and_services_as_their_salon_offers_them(
    desk: Desk, visitor: Visitor, api: httpx.AsyncClient, other_salon: Salon
) -> None:
    design = (await desk.add("/designs", POLISH, state="live"))["id"]
    look = {"name": "Own", "occasion": "evening", "designs": [design, SHIPPED], "state": "live"}
    bundle = (await desk.add("/bundles", look))["id"]
    version = {"If-Match": '"0"'}
    price = {"amount": 1, "currency": "EUR"}
    await desk.ask("PUT", f"/shelf/{SHIPPED}", json={"price": price}, headers=version)
    await desk.ask("PUT", f"/shelf/{HIDDEN}", json={"hidden": True}, headers=version)
    await desk.change("/services/srv_gel_manicure", 0, offered=False)

    async def seen(what: str, headers: dict[str, str]) -> dict[str, Any]:
        answer = await api.get(f"/v1/{what}", headers=headers)
        return {item["id"]: item for item in answer.json()["items"]}

    ours = await seen("bundles", bearer(visitor.token))
    theirs, shipped = await seen("bundles", other_salon.headers), await seen("bundles", {})
    assert ours[bundle]["price"]["amount"] == POLISH["price"]["amount"] + 1  # type: ignore[index]
    assert theirs == shipped
    assert {id for id, look in shipped.items() if HIDDEN not in look["designs"]} == ours.keys() - {bundle}
    offered = await seen("services", bearer(visitor.token))
    assert (await seen("services", {})).keys() - offered.keys() == {"srv_gel_manicure"}


async def test_a_hidden_shipped_design_is_not_tried_on(
    desk: Desk, visitor: Visitor, hand_photo: bytes, api: httpx.AsyncClient
) -> None:
    photo_id = await visitor.upload(hand_photo)
    one = f"/shelf/{HIDDEN}"
    untouched = await desk.ask("GET", one)

    await desk.ask("PUT", one, json={"hidden": True}, headers={"If-Match": '"0"'})

    body = {"photo_id": photo_id, "looks": [{"designs": [HIDDEN]}]}
    refused = await api.post("/v1/tryons", json=body, headers=bearer(visitor.token))
    assert refused.json()["code"] == "unknown_design"
    assert untouched["version"] == 0
    assert [chosen["design_id"] for chosen in await desk.ask("GET", "/shelf")] == [HIDDEN]
    assert await desk.told() == [("design.archived", {"design_id": HIDDEN})]
    await desk.ask("PUT", one, 412, json={}, headers={"If-Match": '"0"'})


async def test_a_choice_names_a_shipped_design_and_an_own_product(desk: Desk) -> None:
    product = await desk.add("/products", PRODUCT)
    version = {"If-Match": '"0"'}

    await desk.ask("PUT", "/shelf/des_polish_none", 404, json={}, headers=version)
    unknown = await desk.ask("PUT", f"/shelf/{SHIPPED}", 422, json={"product_id": "prd_no"}, headers=version)
    chosen = await desk.ask(
        "PUT", f"/shelf/{SHIPPED}", json={"product_id": product["id"], "minutes": 30}, headers=version
    )

    assert unknown["errors"][0]["field"] == "product_id"
    assert (chosen["choice"]["minutes"], chosen["version"]) == (30, 1)


async def test_a_look_holds_known_designs_of_one_currency(desk: Desk) -> None:
    foreign = await desk.add("/designs", POLISH, price={"amount": 1, "currency": "CHF"})
    look = {"name": "Mixed", "occasion": "evening"}

    async def wrong(*designs: str) -> list[str]:
        refused = await desk.ask("POST", "/bundles", 422, json={**look, "designs": designs})
        return [error["code"] for error in refused["errors"]]

    assert await wrong(SHIPPED, foreign["id"]) == ["currency"]
    assert await wrong(SHIPPED, SHIPPED) == ["value"]
    assert await wrong("des_polish_none") == ["unknown"]


async def test_a_design_that_a_look_names_is_archived_instead_of_deleted(desk: Desk) -> None:
    design = (await desk.add("/designs", POLISH))["id"]
    bundle = await desk.add("/bundles", {"name": "One", "occasion": "evening", "designs": [design]})

    await desk.ask("DELETE", f"/designs/{design}", 204)
    renamed = await desk.change(f"/bundles/{bundle['id']}", 1, 422, name="Two")
    await desk.ask("DELETE", f"/bundles/{bundle['id']}", 204)

    assert (await desk.ask("GET", f"/designs/{design}"))["design"]["state"] == "archived"
    assert renamed["errors"][0]["code"] == "unknown"
    await desk.ask("GET", f"/bundles/{bundle['id']}", 404)


async def test_shipped_services_are_offered_at_the_salons_terms(desk: Desk) -> None:
    one = "/services/srv_gel_manicure"
    shipped = await desk.ask("GET", one)

    changed = await desk.change(one, 0, minutes=70, offered=False)
    renamed = await desk.change(one, 1, 422, name="Other")
    back = await desk.change(one, 1, minutes=shipped["service"]["minutes"], offered=True)

    assert changed["service"] == {**shipped["service"], "minutes": 70, "offered": False}
    assert renamed["errors"][0]["code"] == "fixed"
    assert back["service"] == shipped["service"]
    assert back["version"] == 2


async def test_a_service_that_a_design_needs_is_kept(desk: Desk) -> None:
    needed, idle = await desk.add("/services", SERVICE), await desk.add("/services", SERVICE)
    design = await desk.add("/designs", POLISH, service=needed["id"])

    for service in (needed, idle):
        await desk.ask("DELETE", f"/services/{service['id']}", 204)

    assert len((await desk.ask("GET", "/services"))["items"]) == 28
    await desk.change(f"/designs/{design['id']}", 1, minutes=10)
    await desk.change(f"/designs/{design['id']}", 2, 422, service=idle["id"])


ROUTES = [
    ("POST", "/designs", POLISH),
    ("GET", "/designs", None),
    ("GET", "/designs/DESIGN", None),
    ("PATCH", "/designs/DESIGN", {"minutes": 5}),
    ("DELETE", "/designs/DESIGN", None),
    ("GET", "/shelf", None),
    ("GET", f"/shelf/{SHIPPED}", None),
    ("PUT", f"/shelf/{SHIPPED}", {}),
    ("POST", "/bundles", {"name": "L", "occasion": "day", "designs": [SHIPPED]}),
    ("GET", "/bundles", None),
    ("GET", "/bundles/BUNDLE", None),
    ("PATCH", "/bundles/BUNDLE", {"name": "M"}),
    ("DELETE", "/bundles/BUNDLE", None),
    ("POST", "/services", SERVICE),
    ("GET", "/services", None),
    ("GET", "/services/SERVICE", None),
    ("PATCH", "/services/SERVICE", {"minutes": 5}),
    ("DELETE", "/services/SERVICE", None),
]


async def test_who_may_what(desk: Desk, runtime: Runtime, api: httpx.AsyncClient, other_salon: Salon) -> None:
    ids = {
        "DESIGN": (await desk.add("/designs", POLISH, sku="A"))["id"],
        "BUNDLE": (await desk.add("/bundles", ROUTES[8][2]))["id"],  # type: ignore[arg-type]
        "SERVICE": (await desk.add("/services", SERVICE))["id"],
    }
    async with runtime.db.tenant(desk.salon.business_id) as unit:
        narrow = await accounts.create_key(
            unit, "narrow", tuple(scope for scope in EVERY_SCOPE if scope is not Scope.CATALOG_WRITE)
        )
    owner = (await hire(runtime, desk.salon, Role.OWNER)).headers
    refused = [
        bearer(narrow.secret),
        (await hire(runtime, desk.salon, Role.RECEPTION)).headers,
        (await hire(runtime, desk.salon, Role.STYLIST)).headers,
        *[(await hold(api, runtime, desk.salon, kind)).headers for kind in ("visitor", "kiosk", "test_key")],
    ]
    for method, path, body in ROUTES:
        named = [name for name in ids if name in path]
        url = "/v1/catalog" + path.replace(named[0], ids[named[0]]) if named else f"/v1/catalog{path}"

        async def status(headers: dict[str, str], url: str = url, how: str = method, body: Any = body) -> int:
            given = {**headers, "If-Match": "*"}
            return (await api.request(how, url, headers=given, json=body)).status_code

        assert await status({}) == 401, (method, path)
        for headers in refused:
            assert await status(headers) == 403, (method, path)
        assert (await status(other_salon.headers) == 404) is bool(named), (method, path)
        assert await status(owner) in (200, 201, 204), (method, path)

"""The pages of shared looks, which no document describes: their addresses are known, they need their link and nothing
else, and no credential opens more.
"""

from __future__ import annotations

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler

from api.app import create_app
from kit.runtime import Runtime
from kit.settings import Settings
from tests.integration.callers import bearer
from tests.security.cast import Cast
from tests.security.test_access import OPERATIONS
from tests.security.things import Maker

APP = create_app(Settings(secret="x" * 32))
HIDDEN = {
    (route.path_format, method)
    for route in APP.routes
    for handler in getattr(route, "route_handlers", ())
    if isinstance(handler, HTTPRouteHandler) and not handler.resolve_include_in_schema()
    for method in handler.http_methods - {"OPTIONS", "HEAD"}
}
OF_SHARES = {
    ("/s/{token}", "GET"), ("/s/{token}/book", "GET"), ("/s/{token}/book", "POST"),
    ("/s/{token}/try", "GET"), ("/s/{token}/try", "POST"),
    ("/s/{token}/tried/{tryon_id}", "GET"), ("/s/{token}/slid", "POST"), ("/s/{token}/look/{width}", "GET"),
    ("/s/{token}/before/{width}", "GET"), ("/s/{token}/clip", "GET"), ("/s/{token}/qr.svg", "GET"),
    ("/s/{token}/preview.jpg", "GET"), ("/s/{token}/square.jpg", "GET"), ("/s/{token}/portrait.jpg", "GET"),
    ("/s/{token}/story.jpg", "GET"),
}  # fmt: skip
OTHERS = {
    ("/v1/media", "POST"),
    ("/m/{appointment_id}", "GET"),
    ("/m/{appointment_id}/times", "GET"),
    ("/m/{appointment_id}/calendar.ics", "GET"),
    ("/m/{appointment_id}/again", "POST"),
    ("/m/{appointment_id}/confirm", "POST"),
    ("/m/{appointment_id}/move", "POST"),
    ("/m/{appointment_id}/cancel", "POST"),
    ("/metrics", "GET"),
    ("/schema/openapi.json", "GET"),
    ("/pages/{name}", "GET"),
    ("/v1/unsubscribe/{message_id}", "GET"),
    ("/v1/unsubscribe/{message_id}", "POST"),
}


def test_every_address_that_no_document_describes_is_known() -> None:
    assert HIDDEN == OF_SHARES | OTHERS
    assert not {path for path, _, _ in OPERATIONS.values()} & {path for path, _ in OF_SHARES}


@pytest.fixture
async def maker(api: httpx.AsyncClient, runtime: Runtime, cast: Cast) -> Maker:
    return Maker(api, runtime, cast)


async def address(maker: Maker) -> str:
    share = await maker.thing("share_id")
    headers = bearer(maker.cast.visitor.token)
    return httpx.URL((await maker.api.get(f"/v1/shares/{share}", headers=headers)).json()["url"]).path


async def send(maker: Maker, page: str, token: str, method: str, headers: dict[str, str]) -> httpx.Response:
    path = page.replace("{token}", token).replace("{width}", "320").replace("{tryon_id}", "try_none")
    maker.api.cookies.clear()
    return await maker.api.request(method, path, headers={"sec-fetch-site": "same-origin", **headers})


@pytest.mark.parametrize(("page", "method"), sorted(OF_SHARES))
async def test_without_its_link_nothing_is_shown_whoever_asks(
    page: str, method: str, maker: Maker, cast: Cast
) -> None:
    forged = (await address(maker)).removeprefix("/s/")[:-1] + "x"
    share = await maker.thing("share_id")
    callers = {"nobody": {}, "the salon": cast.salon.headers, "its visitor": bearer(cast.visitor.token)}

    for headers in callers.values():
        for token in ("x", share, share.removeprefix("shr_"), forged):
            answer = await send(maker, page, token, method, headers)
            assert answer.status_code == 404
            assert "text/html" in answer.headers["content-type"]
            assert cast.salon.business_id not in answer.text


@pytest.mark.parametrize(("page", "method"), sorted(OF_SHARES))
async def test_an_ended_link_shows_nothing_whoever_asks(
    page: str, method: str, maker: Maker, cast: Cast
) -> None:
    token = (await address(maker)).removeprefix("/s/")
    share = await maker.thing("share_id")
    ended = await maker.api.delete(f"/v1/shares/{share}", headers=bearer(cast.visitor.token))
    assert ended.status_code == 204

    for headers in ({}, cast.salon.headers, bearer(cast.visitor.token), cast.gone["a revoked key"]):
        answer = await send(maker, page, token, method, headers)
        assert answer.status_code == 410
        assert "text/html" in answer.headers["content-type"]


async def test_a_credential_makes_no_difference_to_a_page(maker: Maker, cast: Cast) -> None:
    path = await address(maker)
    shown = {
        who: await maker.api.get(path, headers=headers)
        for who, headers in {
            "nobody": {}, "another salon": cast.other_salon.headers, "a revoked key": cast.gone["a revoked key"],
        }.items()
    }  # fmt: skip

    assert {answer.status_code for answer in shown.values()} == {200}
    assert len({answer.text for answer in shown.values()}) == 1

"""The pages behind a share's link, and everything on them: no credential but the link, no cookie to look.

What can go wrong is a page too, in the reader's language: an ended share 410, an unknown link 404.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import segno
from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from api.admission import FormAdmitted
from api.caching import UNCHANGED, answer_picture
from api.cookies import Carried, carried, hand_over_to_form, refuse_foreign_form
from api.given import GivenAddress, GivenRuntime
from api.limits import PublicDoor
from api.pages.language import chosen
from api.pages.render import WORDS, page
from api.problems import handle_app_error
from kit.errors import AppError, Busy, Gone, NotFound, Unauthorised
from kit.runtime import Runtime
from modules.accounts.errors import BusinessSuspended
from modules.catalog.shelf import Shelf
from modules.consent.texts import Purpose
from modules.photos.intake import Intake
from modules.share import links, opening, service, trying
from modules.share.cards import SHAPES
from modules.share.deeds import Deed, is_person
from modules.share.errors import UnknownShare
from modules.share.offer import choice
from modules.share.opening import Opened
from modules.share.pages import values
from modules.share.pictures import Cards
from modules.share.wire import Channel
from modules.tryon import service as tryons
from modules.tryon import sizes
from modules.tryon.smaller import Smaller
from modules.tryon.states import Status

AnyRequest = Request[Any, Any, Any]
GivenShelf = NamedDependency[Shelf]
BRIEFLY = {"Cache-Control": "private, max-age=5", "Cross-Origin-Resource-Policy": "cross-origin"}
"""So long may a browser show a picture that was taken back meanwhile."""
SORRY: Mapping[type[AppError], tuple[str, str]] = {
    Gone: ("ended_title", "ended_words"),
    NotFound: ("unknown_title", "unknown_words"),
    BusinessSuspended: ("closed_title", "closed_words"),
    Busy: ("sorry_title", "busy_words"),
}
"""Words for what may go wrong; anything else says its own."""
LARGEST_FORM = 20 * 1024**2 + 64 * 1024


@get("/{token:str}")
async def show_share(
    token: FromPath[str], request: AnyRequest, runtime: GivenRuntime, shelf: GivenShelf
) -> Response[str]:
    """The look, before and after, and what to do next. Counted when a person opens it."""
    business_id, share_id = await opening.business_of(runtime.db, runtime.settings, token)
    async with runtime.db.tenant(business_id) as unit:
        opened = await opening.opened(unit, share_id)
        said = await values.look(unit, shelf, opened, runtime.settings)
        if is_person(request.headers):
            await service.count(unit, share_id, Deed.OPENED)
    return page("share", _language(request), said)


@get("/{token:str}/try")
async def show_trying(
    token: FromPath[str], request: AnyRequest, runtime: GivenRuntime, shelf: GivenShelf
) -> Response[str]:
    """The form for a photo of one's own."""
    return await _form(request, runtime, shelf, token)


@post(
    "/{token:str}/try",
    status_code=303,
    middleware=[FormAdmitted],
    request_max_body_size=LARGEST_FORM,
)
async def begin_trying(
    token: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    shelf: GivenShelf,
    intake: NamedDependency[Intake],
    address: GivenAddress,
) -> Response[Any]:
    """Take a photo in and have the same look drawn on it; the visitor's token lies in a cookie from then on."""
    refuse_foreign_form(request)
    business_id, share_id = await opening.business_of(runtime.db, runtime.settings, token)
    door: PublicDoor = request.app.state.public_door
    await door.admit(address, business_id)
    async with runtime.db.tenant(business_id) as unit:
        opened = await opening.opened(unit, share_id)
        designs = await values.designs(unit, shelf, opened)
    if designs is None:
        raise UnknownShare
    form, words = await request.form(), WORDS[_language(request)]
    photo = form.get("photo")
    data = await photo.read() if isinstance(photo, UploadFile) else b""
    if not data or form.get("agreed") != "yes":
        problem = words["agree_first"] if data else words["photo_first"]
        return await _form(request, runtime, shelf, token, problem=problem, status=422)
    look = choice(designs, opened.tryon, opened.share.look)
    try:
        async with request.app.state.queue_room.place(business_id):
            trial = await trying.begin(runtime, intake, shelf, opened, look, data, _language(request))
    except AppError as error:
        if isinstance(error, Busy) or error.status >= 500:
            raise
        return await _form(request, runtime, shelf, token, problem=error.public, status=error.status)
    assert trial.visitor.token is not None
    cookie = hand_over_to_form(request, Carried.VISITOR, trial.visitor.token, trial.visitor.expires_at)
    return Redirect(f"/s/{token}/tried/{trial.tryon_id}", status_code=303, cookies=[cookie])


@get("/{token:str}/tried/{tryon_id:str}")
async def show_trial(
    token: FromPath[str],
    tryon_id: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    shelf: GivenShelf,
) -> Response[Any]:
    """The look on the visitor herself, when it is drawn; the page asks again until then."""
    business_id, share_id = await opening.business_of(runtime.db, runtime.settings, token)
    async with runtime.db.tenant(business_id) as unit:
        said = await values.common(unit, shelf, await opening.opened(unit, share_id), runtime.settings)
    try:
        caller = await request.app.state.credentials.caller(carried(request, Carried.VISITOR) or "")
    except Unauthorised:
        return Redirect(f"/s/{token}/try", status_code=303)
    if caller.business_id != business_id:
        raise UnknownShare
    async with runtime.db.tenant(business_id) as unit:
        row = await tryons.find(unit, caller, tryon_id)
    shown = row.status is Status.DONE
    result = row.result
    own = {
        "waiting": not row.status.ended,
        "picture": sizes.links(row.id, "0", runtime.settings)["1080"] if shown else None,
        "advice": [layer.advice for render in result.renders for layer in render.layers if layer.advice]
        if result
        else [],
        **({"width": result.width_px, "height": result.height_px} if result else {}),
    }
    return page("tried", _language(request), {**said, **own})


@post("/{token:str}/slid", status_code=204)
async def note_slid(
    token: FromPath[str], request: AnyRequest, runtime: GivenRuntime, address: GivenAddress
) -> None:
    """Somebody compared before and after: said once by each page, by a script."""
    business_id, share_id = await opening.business_of(runtime.db, runtime.settings, token)
    door: PublicDoor = request.app.state.public_door
    await door.admit(address, business_id)
    async with runtime.db.tenant(business_id) as unit:
        opened = await opening.opened(unit, share_id)
        if opened.shows_before and is_person(request.headers):
            await service.count(unit, share_id, Deed.SLID)


@get("/{token:str}/look/{width:str}", responses=UNCHANGED)
async def get_look(
    token: FromPath[str],
    width: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    smaller: NamedDependency[Smaller],
) -> Response[bytes]:
    """The picture of the look at one of our widths."""
    opened = await _opened(runtime, token)
    return await _sized(request, smaller, opened, str(opened.share.look), width)


@get("/{token:str}/before/{width:str}", responses=UNCHANGED)
async def get_before(
    token: FromPath[str],
    width: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    smaller: NamedDependency[Smaller],
) -> Response[bytes]:
    """The stripped picture without the look, where it may be shown."""
    opened = await _opened(runtime, token)
    if not opened.shows_before:
        raise UnknownShare
    return await _sized(request, smaller, opened, "before", width)


@get([f"/{{token:str}}/{shape}.jpg" for shape in SHAPES], responses=UNCHANGED)
async def get_card(
    token: FromPath[str], request: AnyRequest, runtime: GivenRuntime, cards: NamedDependency[Cards]
) -> Response[bytes]:
    """A card: the preview of messengers, square, portrait or story."""
    opened = await _opened(runtime, token)
    shape = request.url.path.rpartition("/")[2].removesuffix(".jpg")
    data = await cards.card(opened, shape)
    return await answer_picture(request, data, "image/jpeg", expires=0, headers=BRIEFLY)


@get("/{token:str}/clip", responses=UNCHANGED)
async def get_clip(
    token: FromPath[str], request: AnyRequest, runtime: GivenRuntime, cards: NamedDependency[Cards]
) -> Response[bytes]:
    """The moving before and after."""
    data, media_type = await cards.clip(await _opened(runtime, token))
    return await answer_picture(request, data, media_type, expires=0, headers=BRIEFLY)


@get("/{token:str}/qr.svg", responses=UNCHANGED)
async def get_qr(token: FromPath[str], request: AnyRequest, runtime: GivenRuntime) -> Response[bytes]:
    """The page's address as a QR code (ISO 18004, level M)."""
    opened = await _opened(runtime, token)
    if Channel.QR not in opened.share.channels:
        raise UnknownShare
    code = segno.make(links.page(token, runtime.settings), error="m", micro=False)
    svg = code.svg_inline(scale=4, border=3, dark="#1d1a19", light="#ffffff", omitsize=True)
    data = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()
    return await answer_picture(request, data, "image/svg+xml", expires=0, headers=BRIEFLY)


async def _opened(runtime: Runtime, token: str) -> Opened:
    """What a link opens now. Raises UnknownShare, ShareEnded, BusinessSuspended."""
    business_id, share_id = await opening.business_of(runtime.db, runtime.settings, token)
    async with runtime.db.tenant(business_id) as unit:
        return await opening.opened(unit, share_id)


async def _sized(
    request: AnyRequest, smaller: Smaller, opened: Opened, picture: str, width: str
) -> Response[bytes]:
    if width not in map(str, sizes.WIDTHS):
        raise UnknownShare
    format = sizes.negotiated(request.headers.get("accept", ""))
    data = await smaller.picture(opened.tryon.id, picture, int(width), format)
    headers = {**BRIEFLY, "Vary": "Accept"}
    return await answer_picture(request, data, f"image/{format}", expires=0, headers=headers)


async def _form(
    request: AnyRequest, runtime: Runtime, shelf: Shelf, token: str, *, problem: str = "", status: int = 200
) -> Response[str]:
    language = _language(request)
    business_id, share_id = await opening.business_of(runtime.db, runtime.settings, token)
    async with runtime.db.tenant(business_id) as unit:
        opened = await opening.opened(unit, share_id)
        said = await values.common(unit, shelf, opened, runtime.settings)
    if not said["can_try"]:
        raise UnknownShare
    consent = trying.words(language)
    asked = {"consent": consent, "agree": consent.purposes[Purpose.TRY_ON], "problem": problem}
    return page("try", language, {**said, **asked}, status=status)


def _language(request: AnyRequest) -> str:
    return chosen(request.headers.get("accept-language", ""))


def say_sorry(request: AnyRequest, error: AppError) -> Response[Any]:
    """An error as a page, with the status and the headers that its problem document would have."""
    known = handle_app_error(request, error)  # logs it, and knows when to come back
    language = _language(request)
    words = WORDS[language]
    heading, text = next(
        (keys for kind, keys in SORRY.items() if isinstance(error, kind)), ("sorry_title", None)
    )
    said = {"heading": words[heading], "words": words[text] if text else error.public}
    headers = {name: value for name, value in known.headers.items() if name.lower() == "retry-after"}
    return page("sorry", language, said, status=error.status, headers=headers)


router = Router(
    path="/s",
    route_handlers=[
        show_share,
        show_trying,
        begin_trying,
        show_trial,
        note_slid,
        get_look,
        get_before,
        get_card,
        get_clip,
        get_qr,
    ],
    include_in_schema=False,
    opt={"exclude_from_auth": True},
    exception_handlers={AppError: say_sorry},
)

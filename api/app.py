"""The composition root of the HTTP service: every module's routes, and what they are given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from litestar import Litestar, Request, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware

from api import figures, health, idempotency, media
from api.admission import QueueRoom, UploadRoom
from api.before import before
from api.cors import Cors
from api.given import GivenCaller, GivenRuntime
from api.guards import Authenticate
from api.limits import Door, Limited, PublicDoor
from api.methods import Methods
from api.openapi.serve import get_document
from api.pages.static import get_static
from api.problems import HANDLERS
from api.requests import RequestContext
from kit.db.glance import Glance
from kit.db.unit import Unit
from kit.decode import DecodePool
from kit.errors import Unauthorised
from kit.limits import Limiter
from kit.outbox.queues import GPU
from kit.runtime import Runtime, connected
from kit.settings import ROOT, Settings
from modules.accounts import routes as accounts
from modules.accounts.caller import Caller
from modules.accounts.credentials import Credentials
from modules.analysis import routes as analysis
from modules.booking import routes as booking
from modules.booking.managed import routes as managed
from modules.booking.pages import routes as booking_pages
from modules.booking.setup import routes as schedules
from modules.booking.sheet import routes as sheets
from modules.booking.subscription import routes as calendars
from modules.booking.waitlist import routes as waitlist
from modules.catalog import routes as catalog
from modules.catalog.load import load_shelf
from modules.catalog.salon import routes as salon
from modules.catalog.search.service import Search
from modules.catalog.tips import Tips
from modules.consent import routes as consent
from modules.customers import routes as customers
from modules.entitlements import routes as entitlements
from modules.exchange import routes as exchange
from modules.favourites import routes as favourites
from modules.kiosks import routes as kiosks
from modules.messaging import routes as messaging
from modules.outcomes import routes as outcomes
from modules.photos import routes as photos
from modules.photos.intake import Intake
from modules.photos.uploads import Uploads
from modules.privacy import routes as privacy
from modules.records import routes as records
from modules.records.journal import RequestJournal
from modules.share import routes as share
from modules.share.pages import routes as share_pages
from modules.share.pages.booking import routes as share_booking
from modules.share.pictures import Cards
from modules.staff import routes as staff
from modules.stock import routes as stock
from modules.tryon import routes as tryon
from modules.tryon.smaller import Smaller
from modules.webhooks import routes as webhooks

ROUTERS: tuple[Router, ...] = (
    accounts.router,
    staff.router,
    kiosks.router,
    customers.router,
    consent.router,
    photos.router,
    catalog.router,
    favourites.router,
    salon.router,
    stock.router,
    exchange.router,
    tryon.router,
    analysis.router,
    schedules.router,
    booking.router,
    waitlist.router,
    managed.router,
    calendars.router,
    share.router,
    share_pages.router,
    share_booking.router,
    booking_pages.router,
    sheets.router,
    outcomes.router,
    entitlements.router,
    webhooks.router,
    messaging.router,
    privacy.router,
    records.router,
    media.router,
)

CATALOG = ROOT / "assets" / "catalog"

AnyRequest = Request[Caller | None, None, State]


def create_app(settings: Settings) -> Litestar:
    """The service over furnished settings (every URL filled in)."""
    shelf = load_shelf(CATALOG)
    search, tips = Search(shelf), Tips(CATALOG / "tips")
    journal = RequestJournal()

    @asynccontextmanager
    async def stand_on(app: Litestar) -> AsyncIterator[None]:
        async with (
            connected(settings) as runtime,
            Limiter(settings.redis.url, settings.secret.encode()) as limiter,
            DecodePool(settings.uploads.decoders) as gate,
        ):
            app.state.runtime = runtime
            app.state.credentials = Credentials(runtime.db)
            app.state.limiter = limiter
            app.state.public_door = PublicDoor(limiter, settings.limits)
            app.state.upload_room = UploadRoom(settings.uploads)
            app.state.form_room = UploadRoom(settings.uploads)
            app.state.queue_room = QueueRoom(runtime.db, GPU, settings.queue)
            app.state.intake = Intake(
                runtime.db, gate, runtime.storage, timedelta(hours=settings.retention.photo_hours)
            )
            app.state.smaller = Smaller(runtime.db, runtime.storage, gate)
            app.state.cards = Cards(runtime.db, runtime.storage, gate)
            app.state.uploads = Uploads(app.state.intake, settings.uploads.open_per_customer)
            async with journal.kept(runtime.db):
                yield

    app = Litestar(
        route_handlers=[*ROUTERS, *health.handlers, figures.metrics, get_document, get_static],
        dependencies={
            "runtime": Provide(give_runtime, sync_to_thread=False),
            "unit": Provide(give_unit),
            "glance": Provide(give_glance, sync_to_thread=False),
            "caller": Provide(give_caller, sync_to_thread=False),
            "address": Provide(give_address, sync_to_thread=False),
            "intake": Provide(give_intake, sync_to_thread=False),
            "uploads": Provide(give_uploads, sync_to_thread=False),
            "smaller": Provide(give_smaller, sync_to_thread=False),
            "cards": Provide(give_cards, sync_to_thread=False),
            "shelf": Provide(lambda: shelf, sync_to_thread=False),
            "search": Provide(lambda: search, sync_to_thread=False),
            "tips": Provide(lambda: tips, sync_to_thread=False),
        },
        middleware=[
            DefineMiddleware(Door, settings=settings),
            DefineMiddleware(Authenticate),
            DefineMiddleware(Limited, settings=settings),
            DefineMiddleware(Methods),
            DefineMiddleware(idempotency.Released),
        ],
        before_request=before,
        after_request=idempotency.note,
        exception_handlers=HANDLERS,
        lifespan=[stand_on],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=1024 * 1024,
    )
    # Outside of everything, so that answers to errors carry the request's id and are counted too.
    app.asgi_handler = RequestContext(Cors(app.asgi_handler), journal.note)
    return app


def give_runtime(request: AnyRequest) -> Runtime:
    """The process's connections."""
    runtime: Runtime = request.app.state.runtime
    return runtime


def give_address(request: AnyRequest) -> str:
    """Where the request comes from, as the door has read it for the limits."""
    address: str = request.scope["state"]["address"]
    return address


def give_intake(request: AnyRequest) -> Intake:
    """The way in for photos."""
    intake: Intake = request.app.state.intake
    return intake


def give_uploads(request: AnyRequest) -> Uploads:
    """The way in for photos that go straight into the store."""
    uploads: Uploads = request.app.state.uploads
    return uploads


def give_smaller(request: AnyRequest) -> Smaller:
    """Results in other sizes."""
    smaller: Smaller = request.app.state.smaller
    return smaller


def give_caller(request: AnyRequest, runtime: GivenRuntime) -> Caller:  # noqa: ARG001
    """Who calls; the guards have checked the scope before.

    It waits for `runtime`, so that the two come one after the other: side by side, Litestar makes a task for each.
    """
    if request.user is None:
        raise Unauthorised
    return request.user


def give_cards(request: AnyRequest) -> Cards:
    """Cards of shared looks."""
    cards: Cards = request.app.state.cards
    return cards


async def give_unit(caller: GivenCaller, runtime: GivenRuntime) -> AsyncIterator[Unit]:
    """The request's one transaction, committed when its handler returns and rolled back when it raises.

    An answer that is kept under an Idempotency-Key joins it.
    """
    async with runtime.db.tenant(caller.business_id) as unit:
        yield unit
        await idempotency.keep(unit)


def give_glance(caller: GivenCaller, runtime: GivenRuntime) -> Glance:
    """A look at the caller's business, for routes that read one thing and write nothing."""
    return runtime.db.glance(caller.business_id)

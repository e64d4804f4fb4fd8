"""Analyses of photos, and what suits the face in them, over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.middleware import DefineMiddleware
from litestar.params import FromPath, FromQuery, QueryParameter

from api.admission import QueueAdmitted, admit_to_queue
from api.given import GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.prefer import Waiting
from api.problems import fails
from api.streams import State as Shown
from kit.runtime import Runtime
from modules.accounts.caller import Caller
from modules.accounts.scopes import Scope
from modules.analysis import service
from modules.analysis.errors import AnalysisNotReady, NoFaceSeen, UnknownAnalysis
from modules.analysis.views import view
from modules.analysis.wire import Analysis, Recommendation, Recommendations
from modules.catalog.search.service import Search
from modules.catalog.search.views import Views
from modules.catalog.shelf import DesignKind
from modules.catalog.tips import Tips
from modules.consent.errors import ConsentMissing
from modules.entitlements.errors import MoreThanThePlan, NotEntitled
from modules.photos.errors import UnknownPhoto

Few = Annotated[int, QueryParameter(ge=1, le=24)]


async def state_of(runtime: Runtime, caller: Caller, analysis_id: str) -> Shown:
    """An analysis as it is now, read in a transaction of its own. Raises UnknownAnalysis."""
    async with runtime.db.tenant(caller.business_id) as unit:
        row = await service.find(unit, caller, analysis_id)
    return row.version, row.status.ended, view(row)


@post(
    "/photos/{photo_id:str}/analysis",
    guards=[may(Scope.TRYON_WRITE)],
    status_code=202,
    middleware=[DefineMiddleware(Waiting, read=state_of), QueueAdmitted],
    opt=fails(ConsentMissing, MoreThanThePlan, NotEntitled, UnknownPhoto),
    before_request=admit_to_queue,
)
async def analyse_photo(photo_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> Analysis:
    """Have the largest face of a photo looked at: skin tone, undertone, season, shape, features; `Prefer: wait=5`.

    A photo is looked at once: asking again answers with the same analysis, unless it failed.
    """
    return view(await service.request(unit, caller, photo_id))


@get(
    "/photos/{photo_id:str}/analysis",
    guards=[may(Scope.TRYON_READ)],
    opt=fails(UnknownAnalysis, UnknownPhoto),
)
async def get_analysis(photo_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> Analysis:
    """What a photo told of its largest face, each finding with its confidence, and the light it was corrected by."""
    return view(await service.of_photo(unit, caller, photo_id))


@get(
    "/photos/{photo_id:str}/recommendations",
    guards=[may(Scope.TRYON_READ)],
    opt=fails(AnalysisNotReady, NoFaceSeen, UnknownAnalysis, UnknownPhoto),
)
async def list_recommendations(
    photo_id: FromPath[str],
    unit: GivenUnit,
    caller: GivenCaller,
    search: NamedDependency[Search],
    tips: NamedDependency[Tips],
    runtime: GivenRuntime,
    kind: FromQuery[DesignKind] = DesignKind.LIPS,
    limit: Few = 6,
) -> Recommendations:
    """Designs in stock of one kind that suit the face, best first, each with the reason; analyse the photo before."""
    liking, found = await service.recommend(unit, caller, search, photo_id, kind, limit)
    designs = await Views(tips, runtime.storage).all([shown for shown, _ in found])
    return Recommendations(
        kind,
        round(liking.sure_warmth, 3),
        tuple(
            Recommendation(design, suits.score, suits.reason, suits.distance)
            for design, (_, suits) in zip(designs, found, strict=True)
        ),
    )


router = Router(
    path="/v1", route_handlers=[analyse_photo, get_analysis, list_recommendations], tags=["analysis"]
)

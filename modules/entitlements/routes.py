"""What the caller may do, and how much of it is left."""

from __future__ import annotations

from litestar import Request, Router, get
from litestar.datastructures import State

from api.admission import QueueRoom, UploadRoom
from api.given import GivenCaller, GivenGlance
from api.guards import known
from api.limits import standings
from kit.limits import Standing
from modules.accounts.caller import Caller
from modules.entitlements import service
from modules.entitlements.wire import FeatureLimit, LimitsView, RequestLimit, Room


@get("/limits", guards=[known])
async def get_limits(
    request: Request[Caller, None, State], glance: GivenGlance, caller: GivenCaller
) -> LimitsView:
    """What is allowed and what is left: requests (this one counts), waiting try-ons, uploads at a time, the plan."""
    queue: QueueRoom = request.app.state.queue_room
    uploads: UploadRoom = request.app.state.upload_room
    plan = await service.plan_of(glance)
    return LimitsView(
        plan=plan.name,
        features=tuple(FeatureLimit(feature, most) for feature, most in plan.features.items()),
        requests=tuple(map(_request_limit, standings(request.scope))),
        waiting_tryons=_room(*await queue.of(caller.business_id)),
        uploads=_room(uploads.most_of_one, uploads.in_flight_of(caller.business_id)),
    )


def _request_limit(standing: Standing) -> RequestLimit:
    policy = standing.policy
    return RequestLimit(policy.name, policy.quota, policy.window_s, standing.remaining, standing.reset_s)


def _room(most: int, taken: int) -> Room:
    return Room(most, max(0, most - taken))


router = Router(path="/v1", route_handlers=[get_limits], tags=["limits"])

"""What a plan does not hold."""

from __future__ import annotations

from kit.errors import Forbidden, Refused


class UnknownPlan(Refused):
    status, code, public = 422, "unknown_plan", "There is no such plan."


class NotEntitled(Forbidden):
    """The feature is not in the business's plan at all."""

    code, public = "not_entitled", "The salon's plan does not include this."


class MoreThanThePlan(Refused):
    """The feature is in the plan, but not this much of it."""

    status, code, public = 402, "not_entitled", "The salon's plan does not include as much."

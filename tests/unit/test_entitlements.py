"""What a plan lets pass."""

from __future__ import annotations

import pytest

from modules.entitlements.errors import MoreThanThePlan, NotEntitled
from modules.entitlements.plans import OPEN, PAUSED, PLANS, Feature, Plan
from modules.entitlements.service import judge


@pytest.mark.parametrize("feature", Feature)
def test_the_open_plan_lets_everything_pass(feature: Feature) -> None:
    judge(OPEN, feature, 1_000_000)


def test_a_feature_outside_the_plan_is_forbidden() -> None:
    with pytest.raises(NotEntitled) as refusal:
        judge(PAUSED, Feature.TRY_ON, 1)
    assert (refusal.value.status, refusal.value.code) == (403, "not_entitled")


def test_more_than_the_plan_holds_wants_payment() -> None:
    small = Plan("small", {Feature.TRY_ON: 3})
    judge(small, Feature.TRY_ON, 3)
    with pytest.raises(MoreThanThePlan, match="3") as refusal:
        judge(small, Feature.TRY_ON, 4)
    assert (refusal.value.status, refusal.value.code) == (402, "not_entitled")


def test_a_plan_is_found_by_its_own_name() -> None:
    assert all(plan.name == name for name, plan in PLANS.items())

"""When a test may be skipped.

Tests marked `data` want the photos of ../shared/data and are skipped where these are absent. Under CI that is the
only reason there is: any other skip (an engine, a browser, a package that is missing) counts as a failure.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


LONGEST = ("test_schemathesis.py", "test_style.py")
"""Files that take minutes by themselves: begun first, they end while others still run."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)
    if not DATA.is_dir():
        for item in items:
            if item.get_closest_marker("data"):
                item.add_marker(pytest.mark.skip(reason="../shared/data is not there"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    allowed = item.get_closest_marker("data") is not None and not DATA.is_dir()
    return report if allowed else _refused(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _refused((yield))


def _refused(report: Report) -> Report:
    """Under CI the report of a skip becomes a failure that keeps the reason; expected failures stay as they are."""
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {reason}"
    return report

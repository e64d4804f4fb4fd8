"""Writes docs/metrics.md from kit/metrics.py: `python -m lab.docs.metrics`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from prometheus_client import Histogram
from prometheus_client.metrics import MetricWrapperBase

from kit import metrics
from kit.settings import ROOT

PAGE = ROOT / "docs" / "metrics.md"

HEAD = """# Metrics

In Prometheus' text format. The API shows its own under `/metrics` (the proxy of docker-compose.yml does not pass that
on); relay, scheduler and workers show theirs on the port of `VERNIS_METRICS__PORT`. The processes of one `vernis
worker` share a page, and those of `vernis up` share the API's: what dead processes counted stays in it.

Labels carry templates of routes, kinds of jobs, states and codes, never ids: their number is bounded by our code.
[deploy/grafana/vernis.json](../deploy/grafana/vernis.json) draws these figures,
[deploy/prometheus/alerts.yml](../deploy/prometheus/alerts.yml) watches them, and [operations.md](operations.md) says
what to do then; tests compare all of them with the code. A histogram `x` has the series `x_bucket`, `x_sum` and
`x_count`.

This page is written by `python -m lab.docs.metrics` from `kit/metrics.py`; a test compares them.
"""

_SECTION = re.compile(r"^# (.+)$|^([A-Z_]+) = ", re.MULTILINE)


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for title, names in sections().items():
        rows = "".join(_row(getattr(metrics, name)) for name in names)
        parts.append(f"## {title}\n\n| metric | type | labels | meaning |\n|---|---|---|---|\n{rows}")
    return "\n".join(parts)


def sections() -> dict[str, list[str]]:
    """Names of the constants in kit/metrics.py under the comments that head them."""
    found: dict[str, list[str]] = {}
    for title, name in _SECTION.findall(inspect.getsource(metrics)):
        if title:
            found[title] = []
        elif isinstance(getattr(metrics, name), MetricWrapperBase):
            list(found.values())[-1].append(name)
    return found


def series() -> Iterator[tuple[str, frozenset[str]]]:
    """Every name that Prometheus can be asked for, with its labels."""
    for value in vars(metrics).values():
        if isinstance(value, MetricWrapperBase):
            name, labels = full_name(value), frozenset(value._labelnames)
            if isinstance(value, Histogram):
                yield from ((f"{name}_sum", labels), (f"{name}_count", labels))
                yield f"{name}_bucket", labels | {"le"}
            else:
                yield name, labels


def full_name(metric: MetricWrapperBase) -> str:
    """The name on the page: prometheus_client takes a counter's `_total` off and puts it back."""
    return f"{metric._name}{'_total' if metric._type == 'counter' else ''}"


def _row(metric: MetricWrapperBase) -> str:
    labels = ", ".join(f"`{label}`" for label in metric._labelnames)
    return f"| `{full_name(metric)}` | {metric._type} | {labels} | {metric._documentation} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

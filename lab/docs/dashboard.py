"""Writes deploy/grafana/vernis.json: `python -m lab.docs.dashboard`. A panel is a title, a unit and its queries."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from kit.settings import ROOT

FILE = ROOT / "deploy" / "grafana" / "vernis.json"
SOURCE = {"type": "prometheus", "uid": "prometheus"}
WIDTH, HEIGHT, COLUMNS = 8, 7, 24


class Panel(NamedTuple):
    """queries: PromQL by legend. unit: as Grafana names it (s, reqps, percentunit, short)."""

    title: str
    unit: str
    queries: dict[str, str]


def quantile(of: float, metric: str, by: str = "", where: str = "") -> str:
    """A quantile of a histogram over five minutes."""
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({of}, sum by ({labels}) (rate({metric}_bucket{{{where}}}[$__rate_interval])))"


def rate(metric: str, by: str) -> str:
    """Events a second."""
    return f"sum by ({by}) (rate({metric}[$__rate_interval]))"


ROWS: dict[str, tuple[Panel, ...]] = {
    "Customers": (
        Panel("Requests", "reqps", {"{{status}}": rate("vernis_http_requests_total", "status")}),
        Panel(
            "Failing share",
            "percentunit",
            {
                "5xx": 'sum(rate(vernis_http_requests_total{status=~"5.."}[$__rate_interval]))'
                " / sum(rate(vernis_http_requests_total[$__rate_interval]))"
            },
        ),
        Panel(
            "Answer time p95 by route",
            "s",
            {"{{route}}": quantile(0.95, "vernis_http_request_seconds", "route")},
        ),
        Panel(
            "From request to picture",
            "s",
            {
                "p50": quantile(0.5, "vernis_tryon_seconds", where='status="done"'),
                "p95": quantile(0.95, "vernis_tryon_seconds", where='status="done"'),
            },
        ),
        Panel(
            "Try-ons",
            "ops",
            {
                "requested": "sum(rate(vernis_tryons_requested_total[$__rate_interval]))",
                "{{status}}": rate("vernis_tryons_ended_total", "status"),
            },
        ),
        Panel(
            "In hand",
            "short",
            {"requests": "sum(vernis_http_in_flight)", "streams": "sum(vernis_streams_open)"},
        ),
    ),
    "Admission": (
        Panel(
            "Refused",
            "reqps",
            {
                "limit of {{policy}}": rate("vernis_limits_refused_total", "policy"),
                "full: {{room}}": rate("vernis_admission_refused_total", "room"),
            },
        ),
        Panel("Idempotency keys", "reqps", {"{{met}}": rate("vernis_idempotency_total", "met")}),
        Panel("Photos", "ops", {"{{outcome}}": rate("vernis_photos_total", "outcome")}),
        Panel(
            "Decoders",
            "short",
            {
                "busy": "sum(vernis_decoders_busy)",
                "waiting": "sum(vernis_decode_waiting)",
                "replaced an hour": "sum(increase(vernis_decoders_replaced_total[1h]))",
            },
        ),
        Panel("Time to verify a photo p95", "s", {"p95": quantile(0.95, "vernis_decode_seconds")}),
        Panel("Smaller pictures", "ops", {"{{outcome}}": rate("vernis_smaller_pictures_total", "outcome")}),
        Panel(
            "Shared looks",
            "ops",
            {
                "made": "sum(rate(vernis_shares_total[$__rate_interval]))",
                "{{outcome}}": rate("vernis_shares_followed_total", "outcome"),
            },
        ),
        Panel(
            "Cards and clips of shared looks",
            "ops",
            {
                "card {{outcome}}": rate("vernis_share_cards_total", "outcome"),
                "clip {{outcome}}": rate("vernis_share_clips_total", "outcome"),
            },
        ),
    ),
    "Queues and workers": (
        Panel("Oldest waiting job", "s", {"{{queue}}": "max by (queue) (vernis_queue_age_seconds)"}),
        Panel("Jobs that wait", "short", {"{{queue}}": "max by (queue) (vernis_queue_depth)"}),
        Panel(
            "Oldest waiting job by kind",
            "s",
            {"{{kind}}": "max by (kind) (vernis_job_age_seconds) > 0"},
        ),
        Panel(
            "Relay",
            "s",
            {
                "jobs not sent": "max(vernis_relay_lag_seconds)",
                "events not turned": "max(vernis_outbox_age_seconds)",
                "last pass": "time() - max(vernis_relay_passed_timestamp_seconds)",
            },
        ),
        Panel("Events in the outbox", "short", {"events": "max(vernis_outbox_events)"}),
        Panel(
            "Jobs sent and taken back",
            "ops",
            {
                "sent to {{queue}}": rate("vernis_jobs_dispatched_total", "queue"),
                "taken back from {{queue}}": rate("vernis_jobs_reaped_total", "queue"),
            },
        ),
        Panel("Attempts", "ops", {"{{kind}}": rate("vernis_jobs_claimed_total", "kind")}),
        Panel(
            "Attempts that did not end well",
            "ops",
            {"{{kind}} {{outcome}}": rate('vernis_jobs_ended_total{outcome!="done"}', "kind, outcome")},
        ),
        Panel("Time of a job p95", "s", {"{{kind}}": quantile(0.95, "vernis_job_seconds", "kind")}),
        Panel("Pipeline step p95", "s", {"{{step}}": quantile(0.95, "vernis_pipeline_step_seconds", "step")}),
        Panel("Workers alive", "short", {"{{queue}}": "max by (queue) (vernis_workers_alive)"}),
        Panel(
            "Workers' troubles",
            "short",
            {
                "warm-up {{queue}}, seconds": "max by (queue) (vernis_worker_warm_seconds)",
                "heartbeats missed an hour {{queue}}": "sum by (queue) (increase(vernis_heartbeats_missed_total[1h]))",
                "relay began {{loop}} again, an hour": "sum by (loop) (increase(vernis_relay_stumbles_total[1h]))",
            },
        ),
    ),
    "Ground": (
        Panel("Answers", "bool_yes_no", {"{{dependency}}": "min by (dependency) (vernis_dependency_up)"}),
        Panel("Time to answer", "s", {"{{dependency}}": "max by (dependency) (vernis_dependency_seconds)"}),
        Panel("Database connections", "short", {"{{role}}": "sum by (role) (vernis_db_connections_in_use)"}),
        Panel(
            "Wait for a connection p95", "s", {"{{role}}": quantile(0.95, "vernis_db_wait_seconds", "role")}
        ),
        Panel(
            "Away",
            "ops",
            {
                "database": "sum(rate(vernis_db_away_total[$__rate_interval]))",
                "redis: {{use}}": rate("vernis_redis_errors_total", "use"),
                "requests not counted": "sum(rate(vernis_limits_unchecked_total[$__rate_interval]))",
            },
        ),
        Panel(
            "Object store p95", "s", {"{{operation}}": quantile(0.95, "vernis_storage_seconds", "operation")}
        ),
        Panel(
            "Object store errors",
            "ops",
            {"{{operation}} {{error}}": rate("vernis_storage_errors_total", "operation, error")},
        ),
    ),
    "Records": (
        Panel("Webhook attempts", "ops", {"{{outcome}}": rate("vernis_webhook_attempts_total", "outcome")}),
        Panel(
            "Webhooks ended and given up, an hour",
            "short",
            {
                "{{state}}": "sum by (state) (increase(vernis_webhooks_ended_total[1h]))",
                "disabled: {{reason}}": "sum by (reason) (increase(vernis_webhooks_disabled_total[1h]))",
            },
        ),
        Panel("Receivers' time p95", "s", {"p95": quantile(0.95, "vernis_webhook_seconds")}),
        Panel("Mail attempts", "ops", {"{{verdict}}": rate("vernis_message_attempts_total", "verdict")}),
        Panel(
            "Messages ended, an hour",
            "short",
            {"{{state}}": "sum by (state) (increase(vernis_messages_ended_total[1h]))"},
        ),
        Panel("Mail server's time p95", "s", {"p95": quantile(0.95, "vernis_message_seconds")}),
        Panel(
            "Audited actions, an hour",
            "short",
            {"{{action}}": "sum by (action) (increase(vernis_audit_entries_total[1h]))"},
        ),
        Panel(
            "Persons erased, an hour",
            "short",
            {"{{outcome}}": "sum by (outcome) (increase(vernis_erasures_total[1h]))"},
        ),
        Panel(
            "Time since each chore",
            "s",
            {"{{chore}}": "time() - max by (chore) (vernis_chore_done_timestamp_seconds)"},
        ),
        Panel(
            "Found by sweeps and checks, a day",
            "short",
            {
                "objects left behind": "sum(increase(vernis_objects_swept_total[1d]))",
                "chores failed": 'sum(increase(vernis_chores_total{outcome="failed"}[1d]))',
                "audit chains broken": 'sum(increase(vernis_audit_chains_checked_total{verdict="broken"}[1d]))',
                "request log rows lost": "sum(increase(vernis_request_log_lost_total[1d]))",
            },
        ),
    ),
}


def dashboard() -> dict[str, Any]:
    """The dashboard as Grafana imports it (schema 39): rows of panels, three beside each other."""
    panels: list[dict[str, Any]] = []
    top = 0
    for title, row in ROWS.items():
        place = {"x": 0, "y": top, "w": COLUMNS, "h": 1}
        panels.append({"id": len(panels) + 1, "type": "row", "title": title, "gridPos": place, "panels": []})
        for number, panel in enumerate(row):
            down, across = divmod(number, COLUMNS // WIDTH)
            place = {"x": across * WIDTH, "y": top + 1 + down * HEIGHT, "w": WIDTH, "h": HEIGHT}
            panels.append({"id": len(panels) + 1, **_drawn(panel), "gridPos": place})
        top += 1 + -(-len(row) // (COLUMNS // WIDTH)) * HEIGHT
    return {
        "uid": "vernis",
        "title": "Vernis",
        "tags": ["vernis"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "timezone": "browser",
        "templating": {"list": []},
        "annotations": {"list": []},
        "panels": panels,
    }


def written() -> str:
    """The file's text."""
    return json.dumps(dashboard(), indent=1) + "\n"


def _drawn(panel: Panel) -> dict[str, Any]:
    targets = [
        {"refId": chr(ord("A") + number), "datasource": SOURCE, "expr": query, "legendFormat": legend}
        for number, (legend, query) in enumerate(panel.queries.items())
    ]
    return {
        "type": "timeseries",
        "title": panel.title,
        "datasource": SOURCE,
        "targets": targets,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
    }


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")

"""The metrics, their page, the dashboard and the alerts say the same; several processes share one page."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from msgspec import Struct
from prometheus_client import Histogram
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families

from kit import exposition, metrics
from kit.outbox import Command
from kit.settings import ROOT, Metrics
from lab.docs import dashboard
from lab.docs.metrics import PAGE, full_name, page, sections
from tests import promql
from workers import subscriptions

assert subscriptions  # every command is known once these are imported

ALL: dict[str, MetricWrapperBase] = {
    name: value for name, value in vars(metrics).items() if isinstance(value, MetricWrapperBase)
}
LABELS = {
    *(
        "method",
        "route",
        "status",
        "policy",
        "room",
        "met",
        "outcome",
        "step",
        "queue",
        "kind",
        "loop",
        "dependency",
    ),
    *("role", "operation", "error", "use", "state", "reason", "action", "verdict", "chore"),
}
"""Each takes its values from a list in our code; a new one must say that of itself before it stands here."""


class Rule(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An alerting rule as Prometheus reads it; `for` is a word of Python."""

    alert: str
    expr: str
    labels: dict[str, str]
    annotations: dict[str, str]
    held: str = msgspec.field(name="for", default="0s")
    keep_firing_for: str = "0s"


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    rules: list[Rule]
    interval: str = "15s"


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    groups: list[Group]


ALERTS = [
    rule
    for group in msgspec.yaml.decode((ROOT / "deploy/prometheus/alerts.yml").read_text(), type=Rules).groups
    for rule in group.rules
]


def drawn() -> list[dict[str, Any]]:
    return [panel for panel in dashboard.dashboard()["panels"] if panel["type"] != "row"]


def drawn_queries() -> list[str]:
    found = [target["expr"] for panel in drawn() for target in panel["targets"]]
    return [query.replace("$__rate_interval", "5m") for query in found]


def counted() -> set[str]:
    """Names of metrics that some code of ours imports."""
    found: set[str] = set()
    for package in ("kit", "api", "modules", "workers"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.module == "kit.metrics":
                    found |= {alias.name for alias in node.names}
    return found


def test_the_page_lists_every_metric() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m lab.docs.metrics"
    assert {name for names in sections().values() for name in names} == set(ALL)


def test_every_metric_is_counted_by_somebody() -> None:
    assert set(ALL) - counted() == set()


def test_labels_are_few_and_known_to_be_bounded() -> None:
    assert {label for metric in ALL.values() for label in metric._labelnames} == LABELS


def test_names_follow_the_habits_of_prometheus() -> None:
    for metric in ALL.values():
        name = full_name(metric)
        assert re.fullmatch(r"vernis(_[a-z]+)+", name)
        assert name.endswith("_total") == (metric._type == "counter")
        assert not isinstance(metric, Histogram) or name.endswith("_seconds")


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule.alert)
def test_an_alert_asks_for_what_there_is(rule: Rule) -> None:
    assert list(promql.faults(rule.expr)) == []
    assert rule.labels in ({"severity": "page"}, {"severity": "ticket"})
    assert set(rule.annotations) == {"summary", "runbook"}
    assert re.fullmatch(r"\d+[smhd]", rule.held)


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule.alert)
def test_the_words_of_an_alert_name_labels_that_it_keeps(rule: Rule) -> None:
    named = set(re.findall(r"\$labels\.(\w+)", rule.annotations["summary"]))
    kept = set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]+)\)", rule.expr))))

    assert named <= kept | (promql.BY_PROMETHEUS if "up{" in rule.expr else set())


@pytest.mark.parametrize("query", drawn_queries())
def test_a_panel_draws_what_there_is(query: str) -> None:
    assert list(promql.faults(query)) == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("rate(vernis_http_request_total[5m])", "there is no series vernis_http_request_total"),
        ("sum by (business_id) (vernis_queue_depth)", "vernis_queue_depth has no label business_id"),
        ('vernis_queue_depth{name="gpu"}', "vernis_queue_depth has no label name"),
        ("vernis_http_request_seconds", "there is no series vernis_http_request_seconds"),
    ],
)
def test_a_slip_in_a_query_is_seen(query: str, said: str) -> None:
    assert said in list(promql.faults(query))


def test_every_metric_is_drawn_or_watched() -> None:
    asked = {name for query in drawn_queries() for name in promql.names(query)}
    asked |= {name for rule in ALERTS for name in promql.names(rule.expr)}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked}

    assert {full_name(metric) for metric in ALL.values()} - families == set()


def test_the_alert_on_erasures_watches_every_job_that_erases() -> None:
    (rule,) = [rule for rule in ALERTS if rule.alert == "ErasuresLate"]
    (pattern,) = re.findall(r'kind=~"([^"]+)"', rule.expr)
    kinds = {command.kind for command in Command.__subclasses__()}

    assert {kind for kind in kinds if re.fullmatch(pattern, kind)} == {
        kind for kind in kinds if any(word in kind for word in ("erase", "delete", "expire"))
    }
    assert "photos.delete_objects" in kinds


def test_the_dashboard_is_what_the_code_draws() -> None:
    text = dashboard.FILE.read_text(encoding="utf-8")
    assert text == dashboard.written(), "write it anew: python -m lab.docs.dashboard"

    panels = json.loads(text)["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(places)) == len(places), "panels overlap"
    assert max(x for x, _ in places) < dashboard.COLUMNS


def test_prometheus_reads_every_process_and_our_rules() -> None:
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    targets = {
        name: found["port"]
        for job in config["scrape_configs"]
        for found in job["dns_sd_configs"]
        for name in found["names"]
    }

    assert config["rule_files"] == ["alerts.yml"]
    assert targets.pop("api") == 8400
    assert set(targets) == {
        name for name, found in services.items() if "build" in found and name not in ("migrate", "api")
    }
    assert {str(port) for port in targets.values()} == {
        services["relay"]["environment"]["VERNIS_METRICS__PORT"]
    }


COUNT = """
import sys
from kit.metrics import JOBS_ENDED, STREAMS
JOBS_ENDED.labels("tryon.render", "done").inc(2)
STREAMS.set(3)
print("counted", flush=True)
sys.stdin.read()
"""


def test_processes_share_a_page_and_the_dead_keep_their_counts_only(tmp_path: Path) -> None:
    command = [sys.executable, "-c", COUNT]
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as alive:
        subprocess.run(
            command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, check=True, capture_output=True
        )
        assert alive.stdout is not None
        assert alive.stdout.readline() == "counted\n"

        shown = exposition.page(Metrics(folder=str(tmp_path))).decode()

        assert alive.stdin is not None
        alive.stdin.close()
    values = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(shown)
        for sample in family.samples
    }
    assert values["vernis_jobs_ended_total", "done", "tryon.render"] == 4
    assert values["vernis_streams_open",] == 3

"""docs/operations.md: every alert has its runbook, and what the page tells one to type, set or look for exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from litestar import Litestar

from api.app import create_app
from cli.main import main
from kit.settings import ROOT, Settings, variables
from tests.unit.test_metrics import ALERTS, drawn

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
RUNBOOK = PAGE[PAGE.index("# Runbook") :]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PACKAGES = ("kit", "api", "modules", "workers", "cli")
SOURCES = "".join(path.read_text() for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def commands(page: Path) -> Iterator[str]:
    """Every `vernis …` in code: lines of blocks, and words between backticks."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"^```(?:sh|bash|console)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from re.findall(r"^(?:\$ )?(vernis [^#\n|>]+)", block, re.MULTILINE)
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from (
        " ".join(found.split()) for found in re.findall(r"`(vernis [^`]+)`", text) if found != "vernis …"
    )


def parsed(command: str) -> click.Context:
    """The context of a command with its words; raises click.UsageError. Nothing is run and no file is looked for."""
    words = shlex.split(command)[1:]
    context: click.Context = click.Context(main)
    group: click.Group = main
    while True:
        name, found, words = group.resolve_command(context, words)
        assert found is not None
        context = click.Context(found, info_name=name, parent=context)
        if not isinstance(found, click.Group):
            _, left, _ = found.make_parser(context).parse_args(words)
            if left not in ([], ["…"]):
                raise click.UsageError(f"nobody takes {left}", context)
            return context
        if words in ([], ["…"]):
            return context
        group = found


def section(alert: str) -> str:
    found = re.search(rf"^### {alert}\n(.*?)(?=^##|\Z)", RUNBOOK, re.MULTILINE | re.DOTALL)
    assert found, f"no runbook for {alert}"
    return found[1]


@pytest.mark.parametrize("alert", [rule.alert for rule in ALERTS])
def test_an_alert_has_a_runbook(alert: str) -> None:
    (rule,) = [rule for rule in ALERTS if rule.alert == alert]
    parts = re.findall(r"\*\*(Symptoms|Causes|What to do)\.\*\*\s+(\S+)", section(alert))

    assert [name for name, _ in parts] == ["Symptoms", "Causes", "What to do"]
    assert rule.annotations["runbook"] == f"docs/operations.md#{alert.lower()}"


def test_no_runbook_is_left_over() -> None:
    assert re.findall(r"^### (\w+)", RUNBOOK, re.MULTILINE) == [rule.alert for rule in ALERTS]


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_in_the_documents_can_be_typed(page: Path) -> None:
    for command in commands(page):
        parsed(command)


def test_a_command_that_is_none_is_seen() -> None:
    for wrong in ("vernis fly", "vernis sweep --younger 3", "vernis business open x", "vernis up now"):
        with pytest.raises(click.UsageError):
            parsed(wrong)
    assert len([*commands(ROOT / "docs" / "operations.md")]) > 20


def test_the_settings_named_exist() -> None:
    named = {name for name in re.findall(r"VERNIS_[A-Z_]+", PAGE) if not name.endswith("__")}
    assert named <= set(variables())


def test_the_panels_named_exist() -> None:
    titles = {panel["title"] for panel in drawn()}
    named = set(re.findall(r"“([^”]+)”", RUNBOOK))
    assert named <= titles
    assert len(named) > 5


def test_the_routes_named_exist() -> None:
    app: Litestar = create_app(Settings(secret="x"))
    paths = {re.sub(r":\w+}", "}", route.path) for route in app.routes}
    assert set(re.findall(r"(?:GET|POST|PUT|DELETE) (/v1[^`\s]+)", PAGE)) <= paths
    assert {"/health/ready", "/metrics"} <= paths


@pytest.mark.parametrize("word", sorted(set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", RUNBOOK))))
def test_what_the_runbook_has_one_look_for_is_said_by_the_code(word: str) -> None:
    assert f'"{word}"' in SOURCES or word.startswith("pg_")

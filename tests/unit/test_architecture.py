"""Who may import whom (design: docs/architecture.md): the contracts of pyproject.toml, and what they cannot say.

The contracts know modules; the rules here know file names, other people's packages and the environment. `cli`, `lab`,
`benchmarks` and `tests` may import anything.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from kit.outbox import Event
from kit.settings import ROOT
from workers.subscriptions import LAST_WORDS, SUBSCRIBERS

LAYERS = ("looks", "kit", "models", "modules", "api", "workers")
PACKAGES = (*LAYERS, "cli", "lab", "benchmarks")
WHOLE_EVENT = [("topic", str), ("told", dict[str, Any]), ("at", datetime)]
HEAVY = ("cv2", "mediapipe", "onnxruntime", "sklearn", "lightgbm", "statsforecast")


class Rule(NamedTuple):
    """What `of` files import that matches `imports` is allowed to files named in `only` alone."""

    name: str
    imports: str
    only: tuple[str, ...] = ()
    of: str = "*"


RULES = (
    Rule("litestar stays at the edge", r"litestar\b", ("api/*", "modules/*/routes.py")),
    Rule("dramatiq stays with the workers", r"dramatiq\b", ("workers/*", "modules/*/tasks.py")),
    Rule(
        "SQL stays in stores and tables",
        r"(sqlalchemy|alembic|asyncpg)\b",
        (
            *("kit/db/*", "kit/outbox/*", "kit/idempotency/*", "kit/audit/*"),
            *("modules/*/store.py", "modules/*/store/*.py", "modules/*/tables.py", "api/*", "workers/*"),
        ),
    ),
    Rule(
        "the frame asks the database for a sign of life or a lock, nothing more",
        r"(sqlalchemy|alembic|asyncpg)\.(?!exc\b|text$)",
        ("kit/*", "modules/*"),
    ),
    Rule(
        "networks and OpenCV stay in models",
        r"(cv2|mediapipe|onnxruntime|sklearn|lightgbm|statsforecast|torch)\b",
        ("models/*",),
    ),
    Rule("S3 stays in its adapter", r"(boto3|botocore)\b", ("kit/storage/s3.py",)),
    Rule("the environment is read by the composition root", r"os\.(environ|getenv)", ("workers/broker.py",)),
    Rule("only tasks.py knows models", r"models\b", ("modules/*/tasks.py",), of="modules/*"),
    Rule("only routes.py knows the edge", r"api\b", ("modules/*/routes.py",), of="modules/*"),
    Rule("only the app knows the routes", r"modules\.\w+\.routes\b", ("api/app.py",)),
    Rule(
        "only workers and other tasks know the tasks",
        r"modules\.\w+\.tasks\b",
        ("workers/*", "modules/*/tasks.py"),
    ),
    Rule(
        "workers enter a module by its tasks, service, jobs or events",
        r"modules\.\w+\.(?!(tasks|service|jobs|events)\b)",
        of="workers/*",
    ),
)


def violations(root: Path) -> Iterator[str]:
    """`rule: file imports name` for every import below `root` that a rule forbids."""
    for package in LAYERS:
        for path in sorted((root / package).rglob("*.py")):
            file = path.relative_to(root).as_posix()
            names = imported(ast.parse(path.read_text()))
            for rule in RULES:
                if fnmatch(file, rule.of) and not any(fnmatch(file, only) for only in rule.only):
                    yield from (
                        f"{rule.name}: {file} imports {name}"
                        for name in names
                        if re.match(rule.imports, name)
                    )


def imported(tree: ast.Module) -> list[str]:
    """Dotted names that a file imports anywhere in it, and `os.environ` where it is read."""
    names: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                names += [alias.name for alias in node.names]
            case ast.ImportFrom(module=str(module)):
                names += [f"{module}.{alias.name}" for alias in node.names]
            case ast.Attribute(value=ast.Name(id="os"), attr=attribute):
                names.append(f"os.{attribute}")
    return names


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = (Path(sys.executable).with_name("lint-imports"), "--no-cache")
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def in_a_fresh_process(source: str) -> object:
    """What a program prints as JSON."""
    run = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def test_files_import_only_what_their_name_and_place_allow() -> None:
    assert list(violations(ROOT)) == []


@pytest.mark.parametrize(
    ("file", "source", "broken"),
    [
        ("modules/tryon/service.py", "from litestar import get", "litestar stays at the edge"),
        ("modules/tryon/service.py", "def f():\n    import dramatiq", "dramatiq stays with the workers"),
        ("modules/tryon/service.py", "from sqlalchemy import select", "SQL stays in stores and tables"),
        ("kit/cache.py", "import asyncpg", "SQL stays in stores and tables"),
        ("api/health.py", "from sqlalchemy import select", "the frame asks the database for a sign of life"),
        ("workers/relay.py", "import sqlalchemy.orm", "the frame asks the database for a sign of life"),
        ("kit/decode/photo.py", "import cv2", "networks and OpenCV stay in models"),
        ("modules/tryon/tasks.py", "import onnxruntime as ort", "networks and OpenCV stay in models"),
        ("kit/runtime.py", "import boto3", "S3 stays in its adapter"),
        ("kit/log.py", "import os\nlevel = os.environ['LEVEL']", "the environment is read by"),
        ("api/app.py", "from os import getenv", "the environment is read by"),
        ("modules/tryon/store.py", "from models.types import Scan", "only tasks.py knows models"),
        ("modules/tryon/service.py", "from api.guards import may", "only routes.py knows the edge"),
        ("modules/share/routes.py", "from modules.tryon import routes", "only the app knows the routes"),
        (
            "modules/share/service.py",
            "import modules.tryon.tasks",
            "only workers and other tasks know the tasks",
        ),
        ("workers/sweeper.py", "from modules.tryon.store import find", "workers enter a module by"),
        ("workers/sweeper.py", "from modules.tryon import store", "workers enter a module by"),
    ],
)
def test_a_forbidden_import_is_named(tmp_path: Path, file: str, source: str, broken: str) -> None:
    write(tmp_path / file, source)

    (said,) = violations(tmp_path)

    assert said.startswith(broken)
    assert f": {file} imports " in said


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("api/app.py", "from litestar import Litestar\nfrom modules.tryon import routes"),
        ("api/problems.py", "from sqlalchemy.exc import DBAPIError"),
        ("workers/scheduler.py", "from sqlalchemy import text\nfrom modules.photos.service import kept"),
        ("workers/broker.py", "import os, dramatiq\nqueue = os.environ['QUEUE']\nimport modules.tryon.tasks"),
        ("modules/tryon/tasks.py", "import dramatiq, models.pipeline"),
        ("modules/tryon/routes.py", "from litestar import get\nfrom api.guards import may"),
        ("modules/tryon/store.py", "from sqlalchemy import select"),
        ("models/detect/face.py", "import cv2, mediapipe"),
        ("cli/bench.py", "import os, cv2\nos.environ['X']"),
    ],
)
def test_what_a_file_is_for_is_allowed(tmp_path: Path, file: str, source: str) -> None:
    write(tmp_path / file, source)

    assert list(violations(tmp_path)) == []


def test_the_contracts_hold() -> None:
    lint = lint_imports(ROOT)

    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_every_contract_can_break(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, source in {
        "looks/x.py": "import kit.ids",
        "kit/x.py": "import looks.colour",
        "models/x.py": "import kit.ids",
        "modules/accounts/x.py": "import modules.tryon.service\nimport models.types\nimport api.guards\nimport api.app",
        "api/x.py": "import modules.photos.service\nimport workers.transport",
        "workers/x.py": "import api.health",
        "lab/x.py": "import cli.main",
        "benchmarks/truth/x.py": "import models.render",
    }.items():
        (tmp_path / file).write_text(source)

    verdicts = re.findall(r"^(.+) (KEPT|BROKEN)", lint_imports(tmp_path).stdout, flags=re.MULTILINE)

    assert len(verdicts) == (ROOT / "pyproject.toml").read_text().count("[[tool.importlinter.contracts]]")
    assert [name for name, verdict in verdicts if verdict == "KEPT"] == []


def test_the_api_loads_no_network_library() -> None:
    loaded = in_a_fresh_process("import api.app, json, sys; print(json.dumps(sorted(sys.modules)))")

    assert isinstance(loaded, list)
    assert "litestar" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_every_command_has_an_actor_on_its_queue() -> None:
    jobs = [path.parent.name for path in (ROOT / "modules").glob("*/jobs.py")]
    program = f"""
import importlib, json
from kit.outbox import Command
from workers.broker import TASKS
for name in {jobs}: importlib.import_module(f"modules.{{name}}.jobs")
actors = {{task.actor_name: task.queue_name for task in TASKS}}
commands = {{command.kind: command.queue for command in Command.__subclasses__()}}
print(json.dumps([actors, commands]))
"""

    found = in_a_fresh_process(program)

    assert isinstance(found, list)
    actors, commands = found
    assert commands
    assert actors == commands


def test_a_subscriber_takes_exactly_what_its_event_tells() -> None:
    events = {event.topic: event for event in Event.__subclasses__()}

    assert set(SUBSCRIBERS) <= set(events)
    for topic, commands in SUBSCRIBERS.items():
        for command in commands:
            heard = WHOLE_EVENT if command.whole_event else shape(events[topic])
            assert shape(command) == heard, (topic, command)


def test_last_words_take_what_the_silenced_job_took() -> None:
    from modules.tryon.jobs import RenderTryOn

    assert shape(LAST_WORDS[RenderTryOn.kind]) == shape(RenderTryOn)


def shape(struct: type[msgspec.Struct]) -> list[tuple[str, object]]:
    return [(field.name, field.type) for field in msgspec.structs.fields(struct)]


def write(path: Path, source: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(source)

"""docker-compose.yml and Dockerfile.gpu, without a Docker engine: schema, settings, stages, commands."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml

from cli.main import main
from kit.settings import ROOT, read, variables
from tests.compose import Service, interpolated, our_services

SCHEMA = Path(__file__).parent / "compose" / "compose-spec.json"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile.gpu").read_text()
OURS = our_services()


def validate(compose: object) -> None:
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator(schema).validate(compose)


def test_the_file_is_valid_compose() -> None:
    validate(COMPOSE)


def test_a_slip_in_the_file_is_seen() -> None:
    with pytest.raises(jsonschema.ValidationError, match="helthcheck"):
        validate(COMPOSE | {"services": {"api": {"image": "vernis-api", "helthcheck": {"disable": True}}}})


def test_every_process_of_the_service_has_its_container() -> None:
    commands = {service.command for service in OURS}

    assert commands == {
        ("migrate",),
        ("api",),
        ("relay",),
        ("scheduler",),
        ("worker", "--queue", "cpu"),
        ("worker", "--queue", "gpu"),
    }
    assert {command[0] for command in commands} <= set(main.list_commands(click.Context(main)))


@pytest.mark.parametrize("service", OURS, ids=str)
def test_a_container_is_given_settings_that_exist_and_can_be_read(service: Service) -> None:
    assert set(service.environment) <= set(variables())

    settings = read(service.environment)

    assert settings.secret
    assert all((settings.database.url, settings.redis.url, settings.storage.bucket)), (
        "nothing is embedded here"
    )


@pytest.mark.parametrize("service", OURS, ids=str)
def test_only_the_migration_holds_the_owners_password(service: Service) -> None:
    database = read(service.environment).database

    assert bool(database.owner_url) == bool(database.admin_url) == (service.command == ("migrate",))


@pytest.mark.parametrize("service", OURS, ids=str)
def test_a_container_is_built_from_a_stage_that_may_do_little(service: Service) -> None:
    stage = service.definition["build"]["target"]

    assert service.definition["image"] == f"vernis-{stage}"
    assert ancestry(stage)[-1].startswith(("python:3.11-slim", "nvidia/cuda:"))
    assert service.definition["cap_drop"] == ["ALL"]


def test_renders_run_on_a_gpu_or_by_an_explicit_choice_on_the_cpu() -> None:
    renders = {service.name: service.definition for service in OURS if service.command[-1] == "gpu"}

    assert {name: tuple(found["profiles"]) for name, found in renders.items()} == {
        "worker-gpu": ("gpu",),
        "worker-gpu-on-cpu": ("cpu",),
    }
    (device,) = renders["worker-gpu"]["deploy"]["resources"]["reservations"]["devices"]
    assert device["capabilities"] == ["gpu"]
    assert "deploy" not in renders["worker-gpu-on-cpu"]


def test_a_worker_may_finish_its_job_before_it_is_killed() -> None:
    for service in OURS:
        assert float(service.definition["stop_grace_period"].removesuffix("s")) > read({}).workers.drain_s


def test_the_images_run_as_nobody_special_and_install_by_hash() -> None:
    for base in ("base", "worker-gpu"):
        body = DOCKERFILE.split(f" AS {base}\n")[1].split("\nFROM ")[0]

        assert "\nUSER vernis\n" in body
        assert "--no-deps --require-hashes -r requirements" in body


def test_the_images_get_every_package_and_nothing_else() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}

    assert packages <= let_in
    assert not any(fnmatch(name, ".*") or not (ROOT / name).exists() for name in let_in)


def test_the_example_sets_every_name_that_the_file_asks_for() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    example = (ROOT / "deploy" / "example.env").read_text()

    assert set(re.findall(r"\$\{(\w+)", text)) == set(re.findall(r"^(\w+)=", example, flags=re.MULTILINE))


def test_a_missing_secret_is_named() -> None:
    with pytest.raises(KeyError, match="S3_PASSWORD"):
        interpolated("${S3_PASSWORD:?}", {})


def ancestry(stage: str) -> list[str]:
    """The images that a stage stands on, the outermost last."""
    above: dict[str, Any] = {
        name: image for image, name in re.findall(r"^FROM (\S+) AS (\S+)$", DOCKERFILE, re.M)
    }
    chain = [stage]
    while chain[-1] in above:
        chain.append(above[chain[-1]])
    return chain

"""`vernis bench NAME`: the one door to every figure. Progress on stderr, one JSON object as the last line on stdout."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console

from benchmarks import roomy
from cli import trial
from cli.accounts import open_salon
from cli.demo import SAMPLES
from cli.trial import Running, processes
from cli.up import serving
from kit import clock
from kit.db.prepare import prepare
from kit.runtime import connected, furnished
from kit.settings import ROOT, Settings, read
from modules.accounts.credentials import Credentials

Measurement = Callable[[Settings, str, int], Awaitable[dict[str, Any]]]
"""Takes settings, the key of a fresh salon, and the process id of the API."""

RESULTS = ROOT / "benchmarks" / "results"

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
folder = click.option("--dir", "folder", type=FOLDER, required=True)
save = click.option(
    "--save", is_flag=True, help="Write the figures with machine facts to benchmarks/results/."
)


@click.group()
def bench() -> None:
    """Measure quality and speed."""


@bench.command()
@click.option("--jobs", default=1000, show_default=True)
@save
def pipeline(jobs: int, save: bool) -> None:
    """Bytes to bytes in one process: 1080p, per-step times, memory over many jobs."""
    from benchmarks.pipeline import measure

    _report("pipeline", measure(jobs=jobs), save)


@bench.command()
@click.option("--jobs", default=200, show_default=True)
@save
def face(jobs: int, save: bool) -> None:
    """A full face of make-up in one process: 1080p, per-step and per-layer times, the next lipstick."""
    from benchmarks.face import measure

    _report("face", measure(jobs=jobs), save)


@bench.command()
@folder
@save
def detect(folder: Path, save: bool) -> None:
    """Hands and faces found in a folder of photos."""
    from benchmarks.detect import measure

    _report("detect", measure(folder), save, label=folder.name)


@bench.command()
@click.option("--images", type=FOLDER, help="Labelled photos.")
@click.option("--masks", type=FOLDER, help="Their masks, PNG of the same stem.")
@click.option(
    "--metadata", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="CSV: stem, kind, fold."
)
@click.option("--fold", help="Only photos of this fold.")
@click.option("--negatives", type=FOLDER, help="Photos without a nail.")
@click.option("--only", default="*", help="Which of the negatives, as a glob.")
@click.option("--monk", type=int, help="Rendered hands in the ten Monk tones, this many a tone.")
@save
def nails(
    images: Path | None,
    masks: Path | None,
    metadata: Path | None,
    fold: str | None,
    negatives: Path | None,
    only: str,
    monk: int | None,
    save: bool,
) -> None:
    """Nails found in labelled photos (--images, --masks), falsely in others (--negatives), by skin tone (--monk)."""
    from benchmarks.nails import measure, measure_monk, measure_negatives

    if monk is not None:
        _report("nails", measure_monk(monk), save, label="monk")
    elif negatives is not None:
        _report("nails", measure_negatives(negatives, only), save, label="negatives")
    elif images is not None and masks is not None:
        _report(
            "nails",
            measure(images, masks, metadata=metadata, fold=fold),
            save,
            label=fold or images.parent.name,
        )
    else:
        raise click.UsageError("--images and --masks, or --negatives, or --monk")


def _face_part(name: str, number: int) -> None:
    """A command that judges one part of faces. number: its class in the masks, unless told otherwise."""

    @bench.command(name, help=f"{name.capitalize()} of faces found in photos with masks of many classes.")
    @click.option("--images", type=FOLDER, required=True, help="Labelled photos.")
    @click.option("--masks", type=FOLDER, required=True, help="Their masks of classes, PNG of the same stem.")
    @click.option(f"--{name}-id", "number", default=number, show_default=True, help="Its class in the masks.")
    @click.option(
        "--tone-id", default=2, show_default=True, help="The class of skin, by which tones are told."
    )
    @click.option("--ignore", default=255, show_default=True, help="The class that is not judged.")
    @click.option("--only", default="*", help="Which of the photos, as a glob.")
    @save
    def judge(
        images: Path, masks: Path, number: int, tone_id: int, ignore: int, only: str, save: bool
    ) -> None:
        from benchmarks.face_parts import FacePart, measure

        figures = measure(FacePart(name), images, masks, id=number, skin_id=tone_id, ignore=ignore, only=only)
        _report(name, figures, save, label=images.parent.name)


for _name, _number in (("lips", 5), ("brows", 3), ("skin", 2)):
    _face_part(_name, _number)


@bench.command()
@save
def tone(save: bool) -> None:
    """Skin tone told from made faces of ten tones under five lights, against what they are."""
    from benchmarks.tone import measure

    _report("tone", measure(_say), save)


@bench.command()
@click.option("--images", type=FOLDER, required=True, help="Photos.")
@click.option("--masks", type=FOLDER, required=True, help="Their masks, PNG of ids of the same stem.")
@click.option("--hair-id", default=1, show_default=True, help="The id of hair in the masks.")
@click.option("--ignore", default=255, show_default=True, help="The id of pixels that count nowhere.")
@click.option(
    "--metadata", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="CSV: stem, hair_type."
)
@save
def hair(images: Path, masks: Path, hair_id: int, ignore: int, metadata: Path | None, save: bool) -> None:
    """Hair cut out of labelled photos, by source, type, lightness, skin tone, and with and without a face."""
    from benchmarks.hair import measure

    figures = measure(images, masks, hair_id=hair_id, ignore=ignore, metadata=metadata)
    _report("hair", figures, save, label=images.parent.name)


@bench.command()
@save
def colour(save: bool) -> None:
    """Painted nails, lips and skin against physically formed photographs: every finish, tone, colour and light."""
    from benchmarks.colour import measure
    from benchmarks.makeup import measure_lips, measure_skin

    found = {**measure(_say), "lips": measure_lips(_say), "skin": measure_skin(_say)}
    _report("colour", found, save)


@bench.command()
@click.option("--rounds", default=30, show_default=True)
@save
def service(rounds: int, save: bool) -> None:
    """POST to stored and announced, through the whole service: idle and at four at once."""
    from benchmarks.service import measure

    async def run(settings: Settings, key: str, _api: int) -> dict[str, Any]:
        return await measure(settings.public_url, key, _hero(), rounds=rounds)

    _report("service", _served(run), save)


@bench.command()
@click.option("--seconds", default=8.0, show_default=True, help="For each route.")
@click.option("--connections", default=16, show_default=True)
@save
def api(seconds: float, connections: int, save: bool) -> None:
    """Simple requests through credential, limits and database, for each core of an API process."""
    from benchmarks.api import measure

    with furnished(read(os.environ)) as settings:
        asyncio.run(prepare(settings.database))

        async def run() -> dict[str, Any]:
            async with connected(settings) as runtime:
                _, key = await open_salon(runtime.db, "Bench")
            return await measure(settings, key.secret, _hero(), seconds=seconds, connections=connections)

        _report("api", asyncio.run(run()), save)


@bench.command()
@folder
@save
def uploads(folder: Path, save: bool) -> None:
    """Odd and malformed pictures against the running service (`expected.json` says what must happen)."""
    from benchmarks.journey import open_visitor
    from benchmarks.uploads import measure

    async def run(settings: Settings, key: str, api: int) -> dict[str, Any]:
        async with open_visitor(settings.public_url, key) as visitor:
            return await measure(folder, settings.public_url, visitor.token, visitor.consent_id, pid=api)

    _report("uploads", _served(run), save)


@bench.command()
@click.option("--count", default=1000, show_default=True, help="Try-ons.")
@click.option("--seed", default=2026, show_default=True, help="Decides what is asked for, and who is killed.")
@save
def faults(count: int, seed: int, save: bool) -> None:
    """Try-ons while workers are killed, Redis is emptied and storage is away: fails if anything is lost or doubled."""
    from benchmarks.faults import GROUND, Plan, measure
    from benchmarks.verdict import held

    figures = _tried(GROUND, lambda here: measure(here, Plan(seed=seed, tryons=count), _say), workers=2)
    _report("faults", figures, save)
    if not held(figures):
        raise click.ClickException("something was lost, doubled, wrong, told wrongly or left behind")


@bench.command()
@click.option("--seconds", default=60.0, show_default=True, help="How long too much is offered.")
@click.option("--seed", default=2026, show_default=True, help="Decides when requests arrive.")
@save
def overload(seconds: float, seed: int, save: bool) -> None:
    """Four times as many requests as can be done: what is refused, how fast the rest is, what memory does.

    `VERNIS_QUEUE__…` says when the queue is full.
    """
    from benchmarks.overload import Plan, measure

    plan = Plan(seed=seed, overload_s=seconds)
    ground = {"limits": roomy.LIMITS, "queue": read(os.environ).queue}
    _report("overload", _tried(ground, lambda here: measure(here, plan, processes(here), _say)), save)


@bench.command()
@click.option("--count", default=5000, show_default=True, help="Renders.")
@save
def soak(count: int, save: bool) -> None:
    """Thousands of renders in one worker: memory, open files, threads, Redis keys, rows of the system's tables."""
    from benchmarks.soak import GROUND, measure

    _report("soak", _tried(GROUND, lambda here: measure(here, count, processes(here), _say)), save)


def _tried(
    ground: dict[str, Any], run: Callable[[Running], Awaitable[dict[str, Any]]], *, workers: int = 1
) -> dict[str, Any]:
    """Run a measurement against the whole service on engines of its own, with settings of its own."""

    async def serve_and_run(settings: Settings) -> dict[str, Any]:
        async with trial.serving(settings, (*trial.FRONT, *[trial.GPU] * workers)) as here:
            return await run(here)

    _say("starting")
    with trial.ground(**ground) as settings:
        return asyncio.run(serve_and_run(settings))


def _say(progress: str) -> None:
    click.echo(f"{clock.now():%H:%M:%S}  {progress}", err=True)


@bench.command()
@click.option("--designs", default=100_000, show_default=True, help="Own designs of one business.")
@click.option("--rounds", default=300, show_default=True)
@save
def search(designs: int, rounds: int, save: bool) -> None:
    """Search and facets over one business's own designs, beside a plain SQL scan."""
    from benchmarks.search import measure

    async def run(settings: Settings, key: str, _api: int) -> dict[str, Any]:
        async with connected(settings) as runtime:
            business_id = (await Credentials(runtime.db).caller(key)).business_id
            return await measure(runtime, settings.public_url, key, business_id, designs, rounds)

    _report("search", _served(run), save)


@bench.command()
@click.option("--rounds", default=200, show_default=True)
@save
def slots(rounds: int, save: bool) -> None:
    """When a service can begin: one service over thirty days and ten members of staff."""
    from benchmarks.slots import measure, measure_service

    async def run(settings: Settings) -> dict[str, Any]:
        await prepare(settings.database)
        async with connected(settings) as runtime:
            _, key = await open_salon(runtime.db, "Bench")
            caller = await Credentials(runtime.db).caller(key.secret)
            return await measure_service(runtime, caller, rounds)

    _say("arithmetic")
    figures = measure(rounds)
    _say("with the database")
    with trial.ground() as settings:
        _report("slots", {**figures, "service": asyncio.run(run(settings))}, save)


def _served(run: Measurement) -> dict[str, Any]:
    """Run a measurement against a service of our own, with a fresh salon."""

    async def open_and_run(settings: Settings, api: int) -> dict[str, Any]:
        async with connected(settings) as runtime:
            _, key = await open_salon(runtime.db, "Bench")
        return await run(settings, key.secret, api)

    with serving(Console(stderr=True, quiet=True), queue=roomy.QUEUE) as (settings, stack):
        (api,) = (service.process.pid for service in stack.services if service.name == "api")
        return asyncio.run(open_and_run(settings, api))


def _hero() -> Path:
    """The sample hand that stands for all."""
    index = msgspec.json.decode((SAMPLES / "hands" / "index.json").read_bytes())
    return SAMPLES / "hands" / str(index["hero"])


def _report(name: str, figures: dict[str, Any], save: bool, label: str | None = None) -> None:
    complete = {"bench": name, **figures, "machine": _machine()}
    if save:
        path = RESULTS / f"{name}{'-' + label if label else ''}.json"
        path.write_bytes(msgspec.json.format(msgspec.json.encode(complete), indent=2) + b"\n")
        click.echo(f"written to {path.relative_to(ROOT)}", err=True)
    click.echo(msgspec.json.encode(complete).decode())


def _machine() -> dict[str, Any]:
    return {
        "measured_at": clock.now().date().isoformat(),
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {
            name: version(name) for name in ("mediapipe", "numpy", "opencv-python-headless", "pillow")
        },
    }


def _cpu_model() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()

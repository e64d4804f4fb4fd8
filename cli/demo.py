"""`vernis demo`: the main job once through the whole service, then serve."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console

from benchmarks.journey import open_visitor
from cli.accounts import open_salon
from cli.designs import CATALOG
from cli.up import serving, wait
from kit.errors import Invalid
from kit.lifeline import die_with_parent
from kit.runtime import connected
from kit.settings import ROOT, Settings
from modules.catalog.load import load_shelf

SAMPLES = ROOT / "assets" / "samples"
FACE = SAMPLES / "faces" / "astronaut.jpg"
NAIL_DESIGNS = ("des_polish_lacquer_red",)
LIP_DESIGNS = ("des_lips_rosewood_satin",)


class DemoFailed(Invalid):
    code = "demo_failed"


@click.command()
@click.option("--photo", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Your own photo.")
@click.option("--design", "designs", multiple=True, help="Id of a design (see `vernis designs`).")
@click.option("--once", is_flag=True, help="Stop after the pictures are made.")
@click.option("--parent", type=int, hidden=True, help="Process that this one must not outlive.")
def demo(photo: Path | None, designs: tuple[str, ...], once: bool, parent: int | None) -> None:
    """Take a photo through the whole service and keep serving."""
    if parent is not None:
        die_with_parent(parent=parent)
    console = Console(stderr=True)
    tasks = _tasks(photo, designs)
    with serving(console) as (settings, stack):
        asyncio.run(_make(settings, tasks, _out_folder(settings), console))
        if not once:
            console.print(f"Vernis serves on [bold]{settings.public_url}[/bold]  [dim](Ctrl-C stops)[/dim]")
            wait(stack)


def _tasks(photo: Path | None, designs: tuple[str, ...]) -> list[tuple[Path, Sequence[str]]]:
    """Photos and the designs to draw on them; refused before anything is started. Raises UnknownDesign."""
    shelf = load_shelf(CATALOG)
    if designs:
        shelf.look(designs)
    if photo is not None:
        return [(photo, designs or NAIL_DESIGNS)]
    hero = msgspec.json.decode((SAMPLES / "hands" / "index.json").read_bytes())["hero"]
    return [(SAMPLES / "hands" / hero, designs or NAIL_DESIGNS), *([] if designs else [(FACE, LIP_DESIGNS)])]


async def _make(
    settings: Settings, tasks: list[tuple[Path, Sequence[str]]], out: Path, console: Console
) -> None:
    async with connected(settings) as runtime:
        _, key = await open_salon(runtime.db, "Demonstration")
    console.print(f"A salon is open; its key is [bold]{key.secret}[/bold]")
    for photo, designs in tasks:
        await _try_on(settings, key.secret, photo, designs, out, console)


async def _try_on(
    settings: Settings, key: str, photo: Path, designs: Sequence[str], out: Path, console: Console
) -> None:
    """Consent, upload, queue, worker, render, storage, result: over HTTP like any customer."""
    async with open_visitor(settings.public_url, key) as visitor:
        photo_id = await visitor.upload(photo.read_bytes())
        tryon = await visitor.finished((await visitor.request(photo_id, [designs]))["id"])
        if tryon["status"] != "done":
            raise DemoFailed(f"{photo.name}: {tryon['status']}. {' '.join(tryon['advice'])}")
        pictures = {**tryon["renders"][0]["pictures"], "before": tryon["before"]}
        for name, url in pictures.items():
            path = out / f"{photo.stem}-{name}.jpg"
            path.write_bytes(await visitor.picture(url))
            console.print(f"  [bold]{path}[/bold]\n  [dim]{url}[/dim]", soft_wrap=True, highlight=False)


def _out_folder(settings: Settings) -> Path:
    """`demo` in the checkout, or in the data folder where the checkout cannot be written."""
    folder = (ROOT if os.access(ROOT, os.W_OK) else settings.data_path) / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    return folder

"""`vernis render`: the picture pipeline alone, without the service."""

from __future__ import annotations

from pathlib import Path

import click

from cli.designs import CATALOG
from kit.errors import Invalid
from modules.catalog.load import load_shelf


class NothingFound(Invalid):
    code = "nothing_found"


class Unreadable(Invalid):
    code = "unreadable"


@click.command()
@click.argument("photo", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--design", "designs", multiple=True, required=True, help="Id of a design; several are drawn in order."
)
@click.option(
    "-o", "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="JPEG to write."
)
def render(photo: Path, designs: tuple[str, ...], out: Path) -> None:
    """Draw designs of the catalogue onto a photo."""
    look = load_shelf(CATALOG).look(designs)
    from models.pipeline import StepError, Studio  # native libraries, which other commands do not need

    try:
        result = Studio.load().try_on(photo.read_bytes(), [look])
    except StepError as error:
        raise Unreadable(f"{photo} could not be worked with: {error}") from error
    (made,) = result.renders
    for design, layer in zip(designs, made.layers, strict=True):
        click.echo(f"{design}: {layer.status} {layer.advice}".rstrip(), err=True)
    if not made.found:
        raise NothingFound("Nothing to draw on was found; no picture was written.")
    out.write_bytes(made.outputs["full"])
    click.echo(str(out))

"""A candidate colour: its line for the catalogue, its family and its nearest neighbours on the shelf."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from looks.colour import Swatch, delta_e00
from modules.catalog.family import family_of
from modules.catalog.load import load_shelf
from modules.catalog.shelf import DesignKind

SHELF = Path(__file__).parents[2] / "assets" / "catalog"


@click.command()
@click.argument("hex_value")
@click.option("--kind", type=click.Choice(list(DesignKind)), default=DesignKind.NAIL_POLISH)
@click.option("--finish", help="Compare with this finish only.")
def main(hex_value: str, kind: DesignKind, finish: str | None) -> None:
    """Print HEX_VALUE (#rrggbb) as TOML, and the five nearest designs with their ΔE00."""
    swatch = Swatch.of(hex_value)
    lab = ", ".join(f"{value:.2f}" for value in swatch.lab)
    click.echo(f'swatch = {{ hex = "{swatch.hex}", lab = [{lab}] }}  # {family_of(swatch.lab)}')
    found = load_shelf(SHELF).search(kind=DesignKind(kind), finish=finish)
    lab_of_found = np.array([design.swatches[0].lab for design in found]).reshape(-1, 3)
    distances = delta_e00(lab_of_found, np.array(swatch.lab))
    for index in np.argsort(distances)[:5]:
        click.echo(f"{distances[index]:6.2f}  {found[index].id}")


if __name__ == "__main__":
    main()

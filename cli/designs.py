"""`vernis designs`: the catalogue in the terminal."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kit.settings import ROOT
from modules.catalog.load import load_shelf
from modules.catalog.shelf import Design, DesignKind

CATALOG = ROOT / "assets" / "catalog"


@click.command()
@click.option("--kind", type=click.Choice([str(kind) for kind in DesignKind]))
@click.option("--finish", help="cream, gel, matte …")
@click.option("--search", help="Words of the name.")
@click.option("--renderable", is_flag=True, help="Only what can be drawn today.")
def designs(kind: str | None, finish: str | None, search: str | None, renderable: bool) -> None:
    """List the designs of the catalogue."""
    found = load_shelf(CATALOG).search(
        kind=DesignKind(kind) if kind else None,
        finish=finish,
        query=search,
        renderable=True if renderable else None,
    )
    table = Table("", "id", "name", "finish", "price", "minutes", "drawn", box=None, pad_edge=False)
    for design in found:
        table.add_row(*_row(design))
    Console().print(table)
    click.echo(f"{len(found)} designs")


def _row(design: Design) -> tuple[Text | str, ...]:
    tips = Text("".join("██" for _ in design.swatches))
    for place, swatch in enumerate(design.swatches):
        tips.stylize(swatch.hex, 2 * place, 2 * place + 2)
    price = f"{design.price.amount / 100:.2f} {design.price.currency}"
    drawn = "yes" if design.renderable else "later"
    return tips, design.id, design.name, str(design.finish or ""), price, str(design.minutes), drawn

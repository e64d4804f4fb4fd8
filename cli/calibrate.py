"""`vernis calibrate`: a salon's own polish from a photo of a painted tip beside a grey card."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from kit.errors import Invalid

PHOTO = click.Path(exists=True, dir_okay=False, path_type=Path)


class Uncalibrated(Invalid):
    code = "uncalibrated"


@click.command()
@click.argument("photo", type=PHOTO)
@click.option("--card", default=0.18, show_default=True, help="Reflectance of the grey card.")
@click.option("--black", type=PHOTO, help="A tip over black, for the coverage.")
@click.option("--white", type=PHOTO, help="A tip over white, for the coverage.")
@click.option("--coats", default=2, show_default=True, help="Coats on those two.")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="JSON to write.")
def calibrate(
    photo: Path, card: float, black: Path | None, white: Path | None, coats: int, out: Path | None
) -> None:
    """Read a polish's Lab and finish from a photo, with its error."""
    from models.calibrate import Calibration, CalibrationError, coverage  # native libraries
    from models.calibrate import calibrate as read
    from models.decode import decode

    def one(path: Path) -> Calibration:
        try:
            return read(decode(path.read_bytes()).rgb, card_reflectance=card)
        except CalibrationError as error:
            raise Uncalibrated(f"{path}: {error}") from error

    found = msgspec.to_builtins(one(photo))
    if black is not None and white is not None:
        found["coverage"] = coverage(one(black), one(white), coats)
    text = msgspec.json.format(msgspec.json.encode(found), indent=2).decode()
    if out is not None:
        out.write_text(text + "\n")
    click.echo(text)

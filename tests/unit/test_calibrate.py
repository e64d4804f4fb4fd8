"""A polish is read from photos of a tip beside a grey card, through the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from cli.main import main
from looks.colour import Swatch, delta_e00, linear_to_srgb

GROUND = np.array([0.55, 0.52, 0.48])


def photo(
    path: Path,
    polish: str | None = "#b00020",
    light: tuple[float, float, float] = (1.0, 1.0, 1.0),
    *,
    card: bool = True,
    gloss: float = 0.5,
    level: float = 0.8,
) -> Path:
    """A tip beside a card on plain paper."""
    y, x = np.mgrid[0:240, 0:320].astype(float)
    scene = np.broadcast_to(GROUND, (240, 320, 3)).copy()
    if card:
        scene[50:190, 30:130] = 0.18
    if polish is not None:
        across, down = (x - 230) / 42, (y - 120) / 70
        inside = np.abs(across) ** 2.6 + np.abs(down) ** 2.6 <= 1
        shade = np.sqrt(np.clip(1 - 0.5 * across**2, 0.2, 1))
        shade = shade / np.median(shade[inside])
        streak = gloss * np.exp(-((across + 0.4) ** 2 / 0.01 + down**2 / 0.2))
        nail = Swatch.of(polish).linear * shade[..., None] + streak[..., None]
        scene = np.where(inside[..., None], nail, scene)
    scene = (
        scene * level * np.array(light) * (1 + 0.02 * np.random.default_rng(3).standard_normal((240, 320, 1)))
    )
    rgb = np.round(linear_to_srgb(scene) * 255).astype(np.uint8)
    cv2.imwrite(str(path), rgb[..., ::-1])
    return path


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["calibrate", *map(str, arguments)])
    return result.exit_code, result.output


def read(*arguments: str | Path) -> dict[str, Any]:
    code, output = run(*arguments)
    assert code == 0, output
    found: dict[str, Any] = json.loads(output)
    return found


@pytest.mark.parametrize("light", [(1.0, 1.0, 1.0), (1.2, 0.97, 0.66), (0.9, 1.0, 1.2)])
@pytest.mark.parametrize("polish", ["#b00020", "#d8a78c", "#14224f", "#0f7f7c"])
def test_the_colour_is_read_under_any_light(
    tmp_path: Path, polish: str, light: tuple[float, float, float]
) -> None:
    found = read(photo(tmp_path / "tip.png", polish, light))
    assert float(delta_e00(np.array(found["lab"]), np.array(Swatch.of(polish).lab))) < 2.0
    assert 0 < found["error"] < 2.0


def test_gloss_and_matte_are_told_apart(tmp_path: Path) -> None:
    assert read(photo(tmp_path / "gel.png"))["gloss"] == "gloss"
    assert read(photo(tmp_path / "matte.png", gloss=0.0))["gloss"] == "matte"


def test_coverage_comes_from_tips_over_black_and_white(tmp_path: Path) -> None:
    tip = photo(tmp_path / "tip.png", "#8a2038", out := (1.0, 1.0, 1.0))
    black, white = (photo(tmp_path / f"{hex[1:]}.png", hex, out, gloss=0) for hex in ("#6b1c30", "#b06a7a"))
    found = read(tip, "--black", black, "--white", white, "--out", tmp_path / "polish.json")
    assert 0.4 < found["coverage"] < 0.7
    assert json.loads((tmp_path / "polish.json").read_text()) == found


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    for name, made, words in (
        ("a", photo(tmp_path / "a.png", card=False), "grey card"),
        ("b", photo(tmp_path / "b.png", None), "painted tip"),
        ("c", photo(tmp_path / "c.png", "#f4f1ec", level=3.0, card=True), "overexposed"),
    ):
        code, output = run(made)
        assert code != 0, name
        assert words in output, (name, output)

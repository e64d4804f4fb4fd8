"""The command line, as a person types it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from cli.main import COMMANDS
from kit.settings import ROOT, Settings, environment

HAND = ROOT / "assets" / "samples" / "hands" / "open_05_left.jpg"


def vernis(*words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli.main", *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )


def test_every_command_explains_itself() -> None:
    overview = vernis("--help").stdout
    assert all(f"\n  {name} " in overview for name in COMMANDS)


def test_designs_lists_what_can_be_drawn() -> None:
    listed = vernis("designs", "--kind", "lips", "--renderable", COLUMNS="200").stdout
    assert "des_lips_rosewood_satin" in listed
    assert "later" not in listed


def test_render_paints_the_nails_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "red.jpg"
    done = vernis("render", HAND, "--design", "des_polish_lacquer_red", "-o", out)
    assert (done.returncode, done.stdout.strip()) == (0, str(out))
    with Image.open(HAND) as before, Image.open(out) as after:
        assert after.size == before.size
        assert not after.getexif()


def test_scan_prints_what_a_photo_shows() -> None:
    seen = json.loads(vernis("scan", HAND).stdout)
    assert [hand["name"] for hand in seen["hands"]] == ["left"]
    assert len(seen["nails"]) >= 4
    for nail in seen["nails"]:
        x0, y0, x1, y1 = nail["box"]
        assert 0 <= x0 < x1 <= seen["width_px"]
        assert 0 <= y0 < y1 <= seen["height_px"]
        assert len(nail["cuticle_line"]) == len(nail["free_edge"]) > 5


def test_scan_refuses_what_is_no_photo() -> None:
    done = vernis("scan", ROOT / "README.md")
    assert done.returncode == 1
    assert "could not be worked with" in done.stderr


@pytest.mark.parametrize(
    ("photo", "design", "words"),
    [
        (ROOT / "README.md", "des_polish_lacquer_red", "could not be worked with"),
        (HAND, "des_polish_unheard_of", "Not in the catalogue: des_polish_unheard_of"),
    ],
)
def test_render_refuses_in_one_line(tmp_path: Path, photo: Path, design: str, words: str) -> None:
    done = vernis("render", photo, "--design", design, "-o", tmp_path / "o.jpg")
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_render_says_when_nothing_is_found(tmp_path: Path) -> None:
    grey, plain = tmp_path / "grey.png", io.BytesIO()
    Image.new("RGB", (640, 480), "#9a9a9a").save(plain, "PNG")
    grey.write_bytes(plain.getvalue())
    done = vernis("render", grey, "--design", "des_polish_lacquer_red", "-o", tmp_path / "o.jpg")
    assert done.returncode == 1
    assert "could not see" in done.stderr
    assert not (tmp_path / "o.jpg").exists()


def test_a_business_and_its_key_are_made_by_two_commands(settings: Settings) -> None:
    variables = environment(settings)
    business_id = vernis("business", "create", "Salon Rosa", **variables).stdout.strip()
    key = vernis("key", "create", business_id, **variables).stdout.strip()
    assert business_id.startswith("biz_")
    assert key.startswith("vk_live_")


def test_the_operator_lists_and_suspends_businesses(settings: Settings) -> None:
    variables = environment(settings)
    business_id = vernis("business", "create", "Salon Verde", **variables).stdout.strip()

    def state() -> str:
        listed = vernis("business", "list", **variables).stdout.splitlines()
        return next(line.split()[2] for line in listed if line.startswith(business_id))

    assert state() == "active"
    assert vernis("business", "suspend", business_id, **variables).returncode == 0
    assert state() == "suspended"
    assert vernis("business", "suspend", business_id, "--lift", **variables).returncode == 0
    assert state() == "active"
    assert "no such business" in vernis("business", "suspend", "biz_none", **variables).stderr


def test_letters_to_staff_are_printed(settings: Settings) -> None:
    variables = environment(settings)
    business_id = vernis("business", "create", "Salon Blu", **variables).stdout.strip()
    invited = vernis("staff", "invite", business_id, "rosa@salon.example", "--role", "owner", **variables)
    assert invited.stdout.startswith("vi_")
    reset = vernis("staff", "reset", business_id, "nobody@salon.example", **variables)
    assert (reset.returncode, "no such member of staff" in reset.stderr) == (1, True)


def test_a_test_key_says_so(settings: Settings) -> None:
    variables = environment(settings)
    business_id = vernis("business", "create", "Salon Test", **variables).stdout.strip()
    assert vernis("key", "create", business_id, "--test", **variables).stdout.startswith("vk_test_")


def test_a_key_of_no_business_is_refused(settings: Settings) -> None:
    done = vernis("key", "create", "biz_none", **environment(settings))
    assert (done.returncode, "no business biz_none" in done.stderr) == (1, True)


def test_a_setting_that_does_not_exist_is_named() -> None:
    done = vernis("seed", VERNIS_DATABSE__URL="x")
    assert (done.returncode, "VERNIS_DATABSE__URL is not a setting" in done.stderr) == (1, True)

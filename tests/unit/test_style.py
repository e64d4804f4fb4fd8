"""The linter, the formatter and the type checker have nothing to say (`make check`, `make fix`)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kit.settings import ROOT


@pytest.mark.slow
@pytest.mark.timeout(1200)  # mypy for the first time, on cores that it shares
@pytest.mark.parametrize("command", ["ruff check", "ruff format --check", "mypy"])
def test_the_code_is_clean(command: str) -> None:
    tool, *arguments = command.split()

    run = subprocess.run(
        [Path(sys.executable).with_name(tool), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr

"""One running service for the tests of this folder, whose renders wait or die as a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.trial import FRONT, Running, serving
from kit.settings import Settings, Workers
from tests.faults.service import FAULTY_GPU, ground


@dataclass(frozen=True)
class Faults:
    """The folder through which tests/faults/broker.py is told what happens to the renders of a photo."""

    folder: Path

    def poison(self, photo_id: str) -> None:
        """Every render of it kills its worker."""
        (self.folder / "poison" / photo_id).touch()

    def hold(self, photo_id: str) -> None:
        """Its renders wait in the middle."""
        (self.folder / "hold" / photo_id).touch()

    def let_go(self, photo_id: str) -> None:
        (self.folder / "hold" / photo_id).unlink()

    def is_held(self, photo_id: str) -> bool:
        """Whether a render of it has come to the middle."""
        return (self.folder / "held" / photo_id).exists()


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faults]:
    folder = tmp_path_factory.mktemp("faults")
    (folder / "deaths.json").write_text("{}")
    for name in ("poison", "hold", "held"):
        (folder / name).mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAULTS_DIR", str(folder))
        yield Faults(folder)


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    with ground(workers=Workers(lease_s=3)) as complete:
        yield complete


@pytest.fixture(scope="module")
async def service(settings: Settings, faults: Faults) -> AsyncIterator[Running]:
    assert faults.folder.is_dir()
    async with serving(settings, (*FRONT, FAULTY_GPU, FAULTY_GPU)) as here:
        yield here

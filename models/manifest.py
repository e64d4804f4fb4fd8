"""The weights that we run, and the one way to load them: checked against their sha256, with no switch off."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

MANIFEST = Path(__file__).with_name("manifest.toml")


class WeightError(ValueError):
    """A weight that is unknown, absent, or not the file that the manifest names."""


@dataclass(frozen=True, slots=True)
class Weight:
    """One weight file: its place in an installed package, its sha256, what it takes and gives."""

    name: str
    package: str
    file: str
    sha256: str
    licence: str
    input: str
    output: str

    @property
    def path(self) -> Path:
        """The file on disk; raises WeightError when its package is not installed."""
        spec = find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise WeightError(f"weight {self.name}: package {self.package} is not installed")
        return Path(spec.submodule_search_locations[0]) / self.file

    def read(self) -> bytes:
        """The verified content; raises WeightError when the file is absent or another one."""
        if not self.path.is_file():
            raise WeightError(f"weight {self.name}: {self.package}/{self.file} is not there")
        content = self.path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest != self.sha256:
            raise WeightError(f"weight {self.name}: expected sha256 {self.sha256}, got {digest}")
        return content


@cache
def weights() -> dict[str, Weight]:
    """All weights of manifest.toml by name."""
    return {name: Weight(name, **row) for name, row in tomllib.loads(MANIFEST.read_text("utf-8")).items()}


def weight(name: str) -> Weight:
    """One weight by name; raises WeightError for a name that the manifest does not have."""
    if name not in weights():
        raise WeightError(f"weight {name}: not in {MANIFEST.name}")
    return weights()[name]


@cache
def fingerprint() -> str:
    """Sixteen hex digits that change with any weight; what was found by other weights must be looked for again."""
    return hashlib.sha256(MANIFEST.read_bytes()).hexdigest()[:16]

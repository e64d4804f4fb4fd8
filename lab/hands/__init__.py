"""Procedural photographs of hands with exact nail masks."""

from lab.hands.picture import HandTruth, NailTruth, Sample, render
from lab.hands.scene import Scene, variants

__all__ = ["HandTruth", "NailTruth", "Sample", "Scene", "render", "variants"]

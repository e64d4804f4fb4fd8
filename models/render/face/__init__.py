"""Make-up of a face but for its lips: base, cheeks, eyes and brows, in linear light and on free skin only."""

from models.render.face.base import BaseRenderer
from models.render.face.brows import BrowsRenderer
from models.render.face.cheeks import CheeksRenderer
from models.render.face.eyes import EyesRenderer

__all__ = ["BaseRenderer", "BrowsRenderer", "CheeksRenderer", "EyesRenderer"]

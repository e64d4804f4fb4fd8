"""Lipstick in every finish and style."""

from models.render.lips.renderer import STYLES, LipsRenderer

__all__ = ["STYLES", "LipsRenderer"]

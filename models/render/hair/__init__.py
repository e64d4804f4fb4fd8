"""Hair colour: the fibre's absorption is moved to the target's, its shading and its highlights stay."""

from models.render.hair.renderer import HairRenderer

__all__ = ["HairRenderer"]

"""A face's own parts, told from its mesh: where its skin lies free, its eyes and its brows."""

from models.segment.face.skin import FreeSkin

__all__ = ["FreeSkin"]

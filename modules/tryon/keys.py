"""Where a try-on's pictures lie in storage. Each attempt writes under its own fencing token, so attempts never mix."""

from __future__ import annotations

from modules.tryon.sizes import FORMATS, WIDTHS, Format


def attempt(business_id: str, tryon_id: str, token: int) -> str:
    """The prefix of one attempt."""
    return f"results/{business_id}/{tryon_id}/{token}/"


def everything(business_id: str, tryon_id: str) -> str:
    """The prefix of all attempts."""
    return f"results/{business_id}/{tryon_id}/"


def smaller(key: str, width: int, format: Format) -> str:
    """Where a picture lies in another size: beside it, so that it goes with it."""
    return f"{key.removesuffix('.jpg')}.w{width}.{format}"


def every_smaller(key: str) -> set[str]:
    """All that may have been made of a picture."""
    return {smaller(key, width, format) for width in WIDTHS for format in FORMATS}

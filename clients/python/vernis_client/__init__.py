"""Client of the Vernis API.

    vernis = Vernis("https://vernis.example", "vk_live_…")
    tryon = vernis.create_tryon(TryOnRequest(photo_id=…, looks=[LookChoice(designs=["des_…"])]), wait=10)

`api.py` and `models.py` are generated from the OpenAPI document; `transport.py` is written by hand.
"""

from __future__ import annotations

from vernis_client.api import Vernis
from vernis_client.transport import Event, Refused

__all__ = ["Event", "Refused", "Vernis"]

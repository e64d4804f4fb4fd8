"""A try-on in ten lines: `VERNIS_URL=… VERNIS_KEY=… python example.py hand.jpg look.jpg`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from vernis_client import Vernis
from vernis_client.models import ConsentRequest, LookChoice, TryOnRequest

photo, look = map(Path, sys.argv[1:])
with Vernis(os.environ["VERNIS_URL"], os.environ["VERNIS_KEY"]) as salon:
    visit = salon.create_visitor()
with Vernis(os.environ["VERNIS_URL"], visit.token) as visitor:
    agreed = ConsentRequest(text_version="2026-11", purposes=["try_on"], signature="tapped")
    consent = visitor.give_consent(agreed)
    taken = visitor.upload_photo(photo.read_bytes(), consent.id)
    looks = [LookChoice(designs=["des_polish_lacquer_red"])]
    tryon = visitor.create_tryon(TryOnRequest(photo_id=taken.id, looks=looks), wait=10)
    for _event in visitor.follow_tryon(tryon.id):
        tryon = visitor.get_tryon(tryon.id)
    look.write_bytes(visitor.fetch(tryon.renders[0].pictures["full"]))

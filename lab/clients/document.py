"""Writes clients/openapi.json, the contract as a file: `python -m lab.clients.document`."""

from __future__ import annotations

import msgspec

from api.app import create_app
from api.openapi import document
from kit.settings import ROOT, Settings

FILE = ROOT / "clients" / "openapi.json"


def text() -> str:
    """The document of the API as it is now."""
    made = msgspec.json.encode(document(create_app(Settings(secret="x" * 32))))
    return msgspec.json.format(made, indent=1).decode() + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")

"""The floor under `vernis bench api`: the same server and framework with one route that does nothing.

`python -m benchmarks.floor --socket FD --parent PID`
"""

from __future__ import annotations

import argparse
import os
import socket

import uvicorn
from litestar import Litestar, get
from msgspec import Struct

from api.server import serving
from kit.lifeline import die_with_parent
from kit.settings import read

WORDS = "x" * 400


class Nothing(Struct, frozen=True):
    """About as many bytes as a try-on that waits."""

    words: str


@get("/nothing")
async def nothing() -> Nothing:
    """No credential, no limit, no database."""
    return Nothing(WORDS)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    given = parser.parse_args()
    die_with_parent(parent=given.parent)
    app = Litestar([nothing], openapi_config=None, logging_config=None)
    uvicorn.Server(serving(app, read(os.environ))).run([socket.socket(fileno=given.socket)])


if __name__ == "__main__":
    main()

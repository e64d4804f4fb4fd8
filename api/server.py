"""How HTTP is served in production: by uvicorn, on uvloop and httptools."""

from __future__ import annotations

import gc

import uvicorn
from litestar import Litestar

from kit.settings import Settings

GARBAGE = 20_000
"""New objects between two collections. Python's 700 are made by a single request."""


def serving(app: Litestar, settings: Settings) -> uvicorn.Config:
    """The server's settings; what the process holds by now lives as long as it, and is collected no more."""
    gc.freeze()
    gc.set_threshold(GARBAGE)
    return uvicorn.Config(
        app,
        host=settings.api.host,
        port=settings.api.port,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=75,  # longer than the minute that balancers keep a connection
        timeout_graceful_shutdown=30,
        ws="none",
    )

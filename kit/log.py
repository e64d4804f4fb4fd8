"""JSON logs on stderr with the request, job and business they belong to.

Ids only: no names, addresses, texts or bodies.
"""

from __future__ import annotations

import logging
import sys
from typing import cast

import msgspec
import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars
from structlog.typing import FilteringBoundLogger, Processor

__all__ = ["bind_contextvars", "bound_contextvars", "clear_contextvars", "configure", "get_logger"]

_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
)


def configure(level: str, process: str) -> None:
    """Send our logs and those of libraries to stderr, one JSON object a line; `process` names the emitter.

    Our own go there directly; the way through `logging` would cost each request as much as a look into the database.
    """

    def name_process(
        _logger: object, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        event["process"] = process
        return event

    shared = [*_SHARED, name_process]
    render = structlog.processors.JSONRenderer(_json)
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                render,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for chatty in ("uvicorn.access", "botocore", "boto3", "urllib3", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _json(event: structlog.typing.EventDict, **_: object) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()


def get_logger(name: str) -> FilteringBoundLogger:
    """A structured logger for one module."""
    return cast(FilteringBoundLogger, structlog.get_logger(name))

"""The page of figures that Prometheus reads: of this process, or of all that gather theirs in one folder.

Processes gather when PROMETHEUS_MULTIPROC_DIR names a folder before `prometheus_client` is imported; the command line
sets it from the setting VERNIS_METRICS__FOLDER. What dead processes counted stays; their gauges are dropped.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psutil
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Metric,
    generate_latest,
    start_http_server,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from kit.settings import Metrics, Settings

__all__ = ["CONTENT_TYPE_LATEST", "gathering", "page", "shown"]


class Gathered(Collector):
    """The figures of every process that writes into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        """Add them up; of gauges only those of the living."""
        for file in self._folder.glob("gauge_live*.db"):
            if not psutil.pid_exists(int(file.stem.rpartition("_")[2])):
                file.unlink(missing_ok=True)
        metrics: Iterable[Metric] = MultiProcessCollector(None, str(self._folder)).collect()  # type: ignore[no-untyped-call]
        return metrics


def page(settings: Metrics) -> bytes:
    """The figures in Prometheus' text format."""
    return generate_latest(_registry(settings))


@contextmanager
def shown(settings: Metrics) -> Iterator[None]:
    """Show the figures on the port that the settings name, if any, from a thread of their own."""
    if not settings.port:
        yield
        return
    server, thread = start_http_server(settings.port, settings.host, _registry(settings))
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def gathering(settings: Settings) -> Iterator[Settings]:
    """Settings that name a folder for the figures of several processes: the given one, or one for this block."""
    if settings.metrics.folder:
        yield settings
        return
    with tempfile.TemporaryDirectory(prefix="vernis-metrics-", ignore_cleanup_errors=True) as folder:
        metrics = msgspec.structs.replace(settings.metrics, folder=folder)
        yield msgspec.structs.replace(settings, metrics=metrics)


def _registry(settings: Metrics) -> CollectorRegistry:
    if not settings.folder:
        return REGISTRY
    registry = CollectorRegistry()
    registry.register(Gathered(Path(settings.folder)))
    return registry

"""What a person sees of the services' logs: one calm line for each event, everything in the log file."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.markup import escape

_LOUD = {"warning": "yellow", "error": "red", "critical": "red"}
_FIELDS_HIDDEN = {
    "event",
    "level",
    "timestamp",
    "process",
    "request_id",
    "job_id",
    "business_id",
    "kind",
    "exception",
}
_MAX_LOG_BYTES = 50 * 1024**2


class LogView:
    """Writes every line to `<data>/logs/vernis.log` and shows requests, warnings and errors. Thread-safe."""

    def __init__(self, console: Console, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "vernis.log"
        self._console = console
        self._lock = threading.Lock()
        self._file = self._open()

    def __call__(self, service: str, line: str) -> None:
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()
            shown = _readable(line)
            if shown is not None:
                self._console.print(f"[dim]{service:>10}[/dim]  {shown}", highlight=False, soft_wrap=True)

    def _open(self) -> IO[str]:
        """Append; a file that has grown large is set aside once."""
        if self.path.exists() and self.path.stat().st_size > _MAX_LOG_BYTES:
            self.path.replace(self.path.with_suffix(".log.1"))
        return self.path.open("a", encoding="utf-8")


def _readable(line: str) -> str | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return f"[dim]{escape(line)}[/dim]" if line.startswith(("Traceback", "ended")) else None
    if not isinstance(entry, dict):
        return None
    colour = _LOUD.get(entry.get("level", ""))
    if entry.get("event") == "request" and not str(entry.get("route")).startswith("/health"):
        return (
            f"{entry['method']} {escape(str(entry['route']))} {entry['status']} [dim]{entry['ms']} ms[/dim]"
        )
    if colour is None:
        return None
    facts = " ".join(f"{key}={value}" for key, value in entry.items() if key not in _FIELDS_HIDDEN)
    return f"[{colour}]{escape(str(entry.get('event')))}[/{colour}] [dim]{escape(facts)}[/dim]"

"""Real PostgreSQL with pgvector and real Redis from Python wheels, on unix sockets only."""

from __future__ import annotations

from kit.embedded.claim import discard
from kit.embedded.client import Engines, Lease, connect, engines
from kit.embedded.folders import EngineFailed

__all__ = ["EngineFailed", "Engines", "Lease", "connect", "discard", "engines"]

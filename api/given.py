"""What handlers are given by name; api/app.py says where each comes from."""

from __future__ import annotations

from litestar.di import NamedDependency

from kit.db.glance import Glance
from kit.db.unit import Unit
from kit.runtime import Runtime
from modules.accounts.caller import Caller

GivenUnit = NamedDependency[Unit]
GivenGlance = NamedDependency[Glance]
GivenCaller = NamedDependency[Caller]
GivenRuntime = NamedDependency[Runtime]
GivenAddress = NamedDependency[str]

"""Actors that render try-ons and let them go."""

from __future__ import annotations

import dramatiq

from kit.db.unit import Unit
from kit.log import get_logger
from kit.news import News, tell
from kit.outbox.claim import Job
from kit.outbox.run import give_up_or_retry, held, run
from kit.runtime import Runtime, attached
from models.pipeline import Studio
from modules.tryon import keys, service, store
from modules.tryon.jobs import DeleteTryOnObjects, EraseTryOnsOfPhoto, ExpireTryOn, GiveUpTryOn, RenderTryOn
from modules.tryon.states import Status

"""What a worker process imports: `dramatiq workers.broker`. Holds the one list of tasks.

The process reads its settings and its queue from the environment that `vernis worker` hands it.
"""

from __future__ import annotations

import os

import dramatiq
from dramatiq.middleware import AsyncIO

from kit import settings
from kit.outbox.queues import GPU
from workers.middleware import Standing
from workers.transport import make_broker

QUEUE_VARIABLE = "DRAMATIQ_VERNIS_QUEUE"

_settings = settings.read(os.environ)
_queue = os.environ.get(QUEUE_VARIABLE, GPU)

broker = make_broker(_settings.redis.url or "redis://", [AsyncIO()])
dramatiq.set_broker(broker)

from modules.analysis import tasks as analysis  # noqa: E402  (actors register with the broker that is set)
from modules.booking import tasks as booking  # noqa: E402
from modules.catalog import tasks as catalog  # noqa: E402
from modules.exchange import tasks as exchange  # noqa: E402
from modules.messaging import tasks as messaging  # noqa: E402
from modules.outcomes import tasks as outcomes  # noqa: E402
from modules.photos import tasks as photos  # noqa: E402
from modules.privacy import tasks as privacy  # noqa: E402
from modules.share import tasks as share  # noqa: E402
from modules.tryon import tasks as tryon  # noqa: E402
from modules.webhooks import tasks as webhooks  # noqa: E402

TASKS = (
    analysis.analyse_photo,
    analysis.give_up_analysis,
    analysis.forget_analysis_of_photo,
    catalog.draw_previews,
    exchange.run_import,
    exchange.give_up_import,
    exchange.expire_import,
    photos.delete_photo_objects,
    photos.empty_upload,
    photos.erase_photos_of_consent,
    photos.expire_photo,
    tryon.render_tryon,
    tryon.give_up_tryon,
    tryon.delete_tryon_objects,
    tryon.erase_tryons_of_photo,
    tryon.expire_tryon,
    tryon.remember_tried_designs,
    tryon.follow_withdrawal,
    booking.lapse_hold,
    booking.offer_freed_time,
    booking.end_waiting,
    booking.forget_contact,
    outcomes.compare_outcome,
    outcomes.give_up_outcome,
    outcomes.delete_outcome_objects,
    outcomes.expire_outcome_picture,
    outcomes.erase_outcomes_of_photo,
    outcomes.erase_outcomes_of_consent,
    share.make_share_clip,
    share.give_up_clip,
    share.expire_share,
    share.forget_share,
    share.delete_share_objects,
    share.count_booking,
    share.end_shares_of_consent,
    share.end_shares_of_photo,
    share.end_shares_of_tryon,
    privacy.erase_person,
    privacy.resume_erasure,
    privacy.make_export,
    privacy.give_up_export,
    privacy.expire_export,
    privacy.see_guest_off,
    privacy.erase_guest,
    messaging.send_message,
    messaging.count_lost_message,
    messaging.write_invitation,
    messaging.write_password_reset,
    webhooks.announce_event,
    webhooks.deliver_webhook,
    webhooks.count_lost_attempt,
    webhooks.replay_webhooks,
)


def _nothing() -> None:
    """The cpu queue needs no models."""


broker.add_middleware(
    Standing(_settings, _queue, warm=tryon.warm if _queue == GPU else _nothing, forget=tryon.forget_photo)
)

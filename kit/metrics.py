"""Every metric that Vernis counts, in one list (Prometheus). docs/metrics.md is written from it.

Labels come from our own code (a route's template, a job's kind, a state) and never carry ids, names or addresses, so
that their number is bounded. Gauges say how the figures of several processes on one page become one.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_HTTP = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_WORK = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 3, 5, 10, 30, 60, 300)
_STEP = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)

# HTTP (api)
REQUESTS = Counter("vernis_http_requests_total", "HTTP requests answered.", ("method", "route", "status"))
REQUEST_SECONDS = Histogram(
    "vernis_http_request_seconds", "Time to answer an HTTP request.", ("method", "route"), buckets=_HTTP
)
IN_FLIGHT = Gauge("vernis_http_in_flight", "HTTP requests in hand.", multiprocess_mode="livesum")
STREAMS = Gauge("vernis_streams_open", "Event streams that are followed.", multiprocess_mode="livesum")

# Limits, admission and repeats (api)
LIMITS_REFUSED = Counter(
    "vernis_limits_refused_total",
    "Requests refused by a rate limit, by the limit that was full.",
    ("policy",),
)
LIMITS_UNCHECKED = Counter(
    "vernis_limits_unchecked_total", "Requests admitted without counting, because Redis was away."
)
ADMISSION_REFUSED = Counter(
    "vernis_admission_refused_total", "Requests refused before any work, by what was full.", ("room",)
)
IDEMPOTENCY = Counter(
    "vernis_idempotency_total", "Requests with an Idempotency-Key, by how the key was met.", ("met",)
)

# Photos (api)
PHOTOS = Counter(
    "vernis_photos_total", "Photos by outcome: accepted, or the code of the refusal.", ("outcome",)
)
SMALLER_PICTURES = Counter(
    "vernis_smaller_pictures_total", "Results asked for in a smaller size: made, or found.", ("outcome",)
)
DECODE_SECONDS = Histogram(
    "vernis_decode_seconds", "Time to verify a photo, with the wait for a decoder.", buckets=_STEP
)
DECODERS_BUSY = Gauge("vernis_decoders_busy", "Decoding children with a photo.", multiprocess_mode="livesum")
DECODE_WAITING = Gauge(
    "vernis_decode_waiting", "Photos that wait for a decoding child.", multiprocess_mode="livesum"
)
DECODERS_REPLACED = Counter(
    "vernis_decoders_replaced_total", "Decoding children that were ended: worn, too slow or crashed."
)

# Try-ons (api, workers)
TRYONS = Counter("vernis_tryons_requested_total", "Try-ons requested.")
TRYONS_ENDED = Counter("vernis_tryons_ended_total", "Try-ons ended, by status.", ("status",))
TRYON_SECONDS = Histogram(
    "vernis_tryon_seconds", "Time from the request of a try-on to its end.", ("status",), buckets=_WORK
)
STEP_SECONDS = Histogram(
    "vernis_pipeline_step_seconds", "Time of one step of the picture pipeline.", ("step",), buckets=_STEP
)

# Shares (api, workers)
SHARES = Counter("vernis_shares_total", "Looks that customers shared.")
SHARES_FOLLOWED = Counter(
    "vernis_shares_followed_total",
    "What people did with shared links: opened, slid, tried, booked.",
    ("outcome",),
)
SHARE_CARDS = Counter(
    "vernis_share_cards_total", "Cards of shared looks asked for: made, or found.", ("outcome",)
)
SHARE_CLIPS = Counter(
    "vernis_share_clips_total", "Clips of shared looks ended: mp4, webp or failed.", ("outcome",)
)

# Jobs and events, as Postgres has them (api, at each scrape: the same on every process, so take the max)
QUEUE_AGE = Gauge(
    "vernis_queue_age_seconds", "Age of the oldest job that waits.", ("queue",), multiprocess_mode="livemax"
)
QUEUE_DEPTH = Gauge("vernis_queue_depth", "Jobs that wait.", ("queue",), multiprocess_mode="livemax")
JOB_AGE = Gauge(
    "vernis_job_age_seconds",
    "Age of the oldest job of a kind that waits.",
    ("kind",),
    multiprocess_mode="livemax",
)
RELAY_LAG = Gauge(
    "vernis_relay_lag_seconds",
    "How long the job that is due longest has not been sent to its queue.",
    multiprocess_mode="livemax",
)
OUTBOX_EVENTS = Gauge(
    "vernis_outbox_events", "Events that the relay has not turned into jobs.", multiprocess_mode="livemax"
)
OUTBOX_AGE = Gauge(
    "vernis_outbox_age_seconds", "Age of the oldest of these events.", multiprocess_mode="livemax"
)
WORKERS_ALIVE = Gauge(
    "vernis_workers_alive",
    "Worker processes heard in the last quarter of a minute.",
    ("queue",),
    multiprocess_mode="livemax",
)

# Jobs as they are carried out (relay, workers)
JOBS_DISPATCHED = Counter("vernis_jobs_dispatched_total", "Jobs that the relay sent to a queue.", ("queue",))
JOBS_REAPED = Counter("vernis_jobs_reaped_total", "Jobs taken from a worker whose lease ran out.", ("queue",))
JOBS_CLAIMED = Counter("vernis_jobs_claimed_total", "Jobs that a worker began: attempts.", ("kind",))
JOBS_ENDED = Counter(
    "vernis_jobs_ended_total",
    "Attempts ended, by outcome: done, retried, failed for good, fenced off, or dead with its last worker.",
    ("kind", "outcome"),
)
JOB_SECONDS = Histogram(
    "vernis_job_seconds", "Time of one attempt, from claim to end.", ("kind",), buckets=_WORK
)
RELAY_PASSED = Gauge(
    "vernis_relay_passed_timestamp_seconds",
    "When the relay last looked for due jobs.",
    multiprocess_mode="livemax",
)
RELAY_STUMBLES = Counter(
    "vernis_relay_stumbles_total", "Loops of the relay that an error ended and that began again.", ("loop",)
)

# Workers
WARM_SECONDS = Gauge(
    "vernis_worker_warm_seconds",
    "Time to load and warm the models before the first job.",
    ("queue",),
    multiprocess_mode="livemax",
)
HEARTBEATS_MISSED = Counter(
    "vernis_heartbeats_missed_total", "Heartbeats of workers that could not be written.", ("queue",)
)

# What every process stands on
DEPENDENCY_UP = Gauge(
    "vernis_dependency_up",
    "Whether database, redis and storage answered at this scrape (api).",
    ("dependency",),
    multiprocess_mode="livemin",
)
DEPENDENCY_SECONDS = Gauge(
    "vernis_dependency_seconds",
    "How long they took to answer at this scrape (api).",
    ("dependency",),
    multiprocess_mode="livemax",
)
DB_CONNECTIONS = Gauge(
    "vernis_db_connections_in_use", "Pooled connections in hand.", ("role",), multiprocess_mode="livesum"
)
DB_WAIT_SECONDS = Histogram(
    "vernis_db_wait_seconds", "Time to get a connection from the pool.", ("role",), buckets=_FAST
)
DB_AWAY = Counter("vernis_db_away_total", "Statements and connections that met no Postgres.")
STORAGE_SECONDS = Histogram(
    "vernis_storage_seconds", "Time of one operation of the object store.", ("operation",), buckets=_FAST
)
STORAGE_ERRORS = Counter(
    "vernis_storage_errors_total",
    "Operations of the object store that failed; a missing object is none.",
    ("operation", "error"),
)
REDIS_ERRORS = Counter(
    "vernis_redis_errors_total", "Calls of Redis that failed, by what they were for.", ("use",)
)

# Webhooks (workers)
WEBHOOK_ATTEMPTS = Counter(
    "vernis_webhook_attempts_total", "Attempts to deliver a webhook: arrived or failed.", ("outcome",)
)
WEBHOOK_SECONDS = Histogram("vernis_webhook_seconds", "Time that a receiver of webhooks took.", buckets=_WORK)
WEBHOOKS_ENDED = Counter(
    "vernis_webhooks_ended_total", "Deliveries ended: delivered, or failed after all attempts.", ("state",)
)
WEBHOOKS_DISABLED = Counter(
    "vernis_webhooks_disabled_total", "Endpoints given up: gone (410), or failing for days.", ("reason",)
)

# Messages (workers)
MESSAGE_ATTEMPTS = Counter(
    "vernis_message_attempts_total",
    "Attempts to hand a message to the mail server: accepted, temporary, permanent or unknown.",
    ("verdict",),
)
MESSAGE_SECONDS = Histogram("vernis_message_seconds", "Time that the mail server took.", buckets=_WORK)
MESSAGES_ENDED = Counter(
    "vernis_messages_ended_total",
    "Messages ended: sent, failed, suppressed, expired or cancelled.",
    ("state",),
)

# Records (every process)
REQUEST_ROWS_LOST = Counter(
    "vernis_request_log_lost_total", "Rows of the request log that were dropped: too many, or no database."
)
AUDIT_ENTRIES = Counter(
    "vernis_audit_entries_total", "Entries of the audit log, by action; erasures are among them.", ("action",)
)
AUDIT_CHAINS = Counter(
    "vernis_audit_chains_checked_total", "Audit chains recomputed: whole or broken.", ("verdict",)
)

# What happens by the clock (scheduler)
CHORES = Counter("vernis_chores_total", "Chores carried out: done or failed.", ("chore", "outcome"))
CHORE_DONE = Gauge(
    "vernis_chore_done_timestamp_seconds",
    "When a chore was last done.",
    ("chore",),
    multiprocess_mode="livemax",
)
ERASURES = Counter(
    "vernis_erasures_total", "Erasures of persons: done, or stumbled and tried again.", ("outcome",)
)
OBJECTS_SWEPT = Counter("vernis_objects_swept_total", "Stored objects that nothing named any more, deleted.")

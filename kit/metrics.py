"""Every metric that Vernis counts, in one list (Prometheus). Labels never carry ids."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("vernis_http_requests_total", "HTTP requests answered.", ("method", "route", "status"))
REQUEST_SECONDS = Histogram(
    "vernis_http_request_seconds", "Time to answer an HTTP request.", ("method", "route")
)
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
PHOTOS = Counter(
    "vernis_photos_total", "Uploaded photos by outcome: accepted, or the code of the refusal.", ("outcome",)
)
TRYONS = Counter("vernis_tryons_requested_total", "Try-ons requested.")
TRYONS_ENDED = Counter("vernis_tryons_ended_total", "Try-ons ended, by status.", ("status",))
JOBS_DISPATCHED = Counter("vernis_jobs_dispatched_total", "Jobs that the relay sent to a queue.", ("queue",))
JOBS_REAPED = Counter("vernis_jobs_reaped_total", "Jobs taken from a worker whose lease ran out.", ("queue",))
JOBS_ENDED = Counter("vernis_jobs_ended_total", "Jobs ended, by outcome.", ("kind", "outcome"))
QUEUE_AGE = Gauge("vernis_queue_age_seconds", "Age of the oldest job that waits.", ("queue",))
QUEUE_DEPTH = Gauge("vernis_queue_depth", "Jobs that wait.", ("queue",))
STEP_SECONDS = Histogram(
    "vernis_pipeline_step_seconds",
    "Time of one step of the picture pipeline.",
    ("step",),
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
ERASURES = Counter(
    "vernis_erasures_total", "Erasures of persons: done, or stumbled and tried again.", ("outcome",)
)
WEBHOOK_ATTEMPTS = Counter(
    "vernis_webhook_attempts_total", "Attempts to deliver a webhook: arrived or failed.", ("outcome",)
)
WEBHOOK_SECONDS = Histogram("vernis_webhook_seconds", "Time that a receiver of webhooks took.")
REQUEST_ROWS_LOST = Counter(
    "vernis_request_log_lost_total", "Rows of the request log that were dropped: too many, or no database."
)

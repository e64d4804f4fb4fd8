"""Everything that can be set: nested frozen structs with their defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

ROOT = Path(__file__).resolve().parents[2]

Seconds = Annotated[float, Meta(gt=0)]
Count = Annotated[int, Meta(ge=1)]


class Database(Struct, frozen=True):
    """Postgres. Empty URLs mean the embedded engine."""

    url: str = ""
    """SQLAlchemy URL of the role vernis_app."""
    system_url: str = ""
    """SQLAlchemy URL of the role vernis_system (jobs, outbox, heartbeats)."""
    owner_url: str = ""
    """SQLAlchemy URL of the role vernis_owner; only `vernis migrate` uses it."""
    admin_url: str = ""
    """SQLAlchemy URL of a superuser; only `vernis migrate` uses it, to create the three roles once."""
    pool_size: Count = 10
    """Connections that one process keeps for each role."""


class Redis(Struct, frozen=True):
    """Redis: the message queue and the lossy news. An empty URL means the embedded engine."""

    url: str = ""
    """redis://, rediss:// or unix:// URL."""


class Storage(Struct, frozen=True):
    """Where photos and results lie: a local folder, or S3 when a bucket is named."""

    bucket: str = ""
    """S3 bucket; empty means the folder `objects` in the data folder."""
    endpoint_url: str = ""
    """Endpoint of an S3-compatible store; empty means AWS."""
    public_endpoint_url: str = ""
    """The endpoint's name for browsers, where that differs."""
    region: str = "us-east-1"
    """Region of the bucket."""
    access_key_id: str = ""
    """Access key; empty means the machine's own role."""
    secret_access_key: str = ""
    """Secret of the access key."""
    path_style: bool = False
    """Address buckets by path instead of by host name."""
    encryption: Literal["AES256", "aws:kms"] | None = None
    """Server-side encryption to ask for; unset leaves it to the bucket's own rule."""


class Uploads(Struct, frozen=True):
    """The upload gate: its decoding children, and how many uploads one API process takes at a time."""

    decoders: Count = 2
    """Decoding child processes of one API process."""
    in_flight: Count = 32
    """Uploads that one API process receives and verifies at a time; each may hold 20 MB."""
    in_flight_per_business: Count = 16
    """Of these, uploads of one business."""
    body_s: Seconds = 60
    """Time that an upload's body may take to arrive."""
    open_per_customer: Count = 10
    """Forms for uploads straight into the store that a customer may hold without having completed them."""


class Workers(Struct, frozen=True):
    """Worker processes and their jobs."""

    gpu_processes: Count = 1
    """Processes on the `gpu` queue (renders) that `vernis up` starts."""
    cpu_processes: Count = 1
    """Processes on the `cpu` queue (erasure, sweeps) that `vernis up` starts."""
    lease_s: Seconds = 15
    """A claimed job that is not renewed for this long is given to another worker."""
    max_attempts: Count = 3
    """Deliveries of one job before it is failed for good."""
    render_timeout_s: Seconds = 60
    """A render that takes longer fails."""
    drain_s: Seconds = 30
    """Time that a worker may take to finish its job after SIGTERM."""


class Queue(Struct, frozen=True):
    """When the render queue is full: what would wait too long is refused at once."""

    depth: Count = 1000
    """Renders that may wait, of all businesses together."""
    depth_per_business: Count = 200
    """Renders of one business that may wait."""
    wait_s: Seconds = 0.1
    """As many renders may wait as are done in this time at the pace of late, of one business half; one always."""
    age_s: Seconds = 30
    """While the oldest waiting render is older than this, no more are taken."""


class Limits(Struct, frozen=True):
    """Requests in any minute; more are refused with 429."""

    address_per_minute: Count = 3000
    """From one address (IPv6: one /64), whoever calls."""
    key_per_minute: Count = 3000
    """With one server key."""
    person_per_minute: Count = 600
    """By any other caller: a visitor, a kiosk, a member of staff."""
    business_per_minute: Count = 12000
    """By all callers of a business together."""
    public_address_per_minute: Count = 60
    """Visitors that web pages open from one address; a salon's guests may share one."""
    public_id_per_minute: Count = 600
    """Visitors that web pages open for one business."""


class Idempotency(Struct, frozen=True):
    """Idempotency-Key: how long a request holds its key, and how long its answer is kept."""

    lease_s: Seconds = 30
    """A request that died gives its key up after this long. A slower one is fenced off, never doubled."""
    keep_hours: Annotated[int, Meta(ge=24)] = 24
    """Keys and stored answers are kept this long."""


class Webhooks(Struct, frozen=True):
    """Messages to the servers of businesses."""

    allow_private: bool = False
    """Send also by plain http and to private addresses: for tests on one machine, never in production."""
    timeout_s: Seconds = 10
    """Time that a receiver may take to answer."""


class Mail(Struct, frozen=True):
    """The server that takes letters to customers and staff. Without one none are sent, and the log says so."""

    host: str = ""
    """Host name of the mail server; empty means that there is none."""
    port: Annotated[int, Meta(ge=1, le=65535)] = 587
    """Port of the mail server; by custom 587 for starttls and 465 for tls."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is secured; `none` also sends no password, and is for a server on the same machine."""
    ca_file: str = ""
    """File of the authority that vouches for the server; empty means the public ones."""
    username: str = ""
    """Name to sign in with; empty means without."""
    password: str = ""
    """Password to sign in with."""
    sender: str = ""
    """Address that all letters come from; the salon's name stands beside it, and answers go to the salon."""
    timeout_s: Seconds = 30
    """Time that the server may take for each of its answers."""
    console_url: str = ""
    """Page where staff accept invitations and set passwords; the token follows `#`. Empty: they get no letters."""


class Retention(Struct, frozen=True):
    """How long things are kept."""

    photo_hours: Count = 24
    """Original photo and its Scan."""
    render_days: Count = 30
    """Rendered results."""
    export_hours: Count = 24
    """Archives of what is kept of a person."""
    message_days: Annotated[int, Meta(ge=60)] = 90
    """The log of messages: to whom, when and how it went; the words are forgotten once a message has ended."""
    contact_days: Count = 30
    """Name, address and note of an appointment, counted from its end."""


class Api(Struct, frozen=True):
    """The HTTP service."""

    host: str = "127.0.0.1"
    """Address that `vernis up` and `vernis api` listen on."""
    port: Annotated[int, Meta(ge=0, le=65535)] = 8400
    """Port that they listen on."""
    public_url: str = ""
    """Origin that customers see; empty means http://host:port."""
    leave_s: Annotated[float, Meta(ge=0)] = 0
    """Time for which it still serves after SIGTERM while it says that it is not ready, for balancers to notice."""
    trusted_proxies: str = ""
    """Addresses and networks, with commas, whose X-Forwarded-For is believed; empty means nobody's."""


class Metrics(Struct, frozen=True):
    """Figures for Prometheus. The API shows its own under /metrics."""

    host: str = "127.0.0.1"
    """Address on which relay, scheduler and workers show theirs."""
    port: Annotated[int, Meta(ge=0, le=65535)] = 0
    """Port on which they do; 0 means nowhere."""
    folder: str = ""
    """Folder in which the processes of one machine gather them all, for one page; `vernis up` makes one."""


class Log(Struct, frozen=True):
    """Logs: one JSON object a line on stderr."""

    level: str = "info"
    """debug, info, warning or error."""


class Settings(Struct, frozen=True, kw_only=True):
    """Everything that can be set."""

    data_dir: str = ""
    """Folder for the embedded engines and the local store; empty means `.vernis` in the checkout."""
    secret: str = ""
    """Signs links. Empty means a random one kept in the data folder; several machines must share one."""
    database: Database = Database()
    redis: Redis = Redis()
    storage: Storage = Storage()
    uploads: Uploads = Uploads()
    workers: Workers = Workers()
    queue: Queue = Queue()
    limits: Limits = Limits()
    idempotency: Idempotency = Idempotency()
    webhooks: Webhooks = Webhooks()
    mail: Mail = Mail()
    retention: Retention = Retention()
    api: Api = Api()
    metrics: Metrics = Metrics()
    log: Log = Log()

    @property
    def data_path(self) -> Path:
        """The data folder, absolute."""
        return Path(self.data_dir or ROOT / ".vernis").expanduser().absolute()

    @property
    def public_url(self) -> str:
        """The origin that signed links start with, without a trailing slash."""
        return (self.api.public_url or f"http://{self.api.host}:{self.api.port}").rstrip("/")

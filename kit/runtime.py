"""What a running process stands on: database, storage, Redis and its settings."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff

from kit.db.engine import Database
from kit.embedded import engines
from kit.settings import Settings
from kit.storage import LocalStorage, Storage


@dataclass(frozen=True, slots=True)
class Runtime:
    """The open connections of one process. leaving: set when it is to end, and to begin nothing that lasts."""

    settings: Settings
    db: Database
    storage: Storage
    redis: Redis
    leaving: asyncio.Event = field(default_factory=asyncio.Event)


@contextmanager
def furnished(settings: Settings) -> Iterator[Settings]:
    """Fill in what was left empty: start the embedded engines where no URL is given, and make the signing secret."""
    settings = msgspec.structs.replace(settings, secret=settings.secret or _kept_secret(settings.data_path))
    if settings.database.url and settings.redis.url:
        yield settings
        return
    with engines(settings.data_path) as running:
        database = settings.database
        if not database.url:
            database = msgspec.structs.replace(
                database,
                url=running.postgres_url("vernis_app"),
                system_url=running.postgres_url("vernis_system"),
                owner_url=running.postgres_url("vernis_owner"),
                admin_url=running.postgres_url("vernis_admin"),
            )
        redis = (
            settings.redis
            if settings.redis.url
            else msgspec.structs.replace(settings.redis, url=running.redis_url)
        )
        yield msgspec.structs.replace(settings, database=database, redis=redis)


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Runtime]:
    """Open the connections that furnished settings name; refuses roles that could bypass row-level security."""
    db = Database(settings.database.url, settings.database.system_url, pool_size=settings.database.pool_size)
    redis = Redis.from_url(
        settings.redis.url,
        socket_timeout=10,
        socket_connect_timeout=2,
        health_check_interval=15,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), retries=3),
    )
    try:
        await db.refuse_unsafe_roles()
        yield Runtime(settings, db, storage_of(settings), redis)
    finally:
        await redis.aclose()
        await db.close()


_attached: Runtime | None = None


def attach(runtime: Runtime | None) -> None:
    """Give this worker process its connections, which its actors then find (None takes them away)."""
    global _attached
    _attached = runtime


def attached() -> Runtime:
    """The connections of this worker process."""
    if _attached is None:
        raise LookupError("this process has no runtime attached")
    return _attached


def storage_of(settings: Settings) -> Storage:
    """S3 when a bucket is named, else the folder `objects` in the data folder."""
    if settings.storage.bucket:
        from kit.storage import S3Settings, S3Storage  # boto3 takes a while to import

        chosen = settings.storage
        return S3Storage(
            S3Settings(
                bucket=chosen.bucket,
                region=chosen.region,
                endpoint=chosen.endpoint_url or None,
                public_endpoint=chosen.public_endpoint_url or None,
                access_key=chosen.access_key_id or None,
                secret_key=chosen.secret_access_key or None,
                path_style=chosen.path_style,
                encryption=chosen.encryption,
            )
        )
    return LocalStorage(settings.data_path / "objects", settings.public_url, settings.secret.encode())


def _kept_secret(data_path: Path) -> str:
    """The secret in the data folder, made by whoever comes first."""
    path = data_path / "secret"
    data_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text()

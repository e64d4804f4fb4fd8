"""Objects in a bucket of S3, or of anything that speaks its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
)

from kit.storage.disposition import attachment
from kit.storage.errors import ObjectMissing, StorageAway, StorageRefused
from kit.storage.form import Form
from kit.storage.measured import measured
from kit.storage.store import Stored, check_key, check_prefix, seconds

T = TypeVar("T")

_RETRY_AFTER = 5  # seconds
_MISSING = {"NoSuchKey", "404", "NotFound"}
_BATCH = 1_000  # keys in one listing or DeleteObjects: S3 takes no more


@dataclass(frozen=True, slots=True)
class S3Settings:
    """Where the bucket is. Without keys boto3's own chain is asked (environment, profile, role).

    endpoint: of MinIO and others, None for AWS; public_endpoint: its name for browsers, where that differs;
    encryption: what the server is asked to encrypt with, None for the bucket's own rule.
    """

    bucket: str
    region: str = "us-east-1"
    endpoint: str | None = None
    public_endpoint: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    path_style: bool = False
    encryption: str | None = None
    connect_timeout: float = 3.0  # seconds
    read_timeout: float = 20.0  # seconds
    attempts: int = 3  # of one call
    page_size: int = _BATCH  # keys of a listing fetched at once


class S3Storage:
    """Storage in one bucket; boto3 runs in threads."""

    def __init__(self, settings: S3Settings) -> None:
        self._bucket = settings.bucket
        self._page_size = settings.page_size
        self._client = _client(settings, settings.endpoint)
        public = settings.public_endpoint
        self._signer = _client(settings, public) if public else self._client
        self._encryption = {"ServerSideEncryption": settings.encryption} if settings.encryption else {}

    @measured
    async def put(self, key: str, data: bytes, media_type: str) -> None:
        at = self._at(key)
        await _run(
            lambda: self._client.put_object(**at, Body=data, ContentType=media_type, **self._encryption)
        )

    @measured
    async def get(self, key: str) -> bytes:
        at = self._at(key)
        data: bytes = await _run(lambda: self._client.get_object(**at)["Body"].read())
        return data

    @measured
    async def stat(self, key: str) -> Stored:
        at = self._at(key)
        head = await _run(lambda: self._client.head_object(**at))
        return Stored(key, head["ContentLength"], head["LastModified"].astimezone(UTC))

    @measured
    async def delete(self, key: str) -> None:
        at = self._at(key)
        await _run(lambda: self._client.delete_object(**at))

    @measured
    async def delete_prefix(self, prefix: str) -> None:
        batch: list[str] = []
        async for stored in self.list(check_prefix(prefix)):
            batch.append(stored.key)
            if len(batch) == _BATCH:
                await self._delete_batch(batch)
                batch = []
        if batch:
            await self._delete_batch(batch)

    async def list(self, prefix: str) -> AsyncIterator[Stored]:
        asked: dict[str, Any] = {"Bucket": self._bucket, "MaxKeys": self._page_size}
        asked["Prefix"] = check_prefix(prefix) if prefix else ""
        more = True
        while more:
            page = await _run(lambda: self._client.list_objects_v2(**asked))
            for entry in page.get("Contents", ()):
                yield Stored(entry["Key"], entry["Size"], entry["LastModified"].astimezone(UTC))
            more = page["IsTruncated"]
            asked["ContinuationToken"] = page.get("NextContinuationToken")

    async def url(self, key: str, *, expires_in: timedelta, download_name: str | None = None) -> str:
        asked = self._at(key)
        if download_name is not None:
            asked["ResponseContentDisposition"] = attachment(download_name)
        life = seconds(expires_in)
        signed: str = await _run(
            lambda: self._signer.generate_presigned_url("get_object", Params=asked, ExpiresIn=life)
        )
        return signed

    @measured
    async def form(self, key: str, *, media_type: str, most_bytes: int, expires_in: timedelta) -> Form:
        at, life = self._at(key), seconds(expires_in)
        fields = {"Content-Type": media_type}
        if self._encryption:
            fields["x-amz-server-side-encryption"] = self._encryption["ServerSideEncryption"]
        conditions: list[Any] = [{name: value} for name, value in fields.items()]
        conditions.append(["content-length-range", 1, most_bytes])
        signed = await _run(
            lambda: self._signer.generate_presigned_post(
                **at, Fields=fields, Conditions=conditions, ExpiresIn=life
            )
        )
        return Form(signed["url"], signed["fields"])

    @measured
    async def check(self) -> None:
        await _run(lambda: self._client.head_bucket(Bucket=self._bucket), missing=StorageRefused)

    def _at(self, key: str) -> dict[str, Any]:
        return {"Bucket": self._bucket, "Key": check_key(key)}

    async def _delete_batch(self, keys: Sequence[str]) -> None:
        asked = {"Objects": [{"Key": key} for key in keys], "Quiet": True}
        answer = await _run(lambda: self._client.delete_objects(Bucket=self._bucket, Delete=asked))
        if failed := answer.get("Errors"):
            raise StorageRefused(f"{len(failed)} objects were not deleted: {failed[0].get('Code')}")


def _client(settings: S3Settings, endpoint: str | None) -> Any:
    config = Config(
        signature_version="s3v4",
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        retries={"mode": "standard", "total_max_attempts": settings.attempts},
        s3={"addressing_style": "path" if settings.path_style else "auto"},
        request_checksum_calculation="when_required",  # others than AWS refuse the newer trailers
        response_checksum_validation="when_required",
    )
    return boto3.session.Session().client(
        "s3",
        region_name=settings.region,
        endpoint_url=endpoint,
        aws_access_key_id=settings.access_key,
        aws_secret_access_key=settings.secret_key,
        config=config,
    )


async def _run(call: Callable[[], T], missing: type[Exception] = ObjectMissing) -> T:
    """Run a boto3 call in a thread and speak our errors."""
    with _translated(missing):
        return await asyncio.to_thread(call)


@contextmanager
def _translated(missing: type[Exception]) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code"))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in _MISSING:
            raise missing from None
        if status >= 500 or status == 429 or code == "SlowDown":
            raise StorageAway(retry_after=_RETRY_AFTER) from error
        raise StorageRefused(f"the object store answered {code}") from error
    except (ConnectionError, HTTPClientError, IncompleteReadError) as error:
        raise StorageAway(retry_after=_RETRY_AFTER) from error
    except BotoCoreError as error:
        raise StorageRefused(f"the object store cannot be asked: {type(error).__name__}") from error

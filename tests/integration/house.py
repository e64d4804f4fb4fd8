"""The service over a folder or over a bucket, as a browser meets it."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import boto3
import httpx
import msgspec
from msgspec import Struct

from benchmarks.journey import Visitor
from kit.runtime import Runtime, attach, storage_of
from kit.settings import Storage as StorageSettings
from kit.storage import Storage
from tests.integration.callers import bearer
from tests.integration.conftest import Salon, another_api


@asynccontextmanager
async def attached(runtime: Runtime, **changes: Any) -> AsyncIterator[Runtime]:
    """This process as a worker."""
    here = dataclasses.replace(runtime, **changes)
    attach(here)
    yield here
    attach(None)


class House(Struct, frozen=True):
    """The service over one kind of store."""

    api: httpx.AsyncClient
    here: Runtime

    @property
    def storage(self) -> Storage:
        return self.here.storage

    async def begin(self, visitor: Visitor, media_type: str = "image/jpeg", **headers: str) -> httpx.Response:
        asked = {"consent_id": visitor.consent_id, "media_type": media_type}
        return await self.api.post("/v1/photos/uploads", json=asked, headers=bearer(visitor.token) | headers)

    async def post(self, upload: dict[str, Any], photo: bytes) -> httpx.Response:
        """The form as a browser sends it: to our own service, or to the bucket."""
        form: dict[str, Any] = {"data": upload["fields"], "files": {"file": ("photo", photo)}}
        if upload["url"].endswith("/v1/media"):
            return await self.api.post(upload["url"], **form)
        async with httpx.AsyncClient() as browser:
            return await browser.post(upload["url"], **form)

    async def complete(self, upload: dict[str, Any], token: str, **headers: str) -> httpx.Response:
        return await self.api.post(upload["links"]["complete"], headers=bearer(token) | headers)

    async def posted(self, visitor: Visitor, photo: bytes) -> dict[str, Any]:
        upload: dict[str, Any] = (await self.begin(visitor)).raise_for_status().json()
        assert (await self.post(upload, photo)).status_code == 204
        return upload

    async def show(self, url: str, **headers: str) -> httpx.Response:
        """What a browser gets that follows a picture's link without any credential."""
        if url.startswith(self.here.settings.public_url):
            return await self.api.get(url, headers=headers)
        async with httpx.AsyncClient() as browser:
            return await browser.get(url, headers=headers)

    async def keys(self, prefix: str) -> list[str]:
        return [stored.key async for stored in self.storage.list(prefix)]

    async def work(self, salon: Salon) -> None:
        """Have a worker do what the salon has to do, but for renders."""
        from tests.integration.working import Worker  # imports the models

        for kind in ("privacy.", "photos.", "tryon.erase", "tryon.follow", "tryon.delete"):
            await Worker(self.here, salon.business_id).work(only=kind)


@asynccontextmanager
async def over_a_bucket(runtime: Runtime, endpoint: str) -> AsyncIterator[House]:
    """A second API whose pictures lie in a bucket; this process is its worker."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    name = f"house-{uuid4().hex}"
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys).create_bucket(Bucket=name)
    bucket = StorageSettings(name, endpoint, access_key_id="test", secret_access_key="test", path_style=True)
    settings = msgspec.structs.replace(runtime.settings, storage=bucket)
    async with (
        another_api(settings) as client,
        attached(runtime, settings=settings, storage=storage_of(settings)) as here,
    ):
        yield House(client, here)

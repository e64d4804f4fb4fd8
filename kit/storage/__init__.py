"""Objects by key, in a local folder or in S3. Names are read on demand: boto3 takes a while to import."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.storage.errors import InvalidKey, LinkExpired, LinkRefused, ObjectMissing, StorageAway
    from kit.storage.form import Form
    from kit.storage.local import LocalStorage, Opened
    from kit.storage.s3 import S3Settings, S3Storage
    from kit.storage.store import Storage, Stored

__all__ = [
    "Form",
    "InvalidKey",
    "LinkExpired",
    "LinkRefused",
    "LocalStorage",
    "ObjectMissing",
    "Opened",
    "S3Settings",
    "S3Storage",
    "Storage",
    "StorageAway",
    "Stored",
]

_HOME = {
    "Form": "form",
    "LocalStorage": "local",
    "Opened": "local",
    "S3Settings": "s3",
    "S3Storage": "s3",
    "Storage": "store",
    "Stored": "store",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME.get(name, 'errors')}"), name)

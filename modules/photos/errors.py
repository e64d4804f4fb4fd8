"""What can go wrong with photos."""

from __future__ import annotations

from kit.errors import Forbidden, NotFound


class UnknownPhoto(NotFound):
    code, public = "unknown_photo", "There is no such photo. It may have been erased."


class UnknownSample(NotFound):
    code, public = "unknown_sample", "There is no such sample photo."


class UploadByTestKey(Forbidden):
    code = "test_key_upload"
    public = "Test keys work on sample photos only: see GET /v1/sample-photos."

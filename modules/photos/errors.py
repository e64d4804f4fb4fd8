"""What can go wrong with photos."""

from __future__ import annotations

from kit.errors import Busy, Conflict, Forbidden, NotFound


class UnknownPhoto(NotFound):
    code, public = "unknown_photo", "There is no such photo. It may have been erased."


class UnknownSample(NotFound):
    code, public = "unknown_sample", "There is no such sample photo."


class UnknownUpload(NotFound):
    code, public = "unknown_upload", "There is no such upload. Its time may be over: please begin again."


class UploadNotArrived(Conflict):
    """Nothing was posted with the upload's form."""

    code, public = "upload_not_arrived", "The photo has not arrived yet. Please send it, then try again."


class TooManyUploads(Busy):
    """Forms were handed out for a customer and not completed. retry_after: when the oldest of them ends."""

    status, code = 429, "too_many_uploads"
    public = "Several photos are on their way already. Please finish these first."


class UploadByTestKey(Forbidden):
    code = "test_key_upload"
    public = "Test keys work on sample photos only: see GET /v1/sample-photos."

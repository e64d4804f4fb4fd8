"""Admission before work: what there is no room for is refused at once, with a time to come back."""

from __future__ import annotations

from api.admission.queue import QueueAdmitted, QueueRoom, admit_to_queue
from api.admission.uploads import FormAdmitted, UploadAdmitted, UploadRoom, UploadsFull

__all__ = [
    "FormAdmitted",
    "QueueAdmitted",
    "QueueRoom",
    "UploadAdmitted",
    "UploadRoom",
    "UploadsFull",
    "admit_to_queue",
]

"""Keep MediaPipe's start-up chatter off stderr without losing anything else that is written there."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

CHATTER = (
    b"Created TensorFlow Lite XNNPACK delegate",
    b"All log messages before absl::InitializeLog()",
    b"Feedback manager requires a model with a single signature inference",
)


@contextmanager
def quiet() -> Iterator[None]:
    """Hold back what native code writes to stderr in the block; then pass on every line that is not CHATTER.

    The three lines come from TFLite's and absl's own loggers, which no environment variable reaches. The file
    descriptor is the whole process's, so this is for loading, before a worker serves.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            held.seek(0)
            for line in held:
                if not any(phrase in line for phrase in CHATTER):
                    os.write(2, line)

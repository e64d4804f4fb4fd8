"""The refusal as a decoding child says it: a code and a detail, nothing that has to be imported there."""

from __future__ import annotations


class Unfit(Exception):
    """The bytes cannot be used; code is one of kit.decode.errors.REFUSALS."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail

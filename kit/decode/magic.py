"""The allow-list: which format the first bytes announce."""

from __future__ import annotations

from typing import NamedTuple

from kit.decode.verified import Format

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_HEIF_BRANDS = {b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}


class Kind(NamedTuple):
    """An allowed format and its media type."""

    format: Format
    media_type: str


def sniff(data: bytes) -> Kind | None:
    """Name the format by its signature, None when it is not on the list; names and headers are not asked."""
    if data.startswith(b"\xff\xd8\xff"):
        return Kind("jpeg", "image/jpeg")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind("png", "image/png")
    if data.startswith(b"RIFF") and data[8:15] == b"WEBPVP8":
        return Kind("webp", "image/webp")
    return _sniff_heif(data)


def _sniff_heif(data: bytes) -> Kind | None:
    """Tell HEIF and AVIF by the brands of the leading `ftyp` box (ISO/IEC 14496-12, 23008-12)."""
    if data[4:8] != b"ftyp":
        return None
    major, end = data[8:12], min(int.from_bytes(data[:4]), 256)
    compatible = {data[at : at + 4] for at in range(16, end, 4)}
    if major in _AVIF_BRANDS or (major in _HEIF_BRANDS and compatible & _AVIF_BRANDS):
        return Kind("avif", "image/avif")
    if major in _HEIC_BRANDS or (major in _HEIF_BRANDS and compatible & _HEIC_BRANDS):
        return Kind("heif", "image/heic")
    return Kind("heif", "image/heif") if major in _HEIF_BRANDS else None

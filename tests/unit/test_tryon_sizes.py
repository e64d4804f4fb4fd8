"""Links to smaller pictures: exactly what was signed, at a width of the list; and which format who is given."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl, urlsplit

import pytest

from kit.settings import Settings
from kit.signing import LinkExpired, LinkRefused, Signer
from modules.tryon import sizes
from modules.tryon.keys import every_smaller, everything, smaller

SETTINGS = Settings(secret="0123456789abcdef")


def parts(url: str) -> dict[str, str]:
    """What a link carries, by name."""
    found = urlsplit(url)
    *_, tryon_id, _, picture, width = found.path.split("/")
    return {"tryon_id": tryon_id, "picture": picture, "width": width, **dict(parse_qsl(found.query))}


def check(tryon_id: str, picture: str, width: str, expires: str, signature: str) -> None:
    sizes.check(tryon_id, picture, width, SETTINGS, expires=expires, signature=signature)


def test_there_is_a_link_for_each_width_and_each_is_good() -> None:
    links = sizes.links("try_1", "0", SETTINGS)

    assert list(links) == ["160", "320", "640", "1080"]
    for width, url in links.items():
        assert parts(url)["width"] == width
        check(**parts(url))


def test_every_flipped_bit_is_refused() -> None:
    link = parts(sizes.links("try_01m84", "before", SETTINGS)["640"])
    for name, value in link.items():
        for place in range(len(value)):
            for bit in range(8):
                flipped = value[:place] + chr(ord(value[place]) ^ 1 << bit) + value[place + 1 :]
                with pytest.raises(LinkRefused):
                    check(**{**link, name: flipped})


@pytest.mark.parametrize(
    "change",
    [{"width": "641"}, {"width": "1080"}, {"width": "0640"}, {"picture": "1"}, {"tryon_id": "try_2"}],
)
def test_no_other_size_or_picture_can_be_asked_for(change: dict[str, str]) -> None:
    link = parts(sizes.links("try_1", "0", SETTINGS)["640"])

    with pytest.raises(LinkRefused):
        check(**{**link, **change})


def test_a_link_lives_a_quarter_of_an_hour_at_least_and_half_an_hour_at_most() -> None:
    left = int(parts(sizes.links("try_1", "0", SETTINGS)["160"])["expires"]) - time.time()

    assert 15 * 60 - 1 <= left <= 30 * 60


def test_a_link_that_is_over_says_so() -> None:
    signer = Signer(SETTINGS.secret.encode(), "vernis picture size 1")
    query = signer.query("try_1", "0", "640", expires=int(time.time()) - 1)

    with pytest.raises(LinkExpired):
        check("try_1", "0", "640", **query)


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("", "jpeg"),
        ("*/*", "jpeg"),
        ("image/*", "jpeg"),
        ("image/jpeg", "jpeg"),
        ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", "webp"),
        ("image/jpeg, IMAGE/WEBP ; q=0.5", "webp"),
        ("image/webp;q=0", "jpeg"),
        ("image/webp; Q=0.000", "jpeg"),
        ("image/webp;q=0.001", "webp"),
        (",;,", "jpeg"),
    ],
)
def test_webp_is_for_who_names_it(accept: str, format: str) -> None:
    assert sizes.negotiated(accept) == format


def test_smaller_pictures_lie_where_their_picture_lies() -> None:
    full = everything("biz_1", "try_1") + "1/0/full.jpg"

    found = every_smaller(full)

    assert smaller(full, 640, "webp") == "results/biz_1/try_1/1/0/full.w640.webp"
    assert len(found) == 8
    assert full not in found
    assert all(key.startswith(everything("biz_1", "try_1")) for key in found)

"""Settings from the environment, and their page in the docs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.settings import Settings, SettingsError, environment, read, variables
from lab.docs.settings import PAGE, page


def test_without_any_variable_the_defaults_hold() -> None:
    assert read({"PATH": "/usr/bin"}) == Settings()


def test_a_variable_sets_the_field_of_its_name() -> None:
    settings = read(
        {
            "VERNIS_DATA_DIR": "/data",
            "VERNIS_API__PORT": "9000",
            "VERNIS_STORAGE__PATH_STYLE": "true",
            "VERNIS_WORKERS__LEASE_S": "2.5",
        }
    )

    assert settings.data_path == Path("/data")
    assert (settings.api.port, settings.storage.path_style, settings.workers.lease_s) == (9000, True, 2.5)


@pytest.mark.parametrize(
    "name",
    ["VERNIS_DATABSE__URL", "VERNIS_DATABASE__URI", "VERNIS_DATABASE", "VERNIS_URL", "VERNIS_API_PORT"],
)
def test_an_unknown_variable_is_refused_by_name(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is not a setting"):
        read({name: "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VERNIS_API__PORT", "many"),
        ("VERNIS_API__PORT", "65536"),
        ("VERNIS_WORKERS__MAX_ATTEMPTS", "0"),
        ("VERNIS_WORKERS__LEASE_S", "0"),
        ("VERNIS_STORAGE__PATH_STYLE", "perhaps"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_place(name: str, value: str) -> None:
    place = name.removeprefix("VERNIS_").lower().replace("__", ".")

    with pytest.raises(SettingsError, match=rf"\$\.{place}"):
        read({name: value})


def test_a_child_process_reads_the_same_settings_back() -> None:
    given = {name: changed(default) for name, default in variables().items()}
    settings = read(given)

    assert read(environment(settings)) == settings
    assert environment(settings).keys() == given.keys()


def test_the_public_origin_follows_host_and_port_unless_it_is_given() -> None:
    assert read({"VERNIS_API__PORT": "9000"}).public_url == "http://127.0.0.1:9000"
    assert read({"VERNIS_API__PUBLIC_URL": "https://vernis.example/"}).public_url == "https://vernis.example"


def test_the_docs_list_every_setting() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m lab.docs.settings"
    for name, default in variables().items():
        assert f"| `{name}` |" in page()
        assert default in ("", None) or f"`{default}`" in page()


def changed(default: object) -> str:
    """A value that is not the default, as an environment gives it."""
    match default:
        case bool():
            return str(not default)
        case int() | float():
            return str(default + 1)
        case "info":
            return "debug"
        case "starttls":
            return "tls"
        case None:
            return "aws:kms"
        case _:
            return f"{default}x"

"""The documents: their links lead somewhere, the index of decisions is whole, the README calls what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.designs import CATALOG
from kit.settings import ROOT
from lab.docs import card, fairness, figures
from modules.catalog.load import load_shelf

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = ROOT / "docs" / "decisions"
LINK = re.compile(r"\]\(([^)#:]+)\)")


def links(page: Path) -> list[str]:
    return LINK.findall(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_link_leads_somewhere(page: Path) -> None:
    assert [link for link in links(page) if not (page.parent / link).exists()] == []


def test_the_readme_and_the_index_have_links_to_check() -> None:
    assert len(links(ROOT / "README.md")) >= 5
    assert len(links(DECISIONS / "README.md")) >= 9


def test_the_index_names_every_decision_by_its_title() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d+)\]\((\S+)\) \| (.+) \|$", index, flags=re.MULTILINE)

    titles = {
        path.name: path.read_text(encoding="utf-8").splitlines()[0]
        for path in sorted(DECISIONS.glob("0*.md"))
    }

    assert {file: f"# {number}. {title}" for number, file, title in rows} == titles


def test_the_readme_names_designs_files_and_routes_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    routes = "".join(path.read_text() for path in (ROOT / "modules").glob("*/routes.py"))

    load_shelf(CATALOG).look(sorted(set(re.findall(r"des_\w+", readme))))
    assert all((ROOT / name).exists() for name in re.findall(r"@(assets/\S+)", readme))
    called = set(re.findall(r"\$API/v1(/\w+)", readme))
    assert len(called) == 4
    assert all(f'"{route}"' in routes for route in called)


def test_the_figures_of_the_readme_are_those_that_were_saved() -> None:
    text = figures.PAGE.read_text(encoding="utf-8")
    assert figures.page(text) == text, "write it anew: python -m lab.docs.figures"


def test_the_figures_of_the_model_card_are_those_that_were_saved() -> None:
    text = card.CARD.read_text(encoding="utf-8")
    assert card.card(text) == text, "write it anew: python -m lab.docs.card"


def test_a_figure_that_is_made_up_is_noticed() -> None:
    text = figures.PAGE.read_text(encoding="utf-8")
    made_up = text.replace("433 of 433 as expected", "500 of 500 as expected")
    assert made_up != text
    assert figures.page(made_up) == text


def test_the_fairness_page_has_the_measured_figures() -> None:
    text = fairness.PAGE.read_text(encoding="utf-8")
    assert text == fairness.page(), "write it anew: python -m lab.docs.fairness"

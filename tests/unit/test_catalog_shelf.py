"""Reading a shelf, its refusals, its search, and the look made from chosen designs."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from looks.finish import LipFinish, NailFinish, SkinFinish
from looks.layer import Lips, NailPolish
from looks.material import FIBRE, LIP_MATERIALS, MATERIALS, SKIN_MATERIALS, material_of
from looks.renderable import is_renderable
from looks.shape import NailShape
from modules.catalog.errors import BadCatalog, UnfitSelection, UnknownDesign, UnrenderableDesign
from modules.catalog.family import ColourFamily, family_of, hair_family_of
from modules.catalog.load import load_shelf
from modules.catalog.shelf import DesignKind, Shelf

FOLDER = Path(__file__).parents[2] / "assets" / "catalog"
RED, ROSE = "des_polish_lacquer_red", "des_lips_petal_satin"


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return load_shelf(FOLDER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "catalog"))


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("file", "old", "new", "entry"),
    [
        ("polish_cream.toml", 'hex = "#f5f3f0"', 'hex = "#102030"', "des_polish_paper_white"),
        (
            "polish_cream.toml",
            "material = { coverage = 0.8 }",
            "material = { shine = 1.0 }",
            "des_polish_paper_white",
        ),
        (
            "polish_cream.toml",
            "material = { coverage = 0.8 }",
            "material = { coverage = 8.0 }",
            "des_polish_paper_white",
        ),
        ("polish_cream.toml", 'finish = "cream"', 'finish = "creamy"', "des_polish_paper_white"),
        ("polish_cream.toml", "minutes = 45", "minutes = -1", "des_polish_paper_white"),
        ("polish_cream.toml", 'currency = "EUR"', 'currency = "euro"', "des_polish_paper_white"),
        (
            "polish_cream.toml",
            'service = "srv_polish_manicure"',
            'service = "srv_dream"',
            "des_polish_paper_white",
        ),
        ("polish_gel.toml", "VP-GEL-02", "VP-GEL-01", "des_polish_milk_glass"),
        ("lips.toml", "des_lips_true_red_matte", "des_lips_brick_matte", "des_lips_brick_matte"),
        ("art.toml", "width = 0.22", "width = 22.0", "des_art_classic_french"),
        ("art.toml", "width = 0.22", "wide = 0.22", "des_art_classic_french"),
        ("art.toml", 'style = "french"', 'style = "frnch"', "des_art_classic_french"),
        ("hair.toml", "level = 1", "level = 11", "des_hair_blue_black"),
        ("looks.toml", "des_lips_true_red_matte", "des_lips_gone", "loo_classic_red"),
        ("services.toml", "minutes = 45", "minutes = 'long'", "srv_polish_manicure"),
    ],
)
def test_a_mistake_is_refused_with_its_file_and_entry(
    folder: Path, file: str, old: str, new: str, entry: str
) -> None:
    spoil(folder, file, old, new)

    with pytest.raises(BadCatalog) as refusal:
        load_shelf(folder)

    assert refusal.value.detail.startswith(f"{file}: {entry}: ")


def test_broken_toml_is_refused_with_its_file(folder: Path) -> None:
    spoil(folder, "eyes.toml", "[[design]]", "[[design]")

    with pytest.raises(BadCatalog, match=r"^eyes\.toml: the file: "):
        load_shelf(folder)


def test_a_table_of_another_name_is_refused(folder: Path) -> None:
    spoil(folder, "eyes.toml", "[[design]]", "[[desing]]")

    with pytest.raises(BadCatalog, match=r"^eyes\.toml: desing: "):
        load_shelf(folder)


def test_a_missing_file_is_refused(folder: Path) -> None:
    (folder / "services.toml").unlink()

    with pytest.raises(BadCatalog, match=r"^services\.toml: the file: is missing"):
        load_shelf(folder)


def test_a_look_of_mixed_currencies_is_refused(folder: Path) -> None:
    spoil(folder, "lips.toml", 'sku = "VL-MAT-02"', 'sku = "VL-MAT-92"')
    text = (folder / "lips.toml").read_text()
    head, tail = text.split('sku = "VL-MAT-92"')
    (folder / "lips.toml").write_text(head + 'sku = "VL-MAT-92"' + tail.replace("EUR", "CHF", 1))

    with pytest.raises(BadCatalog, match=r"^looks\.toml: loo_classic_red: .*currencies"):
        load_shelf(folder)


def test_a_design_changes_only_the_named_parameters_of_its_finish(shelf: Shelf) -> None:
    material = shelf.design(RED).material

    assert material.coverage == 0.93
    assert material == MATERIALS[NailFinish.CREAM].changed({"coverage": 0.93})


def test_a_look_holds_the_layers_of_its_designs_in_order(shelf: Shelf) -> None:
    look = shelf.look([ROSE, RED])

    assert look.name == "Petal Satin, Lacquer Red"
    assert [type(layer) for layer in look.layers] == [Lips, NailPolish]


def test_a_look_may_be_given_a_name(shelf: Shelf) -> None:
    assert shelf.look([RED], name="Mine").name == "Mine"


def test_a_look_of_unknown_designs_is_refused_with_all_of_them(shelf: Shelf) -> None:
    with pytest.raises(UnknownDesign) as refusal:
        shelf.look(["des_polish_gone", RED, "des_lips_gone"])

    assert refusal.value.status == 422
    assert [error.message.split()[0] for error in refusal.value.errors] == [
        "des_polish_gone",
        "des_lips_gone",
    ]


def test_a_look_that_cannot_be_drawn_is_refused_with_what_is_missing(shelf: Shelf) -> None:
    copper = shelf.design("des_hair_copper")
    striped = msgspec.structs.replace(
        copper, layer=msgspec.structs.replace(copper.layer, colours=copper.swatches * 9)
    )
    odd = Shelf([shelf.design(RED), striped], [], [])
    with pytest.raises(UnrenderableDesign, match="des_hair_copper") as refusal:
        odd.look([RED, "des_hair_copper"])

    assert RED not in refusal.value.detail


@pytest.mark.parametrize("count", [0, 13])
def test_a_look_of_none_or_too_many_designs_is_refused(shelf: Shelf, count: int) -> None:
    with pytest.raises(UnfitSelection):
        shelf.look([RED] * count)


def test_search_without_filters_finds_everything_in_order_of_kinds(shelf: Shelf) -> None:
    found = shelf.search()

    assert len(found) == len(shelf.designs)
    assert list(dict.fromkeys(design.kind for design in found)) == list(DesignKind)


def test_search_joins_its_filters(shelf: Shelf) -> None:
    found = shelf.search(
        kind=DesignKind.NAIL_POLISH, finish="cream", family=ColourFamily.RED, query="evening", renderable=True
    )

    assert [design.id for design in found] == [RED]


def test_search_by_family_sees_every_colour_of_a_design(shelf: Shelf) -> None:
    assert "des_art_navy_french" in {design.id for design in shelf.search(family=ColourFamily.BLUE)}


@pytest.mark.parametrize("query", ["lacquer", "LACQ red", "red lacquer", "vp-crm-19"])
def test_search_by_words_takes_beginnings_in_any_order_and_case(shelf: Shelf, query: str) -> None:
    assert RED in {design.id for design in shelf.search(query=query)}


def test_search_by_words_does_not_match_inside_a_word(shelf: Shelf) -> None:
    assert shelf.search(query="acquer") == ()


def test_every_design_of_the_shelf_can_be_drawn(shelf: Shelf) -> None:
    drawn, undrawn = shelf.search(renderable=True), shelf.search(renderable=False)

    assert len(drawn) == len(shelf.designs)
    assert not undrawn


def test_a_polish_with_a_longer_or_cut_nail_cannot_be_drawn_yet(shelf: Shelf) -> None:
    polish = shelf.design(RED).layer

    assert isinstance(polish, NailPolish)
    assert is_renderable(polish)
    assert is_renderable(msgspec.structs.replace(polish, length=1.3))
    assert is_renderable(msgspec.structs.replace(polish, shape=NailShape.ALMOND))
    assert is_renderable(msgspec.structs.replace(polish, finish=NailFinish.CHROME))


def test_lips_are_drawn_in_every_finish_and_in_no_unknown_style(shelf: Shelf) -> None:
    lips = shelf.design(ROSE).layer

    assert isinstance(lips, Lips)
    assert all(is_renderable(msgspec.structs.replace(lips, finish=finish)) for finish in LipFinish)
    assert not is_renderable(msgspec.structs.replace(lips, style="stripes"))


@pytest.mark.parametrize(
    ("lab", "family"),
    [
        ((96.0, 0.0, 2.0), ColourFamily.WHITE),
        ((79.0, 6.0, 15.0), ColourFamily.NUDE),
        ((30.0, 10.0, 12.0), ColourFamily.NUDE),
        ((40.0, 57.0, 39.0), ColourFamily.RED),
        ((70.0, 34.0, 2.0), ColourFamily.PINK),
        ((67.0, 42.0, 33.0), ColourFamily.CORAL),
        ((29.0, 36.0, -4.0), ColourFamily.BERRY),
        ((67.0, 40.0, 62.0), ColourFamily.ORANGE),
        ((91.0, -1.0, 34.0), ColourFamily.YELLOW),
        ((46.0, 21.0, 32.0), ColourFamily.BROWN),
        ((30.0, -27.0, 9.0), ColourFamily.GREEN),
        ((50.0, -26.0, -15.0), ColourFamily.TEAL),
        ((38.0, 8.0, -45.0), ColourFamily.BLUE),
        ((26.0, 25.0, -16.0), ColourFamily.PURPLE),
        ((45.0, 0.0, -5.0), ColourFamily.GREY),
        ((5.0, 0.0, -1.0), ColourFamily.BLACK),
    ],
)
def test_colours_are_called_what_a_customer_calls_them(
    lab: tuple[float, float, float], family: ColourFamily
) -> None:
    assert family_of(lab) is family


@pytest.mark.parametrize(
    ("design_id", "family"),
    [
        ("des_hair_platinum", ColourFamily.BLONDE),
        ("des_hair_milk_chocolate", ColourFamily.BROWN),
        ("des_hair_copper", ColourFamily.RED),
        ("des_hair_rose_blonde", ColourFamily.PINK),
        ("des_hair_soft_black", ColourFamily.BLACK),
        ("des_hair_silver_grey", ColourFamily.GREY),
        ("des_hair_denim_blue", ColourFamily.BLUE),
    ],
)
def test_hair_has_words_of_its_own(shelf: Shelf, design_id: str, family: ColourFamily) -> None:
    design = shelf.design(design_id)

    assert design.colour_family is family
    assert design.colour_family is hair_family_of(design.swatches[0].lab)


def test_every_finish_has_a_material_of_its_own() -> None:
    assert set(MATERIALS) == set(NailFinish)
    assert set(LIP_MATERIALS) == set(LipFinish)
    assert set(SKIN_MATERIALS) == set(SkinFinish)
    assert len(set(MATERIALS.values())) == len(NailFinish)


def test_finishes_of_one_name_on_nail_lip_and_skin_are_not_mistaken() -> None:
    assert material_of(NailFinish.MATTE) is MATERIALS[NailFinish.MATTE]
    assert material_of(LipFinish.MATTE) is LIP_MATERIALS[LipFinish.MATTE]
    assert material_of(SkinFinish.MATTE) is SKIN_MATERIALS[SkinFinish.MATTE]
    assert material_of(None) is FIBRE


def test_every_usual_material_lies_in_its_bounds() -> None:
    for material in (*MATERIALS.values(), *LIP_MATERIALS.values(), *SKIN_MATERIALS.values(), FIBRE):
        assert material.changed({}) == material

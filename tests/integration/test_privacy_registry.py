"""Who knows a person: the database's own schema against the registry, and docs/privacy.md against both."""

from __future__ import annotations

import ast
import re
from collections.abc import AsyncIterator
from importlib import import_module
from inspect import iscoroutinefunction, signature

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from kit.db.schema import metadata
from kit.runtime import Runtime
from kit.settings import ROOT
from modules.privacy.registry import IMPERSONAL, PERSONAL

NAMES_HER = text(
    "SELECT table_name FROM information_schema.columns"
    " WHERE table_schema = 'public' AND column_name = 'customer_id'"
)
PARENTS = text("""
SELECT DISTINCT child.table_name AS child, parent.table_name AS parent, child.column_name AS "column",
       rule.delete_rule AS rule
FROM information_schema.referential_constraints rule
JOIN information_schema.key_column_usage child ON child.constraint_name = rule.constraint_name
JOIN information_schema.key_column_usage parent ON parent.constraint_name = rule.unique_constraint_name
""")
THERE = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
TABLES = {kept.table for part in PERSONAL for kept in part.KEPT}


@pytest.fixture
async def schema(runtime: Runtime) -> AsyncIterator[AsyncConnection]:
    """The schema as a superuser sees it (others are shown less); what a test changes is rolled back."""
    engine = create_async_engine(runtime.settings.database.admin_url)
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def naming_her(schema: AsyncConnection) -> set[str]:
    """Tables that name a customer, and those that hang on them."""
    named = {row.table_name for row in await schema.execute(NAMES_HER)} | {"customers"}
    parents = [(row.child, row.parent) for row in await schema.execute(PARENTS)]
    while below := {child for child, parent in parents if parent in named} - named:
        named |= below
    return named


async def test_every_table_is_somebodys_or_says_why_not(schema: AsyncConnection) -> None:
    there = {row.tablename for row in await schema.execute(THERE)}

    assert there == {*TABLES, *IMPERSONAL}
    assert TABLES.isdisjoint(IMPERSONAL)


async def test_a_table_that_names_a_customer_belongs_to_the_registry(schema: AsyncConnection) -> None:
    assert await naming_her(schema) <= TABLES


async def test_a_table_that_nobody_registered_is_noticed(schema: AsyncConnection) -> None:
    await schema.execute(text("CREATE TABLE strays (id text PRIMARY KEY, customer_id text)"))
    await schema.execute(text("CREATE TABLE below_strays (stray_id text REFERENCES strays (id))"))

    assert await naming_her(schema) - TABLES == {"strays", "below_strays"}


async def test_what_names_a_customer_goes_when_her_row_goes(schema: AsyncConnection) -> None:
    naming = {row.table_name for row in await schema.execute(NAMES_HER)}
    rules = {
        row.child: row.rule
        for row in await schema.execute(PARENTS)
        if row.column == "customer_id" and row.parent == "customers"
    }

    assert naming == set(rules)
    assert {table: rule for table, rule in rules.items() if rule != "CASCADE"} == {"erasures": "SET NULL"}


def owners() -> dict[str, str]:
    """The folder of the tables.py that each table is written in."""
    found: dict[str, str] = {}
    for path in [*(ROOT / "modules").rglob("tables.py"), *(ROOT / "kit").rglob("tables.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Table":
                found[ast.literal_eval(node.args[0])] = path.parent.relative_to(ROOT).as_posix()
    return found


def test_each_module_with_such_a_table_offers_both() -> None:
    for folder in set(owners().values()):
        import_module(f"{folder.replace('/', '.')}.tables")
    assert set(owners()) == set(metadata.tables)
    for table in TABLES:
        owner = owners()[table].replace("/", ".")
        part = import_module("modules.privacy.floor" if owner.startswith("kit.") else f"{owner}.personal")
        assert part in PERSONAL, table
        assert table in {kept.table for kept in part.KEPT}, table


@pytest.mark.parametrize("part", PERSONAL)
def test_each_part_takes_a_unit_and_a_person(part: object) -> None:
    for name in ("erase", "export"):
        offered = getattr(part, name)
        assert iscoroutinefunction(offered)
        assert [*signature(offered).parameters] in (["unit", "person"], ["_unit", "_person"])


def test_the_page_says_what_the_registry_says() -> None:
    page = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", page, flags=re.MULTILINE)

    assert rows == [
        (kept.table, kept.what, kept.until, f"`{kept.objects}`" if kept.objects else "–")
        for part in PERSONAL
        for kept in part.KEPT
    ]
    assert dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|$", page, flags=re.MULTILINE)) == dict(IMPERSONAL)

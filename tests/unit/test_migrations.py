"""The service runs while it is migrated: each migration only adds, or says why it may do more (decision 21)."""

from __future__ import annotations

import re

import pytest
from alembic.script import Script

from kit.settings import ROOT
from tests.migrations import dangers, scripts, statements

ALL = scripts()


@pytest.mark.parametrize("script", ALL, ids=lambda script: script.revision)
def test_a_migration_only_adds_or_gives_its_reason(script: Script) -> None:
    found = list(dangers(statements(script.module)))
    reason = getattr(script.module, "CONTRACT", None)

    if reason is None:
        assert found == [], "see docs/decisions/0021-operations.md"
    else:
        assert found, "a migration that only adds needs no CONTRACT"
        assert len(reason.split()) >= 6, (
            "CONTRACT says which release no longer uses what goes, or why it may go"
        )


def test_migrations_are_one_line_of_descent_in_the_order_of_their_names() -> None:
    revisions = [script.revision for script in ALL]
    assert revisions == sorted(revisions)
    assert [script.down_revision for script in ALL] == [None, *(script.revision for script in ALL[:-1])]


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("DROP TABLE photos", "drops what"),
        ("DROP FUNCTION caller_of_key(bytea)", "drops what"),
        ("TRUNCATE photos", "empties"),
        ("REVOKE SELECT ON photos FROM vernis_app", "takes a right"),
        ("ALTER TABLE photos DROP COLUMN sha256", "drops what"),
        ("ALTER TABLE photos RENAME COLUMN sha256 TO digest", "renames"),
        ("ALTER TABLE photos RENAME TO pictures", "renames"),
        ("ALTER TABLE photos ALTER COLUMN size_bytes TYPE bigint", "changes a type"),
        ("ALTER TABLE photos ALTER size_bytes SET DATA TYPE bigint", "changes a type"),
        ("ALTER TABLE photos ALTER COLUMN sha256 SET NOT NULL", "reads the whole table"),
        ("ALTER TABLE photos ADD COLUMN a text NOT NULL", "does not know"),
        (
            "ALTER TABLE photos ADD COLUMN b int NOT NULL DEFAULT 0, ADD COLUMN a text NOT NULL",
            "does not know",
        ),
        ("ALTER TABLE photos ADD COLUMN a text UNIQUE", "builds an index"),
        ("ALTER TABLE photos ADD COLUMN a text GENERATED ALWAYS AS (id) STORED", "writes the table anew"),
        ("ALTER TABLE photos ADD CONSTRAINT a CHECK (width_px > 0)", "NOT VALID"),
        ("CREATE INDEX a ON photos (id)", "index_in_use"),
        ("CREATE UNIQUE INDEX a ON photos (id)", "index_in_use"),
    ],
)
def test_what_a_running_service_cannot_bear_is_named(statement: str, why: str) -> None:
    (said,) = dangers([statement])
    assert why in said


@pytest.mark.parametrize(
    "found",
    [
        [
            "CREATE TABLE a (id text PRIMARY KEY)",
            "CREATE INDEX b ON a (id)",
            "ALTER TABLE a ADD CHECK (id > '')",
        ],
        ["ALTER TABLE photos ADD COLUMN a text"],
        ["ALTER TABLE photos ADD COLUMN a text NOT NULL DEFAULT ''"],
        ["ALTER TABLE photos ADD COLUMN a int DEFAULT 0 NOT NULL, ADD COLUMN b text"],
        ["ALTER TABLE photos ADD CONSTRAINT a CHECK (width_px > 0) NOT VALID"],
        ["ALTER TABLE photos ENABLE ROW LEVEL SECURITY", "GRANT SELECT ON photos TO vernis_app"],
        ["DROP INDEX CONCURRENTLY IF EXISTS a", "CREATE INDEX CONCURRENTLY a ON photos (id)"],
        ["REVOKE EXECUTE ON FUNCTION a FROM public"],
    ],
)
def test_what_only_adds_is_let_pass(found: list[str]) -> None:
    assert list(dangers(found)) == []


def test_an_index_in_use_stands_alone() -> None:
    (said,) = dangers(["CREATE TABLE a (id text)", "CREATE INDEX CONCURRENTLY b ON photos (id)"])
    assert "stands beside" in said


def test_the_words_that_the_rule_reads_are_those_of_the_database() -> None:
    first = statements(ALL[0].module)
    assert any(statement.startswith("CREATE TABLE photos (") for statement in first)
    assert any("FORCE ROW LEVEL SECURITY" in statement for statement in first)
    page = (ROOT / "docs" / "decisions" / "0021-operations.md").read_text(encoding="utf-8")
    assert re.search(r"`CONTRACT`", page)

"""What a migration does, read from the statements that it would run, and what of it a running service cannot bear."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from types import ModuleType

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import Script, ScriptDirectory

from kit.db.migrate import config

_TABLE = r"(?:IF (?:NOT )?EXISTS )?(?:ONLY )?(\w+)"
_NEW = re.compile(rf"^CREATE TABLE {_TABLE}", re.IGNORECASE)
_ALTER = re.compile(rf"^ALTER TABLE {_TABLE} (.*)$", re.IGNORECASE | re.DOTALL)
_INDEX = re.compile(rf"^CREATE (?:UNIQUE )?INDEX (CONCURRENTLY )?{_TABLE} ON {_TABLE}", re.IGNORECASE)

FORBIDDEN = {
    r"^DROP (TABLE|TYPE|VIEW|FUNCTION|SCHEMA)\b": "drops what the running version uses",
    r"^TRUNCATE\b": "empties a table",
    r"^(LOCK|VACUUM FULL|CLUSTER|REINDEX (?!.*CONCURRENTLY))\b": "locks a table",
    r"^REVOKE\b.* FROM vernis_": "takes a right that the running version uses",
}
"""Of any statement."""
FORBIDDEN_OF_TABLES = {
    r"\bDROP (COLUMN|CONSTRAINT)\b": "drops what the running version uses",
    r"\bRENAME\b": "renames what the running version uses",
    r"\bALTER (COLUMN )?\w+ (SET DATA )?TYPE\b": "changes a type: the table is written anew, and readers wait",
    r"\bSET NOT NULL\b": "reads the whole table under a lock, and the running version may write nulls",
    r"\bADD COLUMN (?:(?!ADD COLUMN).)*\bUNIQUE\b": "builds an index under a lock",
    r"\bADD COLUMN (?:(?!ADD COLUMN).)*\bSTORED\b": "writes the table anew under a lock",
    r"\bADD COLUMN (?:(?!ADD COLUMN|\bDEFAULT\b).)*\bNOT NULL\b(?!(?:(?!ADD COLUMN).)*\b(DEFAULT|GENERATED)\b)": (
        "asks the running version for a column that it does not know"
    ),
    r"\bADD (CONSTRAINT|CHECK|FOREIGN KEY|UNIQUE|PRIMARY KEY)\b(?!.*\bNOT VALID\b)": (
        "reads the whole table under a lock: add it NOT VALID and validate it in the next release"
    ),
}
"""Of ALTER TABLE on a table that was there before."""


def scripts() -> list[Script]:
    """All migrations, oldest first."""
    return [*ScriptDirectory.from_config(config()).walk_revisions()][::-1]


def statements(migration: ModuleType) -> list[str]:
    """The statements of an upgrade, comments taken out, each on one line."""
    out = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={"as_sql": True, "output_buffer": out, "transaction_per_migration": True},
    )
    with Operations.context(context):
        migration.upgrade()
    written = [re.sub(r"--[^\n]*", "", part) for part in out.getvalue().split(";\n\n")]
    return [" ".join(statement.split()) for statement in written if statement.strip()]


def dangers(found: list[str]) -> Iterator[str]:
    """`statement: why` for each that a service which runs meanwhile cannot bear."""
    made = {match[1] for statement in found if (match := _NEW.match(statement))}
    concurrent = [statement for statement in found if " CONCURRENTLY " in statement]
    if concurrent and len(concurrent) != len([word for word in found if word not in ("BEGIN", "COMMIT")]):
        yield f"{concurrent[0][:80]}: stands beside other statements, which an interruption would leave half done"
    for statement in found:
        for pattern, why in FORBIDDEN.items():
            if re.search(pattern, statement, re.IGNORECASE):
                yield f"{statement[:80]}: {why}"
        altered, index = _ALTER.match(statement), _INDEX.match(statement)
        if altered and altered[1] not in made:
            for pattern, why in FORBIDDEN_OF_TABLES.items():
                if re.search(pattern, altered[2], re.IGNORECASE):
                    yield f"{statement[:80]}: {why}"
        if index and not index[1] and index[3] not in made:
            yield f"{statement[:80]}: stops all writing to {index[3]} meanwhile: index_in_use() does not"

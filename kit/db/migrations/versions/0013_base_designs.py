"""The salon's own foundations and concealers: designs of one kind more."""

from kit.db.ddl import run

revision = "0013"
down_revision = "0012"

CONTRACT = "The rule on kinds is written anew with one kind more: what an older release writes fits both."

KINDS = """
ALTER TABLE designs DROP CONSTRAINT designs_kind_check;

ALTER TABLE designs ADD CONSTRAINT designs_kind_check CHECK (
    kind IN ('nail_polish', 'nail_art', 'base', 'lips', 'cheeks', 'eyes', 'brows', 'hair')
) NOT VALID;
"""


def upgrade() -> None:
    run(KINDS)

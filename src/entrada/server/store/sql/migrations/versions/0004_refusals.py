"""The refused among the stories, for whoever looks at them first in the morning.  Frozen: later steps change it.

Few of many are refused: without an index of their own, a server that refuses nobody would read all stories to say so.
"""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_stories_refused",
        "stories",
        ["tenant_id", "at", "trace_id"],
        sqlite_where=text("granted IS 0"),
        postgresql_where=text("granted IS false"),
    )


def downgrade() -> None:
    raise NotImplementedError("steps are not taken back: restore a backup instead")

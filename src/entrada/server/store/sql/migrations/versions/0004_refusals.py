"""The refused among the stories, and those of a correlation id in order of time.  Frozen: later steps change it.

Few of many are refused: without an index of their own, a server that refuses nobody would read all stories to say so.
An index of a correlation id that knows no time is left aside for one that knows nothing but the time.
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
    op.create_index("ix_stories_tenant_id_correlation_id_at", "stories", ["tenant_id", "correlation_id", "at"])
    op.drop_index("ix_stories_tenant_id_correlation_id", "stories")


def downgrade() -> None:
    raise NotImplementedError("steps are not taken back: restore a backup instead")

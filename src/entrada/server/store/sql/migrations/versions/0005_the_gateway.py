"""The configuration of the API gateway.  Frozen: later steps change it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_KEY = ("tenant_id", "kind", "id")


def upgrade() -> None:
    op.create_table(
        "gateway_records",
        *(sa.Column(name, NAME, nullable=False) for name in _KEY),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, name="pk_gateway_records"),
    )


def downgrade() -> None:
    raise NotImplementedError("steps are not taken back: restore a backup instead")

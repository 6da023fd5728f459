"""What the other grants and lockout need: guests, device flows, failures, spent codes.  Frozen: later steps change it.

It only adds, so that processes of the version before go on working beside it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _name(column: str) -> "sa.Column[str]":
    return sa.Column(column, NAME, nullable=False)


def _text(column: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(column, sa.Text, nullable=nullable)


def _number(column: str) -> "sa.Column[int]":
    return sa.Column(column, sa.Integer, nullable=False)


def _moment(column: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(column, sa.BigInteger, nullable=nullable)


def _small(name: str, *items: SchemaItem, key: list[str], **options: Any) -> None:
    primary = sa.PrimaryKeyConstraint(*key, name=f"pk_{name}")
    op.create_table(name, *items, primary, sqlite_with_rowid=False, **options)


def _guests() -> None:
    op.add_column("users", sa.Column("home_id", NAME))
    is_guest = sa.column("home_id", NAME).is_not(None)
    op.create_index(
        "uq_users_tenant_id_home_id",
        "users",
        ["tenant_id", "home_id"],
        unique=True,
        sqlite_where=is_guest,
        postgresql_where=is_guest,
    )


def _account_page() -> None:
    op.create_index("ix_permission_grants_tenant_id_principal_id", "permission_grants", ["tenant_id", "principal_id"])
    op.create_index("ix_sessions_tenant_id_user_id", "sessions", ["tenant_id", "user_id"])
    op.create_index("ix_sign_ins_tenant_id_user_id_address", "sign_ins", ["tenant_id", "user_id", "address"])


def _device_flows() -> None:
    _small(
        "device_flows",
        *map(_name, ["tenant_id", "id", "user_code", "client_id"]),
        _text("scope"),
        *map(_moment, ["asked_at", "ends_at"]),
        *map(_text, ["address", "user_agent", "claims"]),
        _moment("decided_at", nullable=True),
        _text("approval", nullable=True),
        key=["tenant_id", "id"],
    )
    op.create_index("uq_device_flows_user_code", "device_flows", ["user_code"], unique=True)
    op.create_index("ix_device_flows_ends_at", "device_flows", ["ends_at"])


def _proofs() -> None:
    _small(
        "attempts",
        *map(_name, ["tenant_id", "user_id", "counter"]),
        *map(_number, ["failures", "locks"]),
        *map(_moment, ["locked_until", "failed_at"]),
        _text("recent"),
        _moment("ends_at"),
        _number("version"),
        key=["tenant_id", "user_id", "counter"],
    )
    op.create_index("ix_attempts_ends_at", "attempts", ["ends_at"])
    _small(
        "factor_steps",
        *map(_name, ["tenant_id", "user_id"]),
        _moment("step"),
        key=["tenant_id", "user_id"],
    )


def upgrade() -> None:
    _guests()
    _account_page()
    _device_flows()
    _proofs()


def downgrade() -> None:
    raise NotImplementedError("steps are not taken back: restore a backup instead")

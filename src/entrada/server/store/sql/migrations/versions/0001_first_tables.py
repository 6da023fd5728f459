"""The first tables: the directory, browser sessions, token families, signing keys.  Frozen: later steps change them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _name(column: str) -> "sa.Column[str]":
    return sa.Column(column, NAME, nullable=False)


def _text(column: str) -> "sa.Column[str]":
    return sa.Column(column, sa.Text, nullable=False)


def _moment(column: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(column, sa.BigInteger, nullable=nullable)


def _table(name: str, *items: SchemaItem, key: list[str], **options: Any) -> None:
    op.create_table(name, *items, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"), **options)


def _documents(name: str, *items: SchemaItem, key: list[str]) -> None:
    _table(name, *items, sa.Column("version", sa.Integer, nullable=False), _text("document"), key=key)


def _seeded(table: str) -> None:
    seed = sa.column("seed", sa.Boolean)
    op.create_index(f"ix_{table}_seed", table, ["tenant_id"], sqlite_where=seed, postgresql_where=seed)


def _tenants() -> None:
    _documents("tenants", _name("tenant_id"), key=["tenant_id"])
    _table(
        "tenant_domains",
        _name("tenant_id"),
        _name("domain"),
        key=["tenant_id", "domain"],
        sqlite_with_rowid=False,
    )
    op.create_index("uq_tenant_domains_domain", "tenant_domains", ["domain"], unique=True)
    _table(
        "directory_versions",
        _name("tenant_id"),
        sa.Column("number", sa.BigInteger, nullable=False),
        key=["tenant_id"],
        sqlite_with_rowid=False,
    )


def _people() -> None:
    seed = sa.Column("seed", sa.Boolean, nullable=False)
    _documents("users", _name("tenant_id"), _name("id"), _name("upn"), seed, key=["tenant_id", "id"])
    op.create_index("uq_users_tenant_id_upn", "users", ["tenant_id", "upn"], unique=True)
    _seeded("users")
    _documents("groups", _name("tenant_id"), _name("id"), key=["tenant_id", "id"])
    member = ["tenant_id", "group_id", "member_id"]
    _documents("group_members", *map(_name, member), key=member)
    op.create_index(
        "ix_group_members_tenant_id_member_id_group_id", "group_members", ["tenant_id", "member_id", "group_id"]
    )
    received: list[SchemaItem] = [_name("tenant_id"), _name("id"), _name("user_id"), _moment("received_at")]
    _documents("messages", *received, key=["tenant_id", "id"])
    newest = ["tenant_id", "user_id", "received_at", "id"]
    op.create_index("ix_messages_tenant_id_user_id_received_at_id", "messages", newest)


def _applications() -> None:
    seed = sa.Column("seed", sa.Boolean, nullable=False)
    _documents("applications", _name("tenant_id"), _name("id"), _name("app_id"), seed, key=["tenant_id", "id"])
    op.create_index("uq_applications_app_id", "applications", ["app_id"], unique=True)
    _seeded("applications")
    _table(
        "application_uris",
        _name("tenant_id"),
        _name("uri"),
        _name("id"),
        key=["tenant_id", "uri"],
        sqlite_with_rowid=False,
    )
    op.create_index("ix_application_uris_tenant_id_id", "application_uris", ["tenant_id", "id"])
    _documents("service_principals", _name("tenant_id"), _name("id"), _name("app_id"), key=["tenant_id", "id"])
    unique = ["tenant_id", "app_id"]
    op.create_index("uq_service_principals_tenant_id_app_id", "service_principals", unique, unique=True)
    grant = ["tenant_id", "client_id", "principal_id", "resource_id"]
    _documents("permission_grants", *map(_name, grant), key=grant)
    assignment = ["tenant_id", "principal_id", "resource_id", "app_role_id"]
    _documents("app_role_assignments", *map(_name, assignment), key=assignment)


def _sessions() -> None:
    _table(
        "sessions",
        _name("tenant_id"),
        _name("id"),
        _name("user_id"),
        _moment("authenticated_at"),
        _text("methods"),
        sa.Column("persistent", sa.Boolean, nullable=False),
        _moment("ends_at"),
        _text("user_agent"),
        _text("address"),
        _moment("revoked_at", nullable=True),
        key=["tenant_id", "id"],
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sessions_ends_at", "sessions", ["ends_at"])
    _table(
        "sign_ins",
        _name("tenant_id"),
        _moment("at"),
        *map(_name, ["id", "user_id", "client_id", "session_id"]),
        *map(_text, ["address", "user_agent", "correlation_id"]),
        key=["tenant_id", "at", "id"],
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sign_ins_at", "sign_ins", ["at"])


def _families() -> None:
    _table(
        "families",
        _name("tenant_id"),
        _name("id"),
        sa.Column("end_day", sa.Integer, nullable=False),
        *map(_name, ["client_id", "user_id", "session_id"]),
        _moment("issued_at"),
        sa.Column("generation", sa.Integer, nullable=False),
        _moment("rotated_at", nullable=True),
        _moment("revoked_at", nullable=True),
        key=["tenant_id", "id", "end_day"],
        sqlite_with_rowid=False,
        postgresql_partition_by="RANGE (end_day)",
    )
    op.create_index("ix_families_tenant_id_session_id", "families", ["tenant_id", "session_id"])
    if op.get_context().dialect.name == "postgresql":
        op.execute("CREATE TABLE families_default PARTITION OF families DEFAULT")
    else:
        op.create_index("ix_families_end_day", "families", ["end_day"])


def _signing_keys() -> None:
    _table(
        "signing_keys",
        sa.Column("sequence", sa.Integer, nullable=False, autoincrement=False),
        _text("kid"),
        _text("sealed"),
        _moment("published_at"),
        *(_moment(moment, nullable=True) for moment in ("signs_from", "retired_at", "forgotten_at")),
        key=["sequence"],
    )


def upgrade() -> None:
    _tenants()
    _people()
    _applications()
    _sessions()
    _families()
    _signing_keys()


def downgrade() -> None:
    raise NotImplementedError("nothing came before the first tables: restore a backup instead")

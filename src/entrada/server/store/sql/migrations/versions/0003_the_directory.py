"""What administering needs: owners, deleted objects, logs, and columns to ask by.  Frozen: later steps change it.

It only adds tables and indexes, so that processes of the version before go on working beside it.  What they write is
noted in the tables of fields afterwards: `catching_up`.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _name(column: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(column, NAME, nullable=nullable)


def _maybe(column: str) -> "sa.Column[str]":
    return _name(column, nullable=True)


def _number(column: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(column, sa.BigInteger, nullable=nullable)


def _flag(column: str) -> "sa.Column[bool]":
    return sa.Column(column, sa.Boolean, nullable=False)


def _version() -> "sa.Column[int]":
    return sa.Column("version", sa.Integer, nullable=False)


def _document() -> "sa.Column[str]":
    return sa.Column("document", sa.Text, nullable=False)


def _table(name: str, *items: SchemaItem, key: list[str], **options: Any) -> None:
    op.create_table(name, *items, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"), **options)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _asked(name: str, *items: SchemaItem) -> None:
    key = ["tenant_id", "id"]
    _table(name, *map(_name, key), _version(), *items, key=key, sqlite_with_rowid=False)


def _links() -> None:
    _index("permission_grants", "tenant_id", "resource_id")
    _index("app_role_assignments", "tenant_id", "resource_id")
    owner = ["tenant_id", "object_id", "owner_id"]
    _table("owners", *map(_name, owner), _version(), _document(), key=owner)
    _index("owners", "tenant_id", "owner_id")


def _deleted_items() -> None:
    _table(
        "deleted_items",
        *map(_name, ["tenant_id", "id", "kind", "display_name", "display_name_words"]),
        *map(_maybe, ["app_id", "user_principal_name"]),
        _number("deleted_at"),
        _flag("seed"),
        _version(),
        _document(),
        key=["tenant_id", "id"],
    )
    _index("deleted_items", "deleted_at")


def _people() -> None:
    names = ["display_name", "display_name_words", "user_principal_name", "user_principal_name_words"]
    known = ["mail", "mail_words", "given_name", "surname", "job_title", "department", "company_name"]
    known += ["office_location", "employee_id", "mobile_phone", "mail_nickname", "usage_location"]
    _asked(
        "user_fields",
        *map(_name, names),
        *map(_maybe, [*known, "preferred_language"]),
        _name("user_type"),
        *map(_flag, ["account_enabled", "second_factor_required"]),
        _number("created_at"),
        *map(_name, ["business_phones", "other_mails", "directory_roles"]),
    )
    for ordered in ("display_name", "user_principal_name", "created_at"):
        _index("user_fields", "tenant_id", ordered, "id")
    _index("user_fields", "tenant_id", "mail")
    _asked(
        "group_fields",
        *map(_name, ["display_name", "display_name_words"]),
        *map(_maybe, ["description", "description_words", "mail_nickname"]),
        _flag("security_enabled"),
        _number("created_at"),
    )
    _index("group_fields", "tenant_id", "display_name", "id")


def _applications() -> None:
    _asked(
        "application_fields",
        *map(_name, ["app_id", "display_name", "display_name_words"]),
        *map(_maybe, ["description", "description_words"]),
        _name("sign_in_audience"),
        _maybe("publisher_domain"),
        _flag("enabled"),
        _number("created_at"),
        _number("credential_expires_at", nullable=True),
        *map(_name, ["identifier_uris", "redirect_uris", "part_ids", "tags"]),
    )
    _index("application_fields", "tenant_id", "display_name", "id")
    _index("application_fields", "app_id")
    _asked(
        "service_principal_fields",
        _name("app_id"),
        *map(_flag, ["account_enabled", "app_role_assignment_required"]),
        _number("created_at"),
        _name("tags"),
    )
    _index("service_principal_fields", "tenant_id", "app_id")


def _audits() -> None:
    _table(
        "directory_audits",
        *map(_name, ["tenant_id", "id"]),
        _number("at"),
        *map(_name, ["activity", "category", "operation", "correlation_id", "via"]),
        *map(_maybe, ["actor_id", "actor_user_principal_name", "actor_app_id"]),
        *map(_name, ["target_id", "target_name", "target_type"]),
        _document(),
        key=["tenant_id", "id"],
    )
    _index("directory_audits", "at")
    _index("directory_audits", "tenant_id", "at", "id")


def _journal() -> None:
    _table(
        "stories",
        *map(_name, ["tenant_id", "trace_id"]),
        _number("at"),
        *map(_name, ["correlation_id", "kind", "event"]),
        _flag("granted"),
        _number("aadsts", nullable=True),
        *map(_maybe, ["rule", "user_id", "user_principal_name", "client_id", "resource_id"]),
        _name("address"),
        _document(),
        key=["tenant_id", "trace_id"],
    )
    _index("stories", "trace_id")
    _index("stories", "at", "trace_id")
    _index("stories", "tenant_id", "at", "trace_id")
    _index("stories", "tenant_id", "user_id", "at")
    _index("stories", "tenant_id", "client_id", "at")
    _index("stories", "tenant_id", "correlation_id")
    use = ["tenant_id", "object_id", "key_id"]
    _table("credential_uses", *map(_name, use), _number("at"), key=use, sqlite_with_rowid=False)


def upgrade() -> None:
    _links()
    _deleted_items()
    _people()
    _applications()
    _audits()
    _journal()


def downgrade() -> None:
    raise NotImplementedError("steps are not taken back: restore a backup instead")

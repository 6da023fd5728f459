"""Which fields of each kind a collection may be asked by, under our nouns' names, and how each is read.

A store may keep what is read here beside the objects, and so need not read the objects to compare.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.owner import Owner
from entrada.core.directory.query.condition import Value
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.story import Story
from entrada.core.directory.user import User

COMPARED: Final = 400
"""Characters of a text that are compared and ordered by: so many fit into an index, whatever they are."""

SEPARATOR: Final = "\x1f"
"""Stands between a collection's elements where a store keeps them as one text; no element holds it."""


class Type(StrEnum):
    TEXT = "text"
    NUMBER = "number"  # moments too
    FLAG = "flag"
    COLLECTION = "collection"  # of texts; asked by `AnyElement` alone


@frozen(kw_only=True)
class Field:
    name: str
    type: Type
    read: Callable[[Any], Any]  # of an object of the kind; of its application where `of_application`
    may_order: bool = False
    may_search: bool = False
    always: bool = False  # never missing
    of_application: bool = False  # of a service principal: it has no name of its own

    def value(self, subject: object) -> Value:
        """What is compared: text without case, and no longer than an index takes."""
        value: Value = self.read(subject)
        return folded(value) if isinstance(value, str) else value

    def elements(self, subject: object) -> tuple[str, ...]:
        return tuple(folded(element).replace(SEPARATOR, " ") for element in self.read(subject))

    def words(self, subject: object) -> tuple[str, ...]:
        value = self.read(subject)
        return words(value) if isinstance(value, str) else ()


def folded(text: str) -> str:
    return text.casefold().replace("\0", "")[:COMPARED]  # PostgreSQL keeps no NUL


def words(text: str) -> tuple[str, ...]:
    """Runs of letters, marks and digits, without case."""
    spaced = "".join(one if unicodedata.category(one)[0] in "LMN" else " " for one in folded(text))
    return tuple(spaced.split())


# ---- how the tables below are written ----


def _text(name: str, read: str | Callable[[Any], Any] = "", **more: bool) -> Field:
    return _field(name, Type.TEXT, read, **more)


def _number(name: str, read: str | Callable[[Any], Any] = "", **more: bool) -> Field:
    return _field(name, Type.NUMBER, read, **more)


def _flag(name: str) -> Field:
    return _field(name, Type.FLAG, "", always=True)


def _collection(name: str, read: str | Callable[[Any], Iterable[str]] = "", **more: bool) -> Field:
    return _field(name, Type.COLLECTION, read, always=True, **more)


def _field(name: str, kind: Type, read: str | Callable[[Any], Any], **more: bool) -> Field:
    reading = attrgetter(read or name) if isinstance(read, str) else read
    return Field(name=name, type=kind, read=reading, **more)


def _table(*fields: Field) -> Mapping[str, Field]:
    return {field.name: field for field in fields}


def _id(name: str) -> Field:
    """Part of what identifies the object: a GUID in lower case."""
    return _text(name, always=True)


# ---- what is read otherwise than by its name ----


def _redirect_uris(application: Application) -> Iterable[str]:
    return (redirect.uri for redirect in application.redirect_uris)


def _part_ids(application: Application) -> Iterable[str]:
    """Whatever in an application has an id of its own, so that it is found by it."""
    yield from (secret.key_id for secret in application.client_secrets)
    yield from (certificate.key_id for certificate in application.certificates)
    yield from (federated.id for federated in application.federated_credentials)
    yield from (scope.id for scope in application.scopes)
    yield from (role.id for role in application.app_roles)


def _credential_expires_at(application: Application) -> int | None:
    """The first end among its secrets and certificates."""
    secrets = [secret.expires_at for secret in application.client_secrets]
    return min((*secrets, *(certificate.expires_at for certificate in application.certificates)), default=None)


def _principal_names(application: Application) -> Iterable[str]:
    return (application.app_id, *application.identifier_uris)


def _deleted_kind(item: DeletedItem) -> str:
    kinds = {"application": item.application, "user": item.user, "group": item.group}
    return next((name for name, deleted in kinds.items() if deleted is not None), "servicePrincipal")


def _deleted_app_id(item: DeletedItem) -> str | None:
    deleted = item.application or item.service_principal
    return deleted.app_id if deleted else None


def _deleted_name(item: DeletedItem) -> str | None:
    return item.user.user_principal_name if item.user else None


def _actor_id(audit: DirectoryAudit) -> str | None:
    return audit.initiated_by.user_id or audit.initiated_by.app_id


def _target_ids(audit: DirectoryAudit) -> Iterable[str]:
    return (target.id for target in audit.targets)


def _target_names(audit: DirectoryAudit) -> Iterable[str]:
    return (target.display_name for target in audit.targets)


def _target_types(audit: DirectoryAudit) -> Iterable[str]:
    return (target.type for target in audit.targets)


# ---- the kinds ----

_NAME: Final = _text("display_name", always=True, may_order=True, may_search=True)
_CREATED_AT: Final = _number("created_at", always=True, may_order=True)

FIELDS: Final[Mapping[type[Any], Mapping[str, Field]]] = {
    User: _table(
        _id("id"),
        _NAME,
        _text("user_principal_name", always=True, may_order=True, may_search=True),
        _text("mail", may_order=True, may_search=True),
        _text("given_name", may_order=True),
        _text("surname", may_order=True),
        _text("job_title", may_order=True),
        _text("department", may_order=True),
        _text("company_name"),
        _text("office_location"),
        _text("employee_id"),
        _text("mobile_phone"),
        _text("mail_nickname"),
        _text("usage_location"),
        _text("preferred_language"),
        _text("user_type", always=True),
        _flag("account_enabled"),
        _flag("second_factor_required"),
        _CREATED_AT,
        _collection("business_phones"),
        _collection("other_mails"),
        _collection("directory_roles"),
    ),
    Group: _table(
        _id("id"),
        _NAME,
        _text("description", may_search=True),
        _text("mail_nickname"),
        _flag("security_enabled"),
        _CREATED_AT,
    ),
    GroupMember: _table(_id("group_id"), _id("member_id")),
    Owner: _table(_id("object_id"), _id("owner_id")),
    Application: _table(
        _id("id"),
        _text("app_id", always=True),
        _NAME,
        _text("description", may_search=True),
        _text("sign_in_audience", always=True),
        _text("publisher_domain"),
        _flag("enabled"),
        _CREATED_AT,
        _number("credential_expires_at", _credential_expires_at, may_order=True),
        _collection("identifier_uris"),
        _collection("redirect_uris", _redirect_uris),
        _collection("part_ids", _part_ids),
        _collection("tags"),
    ),
    ServicePrincipal: _table(
        _id("id"),
        _text("app_id", always=True),
        _flag("account_enabled"),
        _flag("app_role_assignment_required"),
        _CREATED_AT,
        _collection("tags"),
        _text("display_name", may_order=True, may_search=True, of_application=True),
        _text("app_owner_tenant", "tenant_id", of_application=True),
        _text("sign_in_audience", of_application=True),
        _collection("service_principal_names", _principal_names, of_application=True),
    ),
    PermissionGrant: _table(_id("client_id"), _text("principal_id"), _id("resource_id")),
    AppRoleAssignment: _table(_id("principal_id"), _id("resource_id"), _id("app_role_id")),
    DeletedItem: _table(
        _id("id"),
        _text("kind", _deleted_kind, always=True),
        _NAME,
        _text("app_id", _deleted_app_id),
        _text("user_principal_name", _deleted_name),
        _number("deleted_at", always=True, may_order=True),
    ),
    DirectoryAudit: _table(
        _id("id"),
        _number("at", always=True, may_order=True),
        _text("activity", always=True, may_order=True),
        _text("category", always=True),
        _text("operation", always=True),
        _text("correlation_id", always=True),
        _text("via", "initiated_by.via", always=True),
        _text("actor_id", _actor_id),
        _text("actor_user_principal_name", "initiated_by.user_principal_name"),
        _text("actor_app_id", "initiated_by.app_id"),
        _collection("target_id", _target_ids),
        _collection("target_name", _target_names),
        _collection("target_type", _target_types),
    ),
    Story: _table(
        _id("trace_id"),
        _number("at", always=True, may_order=True),
        _text("correlation_id", always=True),
        _text("kind", always=True),
        _text("event", always=True),
        _flag("granted"),
        _number("aadsts"),
        _text("rule"),
        _text("user_id"),
        _text("user_principal_name"),
        _text("client_id"),
        _text("resource_id"),
        _text("address", always=True),
    ),
}


def field_of(kind: type[Any], name: str) -> Field:
    """Whoever lets others name fields looks into `FIELDS` first: an unknown one is a bug here."""
    if name not in FIELDS[kind]:
        raise ValueError(f"a {kind.__name__} is not asked by {name!r}")
    return FIELDS[kind][name]

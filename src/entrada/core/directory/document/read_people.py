"""Users, groups and messages of the file.  Graph: user, group, message."""

from attrs import evolve

from entrada.core.directory.derived_id import derived_id
from entrada.core.directory.directory_role import TEMPLATE_IDS
from entrada.core.directory.document.credential import read_password
from entrada.core.directory.document.entries import GroupEntry, HomeEntry, MessageEntry, UserEntry
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.fields import Fields
from entrada.core.directory.document.scalars import (
    boolean,
    country,
    guid,
    language,
    moment,
    paragraphs,
    principal_name,
    reference,
    text,
)
from entrada.core.directory.document.tree import Members, Node
from entrada.core.directory.group import Group
from entrada.core.directory.ids import GroupId, TenantId, UserId, parse_guid
from entrada.core.directory.names import is_principal_name
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import HomeAccount, User
from entrada.core.jose.numeric_date import NumericDate


def read_user(tenant: Tenant, node: Node) -> UserEntry:
    fields = Fields(node, "A user")
    given_id, home = fields.optional("id", guid), fields.optional("home", _home)
    name = _name(tenant, home, fields)
    user = _user(tenant, UserId(given_id or derived_id("user", tenant.id, name.lower())), name, fields)
    at_password = fields.position_of("password")
    entry = UserEntry(
        at=fields.at,
        # Whoever has a home elsewhere is a guest unless the file says otherwise.
        user=evolve(user, user_type=fields.given("userType", _user_type, "Guest" if home else "Member")),
        id_given=given_id is not None,
        password=fields.optional("password", read_password),
        home=home,
    )
    fields.finish()
    if home and entry.password:
        raise FaultFound(at_password, "A guest signs in at home and has no password here.")
    return entry


def _home(node: Node) -> HomeEntry:
    if not isinstance(node, Members):
        return HomeEntry(node.at, principal_name(node))
    fields = Fields(node, "home")
    account = HomeAccount(
        tenant_id=TenantId(fields.required("tenantId", guid)), user_id=UserId(fields.required("userId", guid))
    )
    fields.finish()
    return HomeEntry(node.at, account)


def _name(tenant: Tenant, home: HomeEntry | None, fields: Fields) -> str:
    at = fields.position_of("userPrincipalName")
    name = fields.optional("userPrincipalName", principal_name)
    if name is None and home and isinstance(home.account, str):
        name = guest_name(home.account, tenant)
    if name is None:
        fields.refuse_misspelt("userPrincipalName")
        raise FaultFound(at, "A user needs userPrincipalName.")
    if not is_principal_name(name):
        raise FaultFound(at, f"This guest needs a shorter userPrincipalName than {name}.")
    if name.partition("@")[2].lower() not in tenant.domains:
        raise FaultFound(at, f"{name!r} is in none of the tenant's domains: {', '.join(tenant.domains)}.")
    return name


def guest_name(home_name: str, tenant: Tenant) -> str:
    """What a guest is called where it is a guest: reference section 1."""
    return f"{home_name.replace('@', '_')}#EXT#@{tenant.default_domain}"


def _user(tenant: Tenant, user_id: UserId, name: str, fields: Fields) -> User:
    return User(
        id=user_id,
        tenant_id=tenant.id,
        user_principal_name=name,
        display_name=fields.required("displayName", text),
        given_name=fields.optional("givenName", text),
        surname=fields.optional("surname", text),
        mail=fields.optional("mail", text),
        job_title=fields.optional("jobTitle", text),
        mail_nickname=fields.optional("mailNickname", text),
        department=fields.optional("department", text),
        company_name=fields.optional("companyName", text),
        employee_id=fields.optional("employeeId", text),
        office_location=fields.optional("officeLocation", text),
        mobile_phone=fields.optional("mobilePhone", text),
        business_phones=fields.every("businessPhones", text),
        other_mails=fields.every("otherMails", text),
        account_enabled=fields.given("accountEnabled", boolean, default=True),
        directory_roles=frozenset(fields.every("directoryRoles", _directory_role)),
        second_factor_required=fields.given("secondFactorRequired", boolean, default=False),
        usage_location=fields.optional("usageLocation", country),
        preferred_language=fields.optional("preferredLanguage", language),
        sign_in_sessions_valid_from=fields.given("signInSessionsValidFromDateTime", moment, NumericDate(0)),
    )


def _user_type(node: Node) -> str:
    said = text(node)
    if said not in {"Member", "Guest"}:
        raise FaultFound(node.at, f"A user is a Member or a Guest, not {said!r}.")
    return said


def _directory_role(node: Node) -> str:
    said = text(node)
    if template_id := TEMPLATE_IDS.get(said) or parse_guid(said):
        return template_id
    raise FaultFound(node.at, f"No directory role is called {said!r}. Known: {', '.join(TEMPLATE_IDS)}.")


def read_group(tenant: Tenant, node: Node) -> GroupEntry:
    fields = Fields(node, "A group")
    given_id, name = fields.optional("id", guid), fields.required("displayName", text)
    entry = GroupEntry(
        at=fields.at,
        group=Group(
            id=GroupId(given_id or derived_id("group", tenant.id, name)),
            tenant_id=tenant.id,
            display_name=name,
            description=fields.optional("description", text),
            security_enabled=fields.given("securityEnabled", boolean, default=True),
            mail_nickname=fields.optional("mailNickname", text),
        ),
        id_given=given_id is not None,
        owners=fields.every("owners", reference),
        members=fields.every("members", reference),
    )
    fields.finish()
    return entry


def read_message(node: Node) -> MessageEntry:
    fields = Fields(node, "A message")
    sender = fields.within("from")
    entry = MessageEntry(
        at=fields.at,
        user=fields.required("user", reference),
        id=fields.optional("id", text),
        subject=fields.required("subject", text),
        sender_name=sender.required("name", text),
        sender_address=sender.required("address", text),
        received_at=fields.required("receivedDateTime", moment),
        body=fields.required("body", paragraphs),
        is_read=fields.given("isRead", boolean, default=False),
    )
    sender.finish()
    fields.finish()
    return entry

"""A directory as a file would say it, in an order that makes two exports comparable line by line."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from entrada.core.directory.application import Application
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.directory_role import ROLE_NAMES
from entrada.core.directory.document.branding import write_branding
from entrada.core.directory.document.index import Index
from entrada.core.directory.document.look_up import DEFAULT_ACCESS
from entrada.core.directory.document.plain_tree import Plain, members, texts, unless_true
from entrada.core.directory.document.policies import write_policies
from entrada.core.directory.document.scalars import written_lifetime
from entrada.core.directory.document.write_application import said_as, write_application
from entrada.core.directory.entity import Entity
from entrada.core.directory.graph.json_members import written_moment
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import TenantId, UserId, parse_guid
from entrada.core.directory.message import Message
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import HomeAccount, PasswordCredential, User

E = TypeVar("E", bound=Entity)


def write_document(entities: Iterable[Entity], tenant_ids: Iterable[TenantId], *, with_hashes: bool) -> Plain:
    """*entities*: all tenants and applications, and whatever the tenants to write hold."""
    all_of_them = tuple(entities)
    index = Index(all_of_them)
    tenants = [index.tenants[tenant_id] for tenant_id in tenant_ids]
    return {"tenants": [_TenantWriter(tenant, all_of_them, index, with_hashes).written() for tenant in tenants]}


class _TenantWriter:
    def __init__(self, tenant: Tenant, entities: tuple[Entity, ...], index: Index, with_hashes: bool) -> None:  # noqa: FBT001
        self._tenant = tenant
        self._entities = entities
        self._index = index
        self._with_hashes = with_hashes

    def written(self) -> Plain:
        return members(
            id=self._tenant.id,
            displayName=self._tenant.display_name,
            domains=texts(self._tenant.domains),
            enabled=unless_true(self._tenant.enabled),
            countryLetterCode=self._tenant.country,
            preferredLanguage=self._tenant.preferred_language,
            branding=write_branding(self._tenant.branding),
            policies=write_policies(self._tenant.policies),
            users=self._each(User, self._user, lambda user: user.user_principal_name.lower()),
            groups=self._each(Group, self._group, lambda group: group.display_name),
            applications=self._each(Application, self._application, lambda app: app.display_name.lower()),
            servicePrincipals=self._each(ServicePrincipal, self._principal, lambda principal: principal.app_id),
            oauth2PermissionGrants=self._each(PermissionGrant, self._grant, lambda _: ""),
            appRoleAssignments=self._each(AppRoleAssignment, self._assignment, lambda _: ""),
            messages=self._each(Message, self._message, lambda message: f"{message.user_id}{message.received_at:012}"),
        )

    def _own(self, kind: type[E]) -> list[E]:
        return [e for e in self._entities if isinstance(e, kind) and getattr(e, "tenant_id", None) == self._tenant.id]

    def _each(self, kind: type[E], write: Callable[[E], Plain | None], order: Callable[[E], str]) -> list[Plain]:
        written = ((order(entity), write(entity)) for entity in self._own(kind))
        return [
            plain for _, plain in sorted(((o, p) for o, p in written if p), key=lambda pair: (pair[0], str(pair[1])))
        ]

    def _user(self, user: User) -> Plain:
        revoked_at, usual_type = user.sign_in_sessions_valid_from, "Guest" if user.home else "Member"
        return members(
            id=user.id,
            userPrincipalName=user.user_principal_name,
            displayName=user.display_name,
            givenName=user.given_name,
            surname=user.surname,
            mail=user.mail,
            jobTitle=user.job_title,
            mailNickname=user.mail_nickname,
            department=user.department,
            companyName=user.company_name,
            employeeId=user.employee_id,
            officeLocation=user.office_location,
            mobilePhone=user.mobile_phone,
            businessPhones=texts(user.business_phones),
            otherMails=texts(user.other_mails),
            accountEnabled=unless_true(user.account_enabled),
            usageLocation=user.usage_location,
            preferredLanguage=user.preferred_language,
            userType=None if user.user_type == usual_type else user.user_type,
            home=self._home(user.home) if user.home else None,
            directoryRoles=texts(sorted(ROLE_NAMES.get(role, role) for role in user.directory_roles)),
            secondFactorRequired=user.second_factor_required or None,
            signInSessionsValidFromDateTime=written_moment(revoked_at) if revoked_at else None,
            password=None if user.home else self._password(user.password),
        )

    def _home(self, home: HomeAccount) -> Plain:
        """A user principal name where it leads back to the account; else the ids."""
        user = self._index.user(home.tenant_id, home.user_id)
        if user and self._index.account(user.user_principal_name) == user:
            return user.user_principal_name
        return {"tenantId": home.tenant_id, "userId": home.user_id}

    def _password(self, password: PasswordCredential | None) -> Plain | None:
        if password is None:
            return None
        if not self._with_hashes:
            return {"stored": True}
        return members(
            hash=password.hash,
            changedDateTime=written_moment(password.changed_at),
            seed=password.seed or None,
            mustChange=password.must_change or None,
        )

    def _group(self, group: Group) -> Plain:
        inside = (m.member_id for m in self._own(GroupMember) if m.group_id == group.id)
        return members(
            id=group.id,
            displayName=group.display_name,
            description=group.description,
            securityEnabled=unless_true(group.security_enabled),
            mailNickname=group.mail_nickname,
            owners=self._owners(group.id),
            members=texts(sorted(self._principal_name(member) for member in inside)),
        )

    def _owners(self, object_id: str) -> list[Plain]:
        """Users by name, service principals by their application's `appId`."""
        owning = [one.owner_id for one in self._own(Owner) if one.object_id == object_id]
        users = {one: self._index.user(self._tenant.id, one) for one in owning}
        named = (user.user_principal_name if user else self._app_id(one) for one, user in users.items())
        return texts(sorted(named))

    def _principal_name(self, object_id: str) -> str:
        """A user principal name or group name, where it means this object and no other; else the id."""
        if user := self._index.user(self._tenant.id, object_id):
            return user.user_principal_name
        return self._group_name(object_id)

    def _group_name(self, object_id: str) -> str:
        group = self._index.group(self._tenant.id, object_id)
        name = group.display_name if group else ""
        clear = group is not None and self._index.group(self._tenant.id, name) == group
        taken = parse_guid(name) or self._index.user(self._tenant.id, name)
        return name if clear and not taken else object_id

    def _application(self, application: Application) -> Plain:
        owners = self._owners(application.id)
        return write_application(application, self._index, owners, with_hashes=self._with_hashes)

    def _principal(self, principal: ServicePrincipal) -> Plain | None:
        """None for one that every application has in its own tenant anyway, and of one that may not be there."""
        application = self._index.application(principal.app_id)
        if application is None or not (application.tenant_id == principal.tenant_id or application.is_multi_tenant):
            return None
        own_id = service_principal_id(principal.tenant_id, principal.app_id)
        said = members(
            id=None if principal.id == own_id else principal.id,
            appId=principal.app_id,
            accountEnabled=unless_true(principal.account_enabled),
            appRoleAssignmentRequired=principal.app_role_assignment_required or None,
            lowImpactScopes=self._still_offered(principal.app_id, principal.low_impact_scopes),
            accessTokenLifetime=written_lifetime(principal.access_token_lifetime),
            notes=principal.notes,
            tags=texts(principal.tags),
            owners=self._owners(principal.id),
        )
        implied = principal.app_id == APP_ID or application.tenant_id == principal.tenant_id
        return None if implied and said == {"appId": principal.app_id} else said

    def _still_offered(self, app_id: str, scopes: frozenset[str]) -> list[Plain]:
        """Without those that the API has lost since: a file that names them could not be applied."""
        application = self._index.application(app_id)
        offered = {scope.value for scope in application.scopes} if application else set[str]()
        return texts(sorted(scopes & offered))

    def _app_id(self, principal_id: str) -> str:
        principal = self._index.principal(self._tenant.id, principal_id)
        return principal.app_id if principal else principal_id

    def _grant(self, grant: PermissionGrant) -> Plain | None:
        resource = self._app_id(grant.resource_id)
        if not (scopes := self._still_offered(resource, grant.scopes)):
            return None
        return members(
            clientAppId=self._app_id(grant.client_id),
            resourceAppId=resource,
            consentType="Principal" if grant.principal_id else "AllPrincipals",
            principal=self._user_name(grant.principal_id) if grant.principal_id else None,
            scopes=scopes,
        )

    def _assignment(self, assignment: AppRoleAssignment) -> Plain | None:
        """None for one of a role that is there no more, or no more for its holder's kind: it gives nothing."""
        holder, tenant_id = assignment.principal_id, self._tenant.id
        is_user, is_group = self._index.user(tenant_id, holder), self._index.group(tenant_id, holder)
        resource, kind = self._app_id(assignment.resource_id), "User" if is_user or is_group else "Application"
        if (role := self._role(resource, assignment, kind)) is None:
            return None
        return members(
            user=is_user.user_principal_name if is_user else None,
            group=self._group_name(holder) if is_group else None,
            clientAppId=None if is_user or is_group else self._app_id(holder),
            resourceAppId=resource,
            appRole=role,
        )

    def _role(self, app_id: str, assignment: AppRoleAssignment, kind: str) -> str | None:
        if assignment.app_role_id == DEFAULT_ACCESS:
            return DEFAULT_ACCESS
        application = self._index.application(app_id)
        roles = application.app_roles if application else ()
        offered = (role for role in roles if kind in role.allowed_member_types)
        return next((said_as(role, role.id) for role in offered if role.id == assignment.app_role_id), None)

    def _user_name(self, user_id: UserId) -> str:
        user = self._index.user(self._tenant.id, user_id)
        return user.user_principal_name if user else user_id

    def _message(self, message: Message) -> Plain:
        return members(
            id=message.id,
            user=self._user_name(message.user_id),
            subject=message.subject,
            **{"from": members(name=message.sender_name, address=message.sender_address)},
            receivedDateTime=written_moment(message.received_at),
            isRead=message.is_read or None,
            body=message.body,
        )

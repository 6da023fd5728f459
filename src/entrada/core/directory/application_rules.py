"""What must hold of a registration as a whole, whichever way it is written.  Reference sections 25 and 37.

Each rule says what is wrong, and under which of Graph's members.  The limits of an audience that includes personal
accounts are kept although nobody here has one: a registration that is taken here is taken by Entra as well.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from attrs import frozen

from entrada.core.directory import identifier_uri_rules
from entrada.core.directory.application import Application, SignInAudience
from entrada.core.directory.ids import PermissionId
from entrada.core.directory.permission import AppRole, PermissionScope
from entrada.core.directory.tenant import Tenant

MOST_ENTRIES: Final = 1200
P = TypeVar("P", PermissionScope, AppRole)
PERSONAL_AUDIENCES: Final = (SignInAudience.ORGS_AND_PERSONAL, SignInAudience.PERSONAL)


@frozen
class Broken:
    """A rule that does not hold: in a sentence, and under which member."""

    message: str
    target: str


def broken(application: Application, tenant: Tenant) -> Iterator[Broken]:
    for rule in _RULES:
        yield from rule(application)
    yield from _identifier_uris(application, tenant)


def newly_broken(before: Application, after: Application, tenant: Tenant) -> Broken | None:
    """What was wrong already is no reason to refuse another change."""
    known = set(broken(before, tenant))
    return next((one for one in broken(after, tenant) if one not in known), None) or _removed_while_enabled(
        before, after
    )


def is_for_personal_accounts(application: Application) -> bool:
    return application.sign_in_audience in PERSONAL_AUDIENCES


def _identifier_uris(app: Application, tenant: Tenant) -> Iterator[Broken]:
    for uri in app.identifier_uris:
        if said := identifier_uri_rules.fault(uri, app.app_id, tenant, multi_tenant=app.is_multi_tenant):
            yield Broken(said, "identifierUris")
    yield from _doubles(app.identifier_uris, "identifier URI", "identifierUris")


def _token_version(app: Application) -> Iterator[Broken]:
    if is_for_personal_accounts(app) and app.requested_access_token_version != 2:
        audience = app.sign_in_audience.value
        said = f"An application for {audience} gets tokens of version 2: set requestedAccessTokenVersion to 2."
        yield Broken(said, "api.requestedAccessTokenVersion")


def _redirect_uris(app: Application) -> Iterator[Broken]:
    # One URI under two platforms would leave it to chance which client rules hold.
    times = Counter(one.uri for one in app.redirect_uris)
    for one in app.redirect_uris:
        if times[one.uri] > 1:
            yield Broken(f"The redirect URI {one.uri!r} is listed twice.", f"{one.platform}.redirectUris")
            return
    for one in app.redirect_uris:
        if is_for_personal_accounts(app) and "?" in one.uri:
            said = f"The redirect URI {one.uri!r} has a query, which applications for personal accounts may not have."
            yield Broken(said, f"{one.platform}.redirectUris")
    yield from _at_most(256, 100, len(app.redirect_uris), "redirect URIs", "web.redirectUris", app)


def _permissions(app: Application) -> Iterator[Broken]:
    yield from _doubles((one.value for one in app.scopes), "scope", "api.oauth2PermissionScopes")
    yield from _doubles((one.value for one in app.app_roles), "app role", "appRoles")
    # Scopes and app roles share one namespace of ids.
    ids = [*(one.id for one in app.scopes), *(one.id for one in app.app_roles)]
    where = "appRoles" if app.app_roles else "api.oauth2PermissionScopes"
    yield from _doubles(ids, "permission id", where)


def _pre_authorized(app: Application) -> Iterator[Broken]:
    target = "api.preAuthorizedApplications"
    yield from _doubles((one.app_id for one in app.pre_authorized), "pre-authorized application", target)
    offered = {one.id for one in app.scopes}
    for one in app.pre_authorized:
        for unknown in sorted(one.permission_ids - offered):
            yield Broken(f"{unknown} is pre-authorized for {one.app_id}, and no scope of this application.", target)
        if is_for_personal_accounts(app) and len(one.permission_ids) > 30:
            yield Broken(f"An application is pre-authorized for at most 30 scopes: {one.app_id} has more.", target)
    yield from _at_most(500, 100, len(app.pre_authorized), "pre-authorized applications", target, app)


def _required(app: Application) -> Iterator[Broken]:
    target, counts = (
        "requiredResourceAccess",
        [len(one.scopes) + len(one.roles) for one in app.required_resource_access],
    )
    yield from _at_most(50, 50, len(counts), "APIs with required permissions", target, app)
    yield from _at_most(400, 200, sum(counts), "required permissions", target, app)
    if is_for_personal_accounts(app):
        yield from _at_most(30, 30, max(counts, default=0), "required permissions of one API", target, app)


def _personal(app: Application) -> Iterator[Broken]:
    if not is_for_personal_accounts(app):
        return
    yield from _at_most(90, 90, len(app.display_name), "characters in its name", "displayName", app)
    yield from _at_most(50, 50, len(app.identifier_uris), "identifier URIs", "identifierUris", app)
    longest_uri = max(map(len, app.identifier_uris), default=0)
    yield from _at_most(120, 120, longest_uri, "characters in an identifier URI", "identifierUris", app)
    yield from _at_most(100, 100, len(app.scopes), "scopes", "api.oauth2PermissionScopes", app)
    longest_value = max((len(one.value) for one in app.scopes), default=0)
    yield from _at_most(40, 40, longest_value, "characters in a scope's value", "api.oauth2PermissionScopes", app)
    yield from _at_most(0, 0, len(app.app_roles), "app roles", "appRoles", app)
    yield from _at_most(2, 2, len(app.client_secrets), "client secrets", "passwordCredentials", app)


def _entries(app: Application) -> Iterator[Broken]:
    lists: tuple[tuple[object, ...], ...] = (
        app.redirect_uris,
        app.identifier_uris,
        app.scopes,
        app.app_roles,
        app.pre_authorized,
        tuple(app.known_client_applications),
        app.client_secrets,
        app.certificates,
        app.tags,
    )
    required = sum(1 + len(one.scopes) + len(one.roles) for one in app.required_resource_access)
    allowed = sum(len(one.permission_ids) for one in app.pre_authorized)
    total = sum(map(len, lists)) + required + allowed
    if total > MOST_ENTRIES:
        yield Broken(f"All lists of a registration together hold at most {MOST_ENTRIES} entries, not {total}.", "")


def _at_most(most: int, personal: int, found: int, what: str, target: str, app: Application) -> Iterator[Broken]:
    limit = personal if is_for_personal_accounts(app) else most
    if found > limit:
        yield Broken(f"An application for {app.sign_in_audience} has at most {limit} {what}, not {found}.", target)


def _doubles(values: Iterable[str], what: str, target: str) -> Iterator[Broken]:
    seen = set[str]()
    for value in values:
        if value.lower() in seen:
            yield Broken(f"The {what} {value!r} is listed twice.", target)
        seen.add(value.lower())


def _removed_while_enabled(before: Application, after: Application) -> Broken | None:
    kept = {*(one.id for one in after.scopes), *(one.id for one in after.app_roles)}
    gone = [(one.value, "scope", "api.oauth2PermissionScopes") for one in _enabled(before.scopes, kept)]
    gone += [(one.value, "app role", "appRoles") for one in _enabled(before.app_roles, kept)]
    for value, what, target in gone:
        return Broken(f"The {what} {value!r} is enabled: set its isEnabled to false first, then remove it.", target)
    return None


def _enabled(permissions: tuple[P, ...], kept: set[PermissionId]) -> Iterator[P]:
    return (one for one in permissions if one.is_enabled and one.id not in kept)


_RULES: Final[tuple[Callable[[Application], Iterator[Broken]], ...]] = (
    _token_version,
    _redirect_uris,
    _permissions,
    _pre_authorized,
    _required,
    _personal,
    _entries,
)

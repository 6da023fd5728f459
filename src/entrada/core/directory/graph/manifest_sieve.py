"""What of a foreign manifest a new application can have here; a note for everything else that says something.

Nulls say nothing: `az` writes one for every member that there is not.
"""

from collections.abc import Mapping
from typing import Final, cast

from entrada.core.directory.graph.application_not_here import NOT_HERE
from entrada.core.directory.graph.application_patch import READ_ONLY

_PERMISSION: Final = "id isEnabled value"
_KNOWN: Final[Mapping[str, frozenset[str]]] = {
    path: frozenset(names.split())
    for path, names in {
        "": "displayName description notes tags serviceManagementReference signInAudience identifierUris web spa "
        "publicClient api info appRoles requiredResourceAccess optionalClaims groupMembershipClaims keyCredentials "
        "isFallbackPublicClient",
        "api": "knownClientApplications oauth2PermissionScopes preAuthorizedApplications requestedAccessTokenVersion",
        "api.oauth2PermissionScopes": f"{_PERMISSION} type adminConsentDescription adminConsentDisplayName "
        "userConsentDescription userConsentDisplayName",
        "api.preAuthorizedApplications": "appId delegatedPermissionIds",
        "appRoles": f"{_PERMISSION} allowedMemberTypes description displayName",
        "info": "termsOfServiceUrl supportUrl privacyStatementUrl marketingUrl",
        "keyCredentials": "key keyId type usage displayName startDateTime endDateTime",
        "optionalClaims": "idToken accessToken",
        "optionalClaims.idToken": "name essential additionalProperties",
        "optionalClaims.accessToken": "name essential additionalProperties",
        "publicClient": "redirectUris",
        "requiredResourceAccess": "resourceAppId resourceAccess",
        "requiredResourceAccess.resourceAccess": "id type",
        "spa": "redirectUris",
        "web": "redirectUris homePageUrl logoutUrl implicitGrantSettings",
        "web.implicitGrantSettings": "enableIdTokenIssuance",
    }.items()
}
_EXPECTED: Final = frozenset(
    {"id", "appId", "createdDateTime", "publisherDomain", "keyCredentials.customKeyIdentifier"}
)  # of its own, or of the tenant, in every manifest: they are made anew
_WHY: Final[Mapping[str, str]] = {
    **{path: fixed.why for path, fixed in NOT_HERE.items()},
    **dict.fromkeys(READ_ONLY, "it is read-only, and belongs to where it comes from."),
    "passwordCredentials": "a manifest holds no secrets: give the application a new one.",
    "keyCredentials": "the manifest names a certificate and does not hold it: upload it.",
    "optionalClaims": "there are no directory extensions here.",
    "appRoles": "a role without a value never reaches a token.",
}


def sifted(members: Mapping[str, object], notes: list[str]) -> dict[str, object]:
    """*notes* gets a sentence for each thing left out."""
    return _object(members, "", notes)


def _object(members: Mapping[str, object], path: str, notes: list[str]) -> dict[str, object]:
    known, found = _KNOWN[path], dict[str, object]()
    for name, value in members.items():
        own = f"{path}.{name}" if path else name
        if value is None or "@" in name:
            continue
        if name in known:
            found[name] = _value(value, own, notes)
        elif not _says_nothing(own, value):
            notes.append(f"left out: {own}: {_WHY.get(own, 'it means nothing here.')}")
    return found


def _value(value: object, path: str, notes: list[str]) -> object:
    if path not in _KNOWN:
        return value
    if isinstance(value, Mapping):
        return _object(cast("Mapping[str, object]", value), path, notes)
    if isinstance(value, list):
        items = (_item(one, path, notes) for one in cast("list[object]", value))
        return [one for one in items if one is not None]
    return value


def _item(item: object, path: str, notes: list[str]) -> object:
    if not isinstance(item, Mapping):
        return item
    members = cast("Mapping[str, object]", item)
    if (reason := _unusable(members, path)) is not None:
        named = next((members[one] for one in ("displayName", "name", "keyId") if members.get(one)), "one")
        notes.append(f"left out: {path}: {named}: {_WHY[reason]}")
        return None
    return _object(members, path, notes)


def _unusable(item: Mapping[str, object], path: str) -> str | None:
    """Under which reason a whole entry cannot be taken."""
    lacks = {"keyCredentials": "key", "appRoles": "value"}.get(path)
    if lacks is not None and not item.get(lacks):
        return path
    parent = path.partition(".")[0]
    return parent if parent == "optionalClaims" and item.get("source") else None


def _says_nothing(path: str, value: object) -> bool:
    if path in _EXPECTED or value is False or value in ([], {}, ""):
        return True
    if path in NOT_HERE and NOT_HERE[path].says_nothing(value):
        return True
    last = path.rpartition(".")[2]
    if last in {"lang", "origin"}:  # of permissions: always the same
        return True
    if last == "redirectUriSettings":
        return _has_no_index(value)
    return isinstance(value, Mapping) and not any(cast("Mapping[str, object]", value).values())


def _has_no_index(settings: object) -> bool:
    """They repeat web.redirectUris, and number them where somebody asked for that."""
    items = cast("list[object]", settings) if isinstance(settings, list) else [settings]
    return all(isinstance(one, Mapping) and cast("Mapping[str, object]", one).get("index") is None for one in items)

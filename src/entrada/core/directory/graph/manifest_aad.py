"""The older format of manifests, of Azure AD Graph, and Microsoft Graph's: the same members under other names.

Reference section 37, the table.  Values are carried over as they are, of whatever type: the reader of Graph's judges.
"""

from collections.abc import Iterable, Mapping
from typing import Final, cast

_RENAMED: Final[Mapping[str, str]] = {
    "name": "displayName",
    "accessTokenAcceptedVersion": "api.requestedAccessTokenVersion",
    "acceptMappedClaims": "api.acceptMappedClaims",
    "knownClientApplications": "api.knownClientApplications",
    "oauth2Permissions": "api.oauth2PermissionScopes",
    "preAuthorizedApplications": "api.preAuthorizedApplications",
    "allowPublicClient": "isFallbackPublicClient",
    "oauth2AllowImplicitFlow": "web.implicitGrantSettings.enableAccessTokenIssuance",
    "oauth2AllowIdTokenImplicitFlow": "web.implicitGrantSettings.enableIdTokenIssuance",
    "logoutUrl": "web.logoutUrl",
    "signInUrl": "web.homePageUrl",
    "logoUrl": "info.logoUrl",
    "objectId": "id",
}
_LINKS: Final[Mapping[str, str]] = {
    "termsOfService": "termsOfServiceUrl",
    "support": "supportUrl",
    "privacy": "privacyStatementUrl",
    "marketing": "marketingUrl",
}
_PLATFORMS: Final[Mapping[str, str]] = {"Web": "web", "Spa": "spa", "InstalledClient": "publicClient"}
_OF_CREDENTIALS: Final[Mapping[str, str]] = {"endDate": "endDateTime", "startDate": "startDateTime", "value": "key"}
_OF_SECRETS: Final[Mapping[str, str]] = {**_OF_CREDENTIALS, "value": "secretText"}
_OF_PRE_AUTHORIZED: Final[Mapping[str, str]] = {"permissionIds": "delegatedPermissionIds"}
_SILENT: Final = ("lang",)  # of permissions: null in every manifest
_MADE_UP: Final = ("objectId",)  # read, never written


def as_graph(manifest: Mapping[str, object]) -> dict[str, object]:
    found = dict[str, object]()
    for name, value in manifest.items():
        match name:
            case "replyUrlsWithType":
                _spread_reply_urls(found, value)
            case "informationalUrls":
                for link, url in _members(value).items():
                    _put(found, f"info.{_LINKS.get(link, link)}", url)
            case "errorUrl" if value is None:
                pass  # Microsoft Graph has none
            case _:
                _put(found, _RENAMED.get(name, name), _items_as_graph(name, value))
    return found


def as_aad_graph(members: Mapping[str, object]) -> dict[str, object]:
    """Of what `application_json` writes."""
    rest = dict(members)
    api, info, web = (_members(rest.pop(name)) for name in ("api", "info", "web"))
    platforms = {"web": web, "spa": _members(rest.pop("spa")), "publicClient": _members(rest.pop("publicClient"))}
    found = dict[str, object]()
    nested = {"api": api, "info": info, "web": web, "web.implicitGrantSettings": _members(web["implicitGrantSettings"])}
    for name, path in _RENAMED.items():
        parent, _, last = path.rpartition(".")
        if name not in _MADE_UP:
            found[name] = nested[parent][last] if parent else rest.pop(path)
    found["oauth2Permissions"] = [{**one, "lang": None, "origin": "Application"} for one in _each(api, _SCOPES)]
    found["preAuthorizedApplications"] = _renamed_items(api["preAuthorizedApplications"], _reversed(_OF_PRE_AUTHORIZED))
    found["appRoles"] = [{**one, "lang": None} for one in _each(rest, "appRoles")]
    found["keyCredentials"] = _renamed_items(rest["keyCredentials"], _reversed(_OF_CREDENTIALS))
    found["passwordCredentials"] = _renamed_items(rest["passwordCredentials"], _reversed(_OF_SECRETS))
    found["informationalUrls"] = {link: info[name] for link, name in _LINKS.items()}
    found["replyUrlsWithType"] = [
        {"url": url, "type": kind}
        for kind, name in _PLATFORMS.items()
        for url in _list(platforms[name]["redirectUris"])
    ]
    return {**rest, **found}


_SCOPES: Final = "oauth2PermissionScopes"


def _items_as_graph(name: str, value: object) -> object:
    match name:
        case "preAuthorizedApplications":
            return _renamed_items(value, _OF_PRE_AUTHORIZED)
        case "keyCredentials":
            return _renamed_items(value, _OF_CREDENTIALS)
        case "passwordCredentials":
            return _renamed_items(value, _OF_SECRETS)
        case "oauth2Permissions" | "appRoles":
            return _renamed_items(value, {})
        case _:
            return value


def _renamed_items(value: object, names: Mapping[str, str]) -> object:
    if not isinstance(value, list):
        return value
    return [_renamed(one, names) for one in cast("list[object]", value)]


def _renamed(item: object, names: Mapping[str, str]) -> object:
    if not isinstance(item, Mapping):
        return item
    members = cast("Mapping[str, object]", item)
    return {names.get(name, name): value for name, value in members.items() if name not in _SILENT or value is not None}


def _spread_reply_urls(found: dict[str, object], value: object) -> None:
    if not isinstance(value, list):
        _put(found, "web.redirectUris", value)  # the reader says what is wrong with it
        return
    by_platform: dict[str, list[object]] = {name: [] for name in _PLATFORMS.values()}
    unknown = list[object]()
    for one in cast("list[object]", value):
        entry = _members(one)
        platform = _PLATFORMS.get(str(entry.get("type")))
        if platform is None:
            unknown.append(one)
        else:
            by_platform[platform].append(entry.get("url"))
    for name, urls in by_platform.items():
        _put(found, f"{name}.redirectUris", urls)
    if unknown:
        found["replyUrlsWithType"] = unknown  # the reader knows no such member, and says so


def _put(found: dict[str, object], path: str, value: object) -> None:
    *parents, name = path.split(".")
    within = found
    for parent in parents:
        if not isinstance(within.get(parent), dict):  # a file may hold anything there
            within[parent] = dict[str, object]()
        within = cast("dict[str, object]", within[parent])
    within[name] = value


def _members(value: object) -> dict[str, object]:
    return dict(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value)


def _each(within: Mapping[str, object], name: str) -> Iterable[dict[str, object]]:
    return (_members(one) for one in _list(within[name]))


def _reversed(names: Mapping[str, str]) -> dict[str, str]:
    return {graph: aad for aad, graph in names.items()}

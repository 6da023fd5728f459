"""May a profile be so?  The same rules for the file, `entrada config` and import."""

import re
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from entrada.cli.profiles.profile import Kind, Profile, Where
from entrada.cli.profiles.words import FlowName
from entrada.client.authority import CLOUDS, Shape
from entrada.client.errors import BadSettings
from entrada.core.directory.ids import parse_guid

LONGEST_NAME: Final = 100
# Compiled by whoever names a tenant so: that takes longer than all other rules together.
_DOMAIN: Final = r"(?=.{4,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"
_OF_MANY: Final = frozenset({"common", "organizations", "consumers"})


class Wrong(NamedTuple):
    member: str  # as the file calls it
    words: str


def wrong_with(profile: Profile) -> Wrong | None:
    """The first thing that cannot be, or None."""
    return (
        _wrong_name(profile.name)
        or _wrong_place(profile)
        or _wrong_client(profile)
        or _wrong_proof(profile)
        or _wrong_flow(profile)
        or _wrong_redirect(profile.redirect_uri)
    )


def _wrong_name(name: str) -> Wrong | None:
    if not name or name != name.strip() or not name.isprintable() or len(name) > LONGEST_NAME or name.startswith("-"):
        return Wrong(
            "name",
            f"must be 1 to {LONGEST_NAME} characters that can be seen, without spaces around and no leading dash.",
        )
    return None


def _wrong_place(profile: Profile) -> Wrong | None:
    where = profile.where
    if not profile.names_authority and profile.proof.kind is Kind.MANAGED_IDENTITY:
        return None  # the machine knows whose it is
    said = [name for name in ("authority", "issuer") if getattr(where, name) is not None]
    if where.tenant is not None or where.instance is not None:
        said.append("tenant" if where.tenant is not None else "instance")
    if len(said) > 1:
        return Wrong(said[1], f"is said beside {said[0]}: give one of authority, issuer, and tenant with instance.")
    if not said:
        return Wrong("tenant", "is missing: give it, or authority, or issuer.")
    return _wrong_tenant(where) or _wrong_url(said[0], where)


def _wrong_tenant(where: Where) -> Wrong | None:
    if where.instance is not None and where.tenant is None:
        return Wrong("tenant", "is missing: an instance has many.")
    if where.instance is not None and where.instance not in CLOUDS and "://" not in where.instance:
        return Wrong("instance", f"must be a URL or one of {', '.join(CLOUDS)}.")
    if where.tenant is not None and not is_tenant(where.tenant):
        return Wrong("tenant", "must be a GUID, a domain such as contoso.example, common, organizations or consumers.")
    return None


def is_tenant(text: str) -> bool:
    return text in _OF_MANY or parse_guid(text) is not None or re.fullmatch(_DOMAIN, text, re.IGNORECASE) is not None


def _wrong_url(member: str, where: Where) -> Wrong | None:
    try:
        where.read()
    except BadSettings as error:
        return Wrong("instance" if where.instance else member, f"cannot be: {error}")
    return None


def _wrong_client(profile: Profile) -> Wrong | None:
    """Entra's ids are GUIDs; other providers hand out any text.  RFC 6749 §2.2, Appendix A.1."""
    client_id = profile.client_id
    if not client_id:
        of_machine = profile.proof.kind is Kind.MANAGED_IDENTITY  # the system-assigned one has no name
        return None if of_machine else Wrong("clientId", "is missing.")
    if not client_id.isascii() or not client_id.isprintable() or client_id != client_id.strip():
        return Wrong("clientId", "must be visible ASCII.")
    if profile.authority.shape is Shape.ENTRA and parse_guid(client_id) is None:
        return Wrong("clientId", "must be a GUID.")
    return None


def _wrong_proof(profile: Profile) -> Wrong | None:
    proof = profile.proof
    if proof.kind in (Kind.CERTIFICATE, Kind.FEDERATED) and proof.path is None:
        return Wrong("authentication", f"must say in which file, for {proof.kind}.")
    if proof.path is not None and not proof.path.is_absolute():
        return Wrong("authentication", "must say the whole path of the file.")
    if profile.ca_file is not None and not profile.ca_file.is_absolute():
        return Wrong("caFile", "must be a whole path.")
    return None


def _wrong_flow(profile: Profile) -> Wrong | None:
    flow, kind = profile.flow, profile.proof.kind
    if flow is FlowName.CLIENT_CREDENTIALS and kind in (Kind.NONE, Kind.MANAGED_IDENTITY):
        return Wrong("flow", "is client-credentials, and there are none: give a secret, a certificate or a token file.")
    if flow is not None and (flow is FlowName.MANAGED_IDENTITY) != (kind is Kind.MANAGED_IDENTITY):
        return Wrong("flow", f"cannot be {flow} with the authentication {kind}.")
    return None


def _wrong_redirect(uri: str | None) -> Wrong | None:
    if uri is None:
        return None
    try:
        parts = urlsplit(uri)
        ok = bool(parts.scheme) and not parts.fragment and uri.isascii() and uri.isprintable() and " " not in uri
    except ValueError:
        ok = False
    return None if ok else Wrong("redirectUri", "must be an absolute URI without fragment, such as http://localhost.")

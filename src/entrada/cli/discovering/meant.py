"""Which authority is meant: by a URL, a tenant, a profile, or the platform that runs here."""

from pathlib import Path
from typing import Final

import click
from attrs import frozen

from entrada.cli.inspecting.brought_token import profile_of
from entrada.cli.profiles.file import default_name
from entrada.cli.profiles.rules import is_tenant
from entrada.cli.tokens.own_roots import roots_of
from entrada.cli.tokens.running import running
from entrada.client.authority import WELL_KNOWN, Authority, entra_authority, oidc_authority, tenant_authority
from entrada.client.errors import BadSettings

_DOCUMENTS: Final = (f"/v2.0{WELL_KNOWN}", WELL_KNOWN)


@frozen
class Meant:
    authority: Authority
    ca_file: Path | None


def meant(named: str | None, issuer: str | None, profile: str | None, ca_file: Path | None) -> Meant:
    """*profile*: as the command line says; $ENTRADA_PROFILE is heeded where it names nothing.

    Raises UsageError, NotFound and BadSettings.
    """
    if sum(one is not None for one in (named, issuer, profile)) > 1:
        raise click.UsageError("Give one authority: as an argument, with --issuer, or with --profile.")
    if issuer is not None or named is not None:
        authority = oidc_authority(issuer) if issuer is not None else authority_of(str(named))
        return Meant(authority, ca_file or roots_of(authority.url))
    if (profile := profile or default_name()) is not None:
        found = profile_of(profile)
        return Meant(found.authority, ca_file or found.ca_file or roots_of(found.authority.url))
    up = running()
    if up is None:
        raise click.UsageError("Name an authority, such as https://login.example.com/contoso.example, or a --profile.")
    return Meant(entra_authority(up.authority), ca_file or up.ca_file)


def authority_of(named: str) -> Authority:
    """By its looks: what ends in a tenant is Entra's shape, anything else an OpenID Connect issuer.

    Raises BadSettings.
    """
    if "://" not in named:
        if not is_tenant(named):
            raise BadSettings(f"'{named}' is no URL and no tenant", advice="Give one, such as contoso.example.")
        return tenant_authority("public", named)
    bare = next((named.removesuffix(one) for one in _DOCUMENTS if named.endswith(one)), named)
    path = bare.partition("://")[2].partition("/")[2].rstrip("/")
    of_tenant = named.endswith(_DOCUMENTS[0]) or path.endswith("/v2.0") or is_tenant(path)
    return entra_authority(bare) if of_tenant else oidc_authority(bare)

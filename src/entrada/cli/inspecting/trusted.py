"""Whose signature counts: an authority, issuer or key set that was named, the profile's, or the running platform's."""

from pathlib import Path

import click
from attrs import frozen

from entrada.client.authority import Authority, entra_authority, oidc_authority


@frozen(kw_only=True)
class Trust:
    """An authority, or a key set that somebody vouches for, with the issuer whose it is."""

    authority: Authority | None = None
    jwks: str | None = None  # a file, or a URL
    issuer: str | None = None  # with jwks alone
    ca_file: Path | None = None


@frozen(kw_only=True)
class Wanted:
    """What a command line says of it."""

    verify: bool = False
    authority: str | None = None
    issuer: str | None = None
    jwks: str | None = None
    ca_file: Path | None = None
    profile: str | None = None

    def found(self) -> Trust | None:
        """None: nobody is to be asked.  Raises UsageError, BadSettings, NotFound."""
        if self.authority is not None and (self.issuer is not None or self.jwks is not None):
            raise click.UsageError("Give one of --authority, --issuer and --jwks; beside --jwks, --issuer says whose.")
        if self.jwks is not None:
            return Trust(jwks=self.jwks, issuer=self.issuer, ca_file=self.ca_file)
        if self.authority is not None:
            return Trust(authority=entra_authority(self.authority), ca_file=self.ca_file or _of_running(self.authority))
        if self.issuer is not None:
            return Trust(authority=oidc_authority(self.issuer), ca_file=self.ca_file)
        return _known(self.profile, self.ca_file) if self.verify else None


def _known(profile: str | None, ca_file: Path | None) -> Trust:
    if profile is not None:
        from entrada.cli.inspecting.brought_token import profile_of

        found = profile_of(profile)
        return Trust(authority=found.authority, ca_file=ca_file or found.ca_file)
    from entrada.cli.tokens.running import running

    up = running()
    if up is None:
        raise click.UsageError("Nobody is known to verify by: name --authority, --issuer, --jwks or --profile.")
    return Trust(authority=entra_authority(f"{up.origin}/organizations"), ca_file=ca_file or up.ca_file)


def _of_running(url: str) -> Path | None:
    """The roots of `entrada up`, where it is the one that is named."""
    from entrada.cli.tokens.running import running

    up = running() if "localhost" in url or "127.0.0.1" in url else None
    return up.ca_file if up is not None and url.startswith(f"{up.origin}/") else None

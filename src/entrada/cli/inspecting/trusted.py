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
            return Trust(jwks=self.jwks, issuer=self.issuer, ca_file=self.ca_file or _own(self.jwks))
        if self.authority is not None:
            return Trust(authority=entra_authority(self.authority), ca_file=self.ca_file or _own(self.authority))
        if self.issuer is not None:
            return Trust(authority=oidc_authority(self.issuer), ca_file=self.ca_file or _own(self.issuer))
        return _known(self.profile, self.ca_file) if self.verify else None


def _known(profile: str | None, ca_file: Path | None) -> Trust:
    from entrada.cli.profiles.file import default_name

    if (profile := profile or default_name()) is not None:
        from entrada.cli.inspecting.brought_token import profile_of

        found = profile_of(profile)
        return Trust(authority=found.authority, ca_file=ca_file or found.ca_file or _own(found.authority.url))
    from entrada.cli.tokens.running import running

    up = running()
    if up is None:
        raise click.UsageError("Nobody is known to verify by: name --authority, --issuer, --jwks or --profile.")
    return Trust(authority=entra_authority(f"{up.origin}/organizations"), ca_file=ca_file or up.ca_file)


def _own(url: str) -> Path | None:
    from entrada.cli.tokens.own_roots import roots_of  # only who verifies waits for it

    return roots_of(url)

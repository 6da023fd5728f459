"""By what the application of a profile proves itself: from the vault, from files, or given with the question."""

from pathlib import Path

from entrada.cli.endings import NotFound
from entrada.cli.profiles.profile import Kind, Profile
from entrada.cli.tokens.chosen import Chosen
from entrada.client.errors import BadSettings
from entrada.client.grants.client_authentication import ClientProof, ClientSecret, FederatedToken


def credential(chosen: Chosen) -> ClientProof | None:
    """None for a public client.  Raises NotFound, BadCredential, BadSettings and StorageError."""
    profile = chosen.profile
    match profile.proof.kind:
        case Kind.SECRET:
            return ClientSecret(_secret(chosen))
        case Kind.CERTIFICATE:
            return _certificate(chosen)
        case Kind.FEDERATED:
            return FederatedToken(_required_path(profile))
        case _:
            return None


def _secret(chosen: Chosen) -> str:
    secret = chosen.secret or _kept(chosen)
    if not secret:
        raise NotFound(
            f"Client secret not found for {chosen.title}. Keep one with `entrada config edit`, or give it with "
            "--client-secret-stdin or --client-secret-env."
        )
    return secret


def _certificate(chosen: Chosen) -> ClientProof:
    from entrada.client.grants.certificate import read_certificate  # only who has one waits for it

    password = chosen.secret or _kept(chosen)
    return read_certificate(_required_path(chosen.profile), chosen.profile.client_id, password)


def _kept(chosen: Chosen) -> str | None:
    if not chosen.kept:
        return None
    from entrada.cli.profiles.kept_secret import secret_of, vault_here

    return secret_of(vault_here(), chosen.profile)


def _required_path(profile: Profile) -> Path:
    if profile.proof.path is None:
        raise BadSettings(f"The profile {profile.name} names no file", advice="Name it with: entrada config edit")
    return profile.proof.path.expanduser()

"""What the environment says of an application, under the names that Azure's SDKs read, or ours, which win."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from entrada.cli.profiles.profile import Kind, Profile, Proof, Where, id_for
from entrada.cli.profiles.words import parse_scopes

_HOST: Final = "AZURE_AUTHORITY_HOST"


class Said(Protocol):
    def __call__(self, *names: str) -> str | None:
        """The value of the first of them that is set."""
        ...


def profile_of(environment: Mapping[str, str]) -> tuple[Profile, str | None] | None:
    """With the secret that belongs to it; None where neither names an application."""

    def said(*names: str) -> str | None:
        return next((value for name in names if (value := environment.get(name, "").strip())), None)

    client_id, tenant = said("ENTRADA_CLIENT_ID", "AZURE_CLIENT_ID"), said("AZURE_TENANT_ID")
    authority = said("ENTRADA_AUTHORITY")
    if client_id is None or (authority is None and tenant is None):
        return None
    where = Where(authority=authority) if authority else Where(instance=_instance(said(_HOST)), tenant=tenant)
    proof, secret = _proof(said)
    ca_file = said("ENTRADA_CA_FILE")
    profile = Profile(
        id=id_for(f"environment {where} {client_id}"),
        name="environment",
        where=where,
        client_id=client_id,
        scopes=parse_scopes(said("ENTRADA_SCOPES") or ""),
        proof=proof,
        ca_file=Path(ca_file) if ca_file else None,
    )
    return profile, secret


def _instance(host: str | None) -> str | None:
    """Azure's SDKs take a bare host too."""
    return f"https://{host}" if host and "://" not in host else host


def _proof(said: Said) -> tuple[Proof, str | None]:
    """The first of them that is there, in the order of azure-identity's EnvironmentCredential."""
    if (secret := said("ENTRADA_CLIENT_SECRET", "AZURE_CLIENT_SECRET")) is not None:
        return Proof(kind=Kind.SECRET), secret
    if (certificate := said("AZURE_CLIENT_CERTIFICATE_PATH")) is not None:
        return Proof(kind=Kind.CERTIFICATE, path=Path(certificate)), said("AZURE_CLIENT_CERTIFICATE_PASSWORD")
    if (token := said("AZURE_FEDERATED_TOKEN_FILE")) is not None:
        return Proof(kind=Kind.FEDERATED, path=Path(token)), None
    return Proof(), None

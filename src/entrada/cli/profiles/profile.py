"""A profile: as whom, and of whom, `entrada get-token -p NAME` asks for tokens.  No secret is in it."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from attrs import field, frozen

from entrada.cli.profiles.words import FlowName
from entrada.client.authority import Authority, entra_authority, oidc_authority, tenant_authority

DEFAULT_INSTANCE: Final = "public"


class Kind(StrEnum):
    """How the client shows that it is the client."""

    NONE = "none"  # a public client: a person signs in
    SECRET = "secret"
    CERTIFICATE = "certificate"
    FEDERATED = "federated"  # a token of another issuer, from a file
    MANAGED_IDENTITY = "managed-identity"


@frozen(kw_only=True, repr=False)
class Proof:
    kind: Kind = Kind.NONE
    path: Path | None = None  # of the certificate with its key, or of the federated token
    others: Mapping[str, object] = field(factory=dict[str, object])  # of a newer entrada, kept as they are

    @property
    def has_secret(self) -> bool:
        """Whether something of it may be in the vault: the client secret, or the password of the certificate."""
        return self.kind in (Kind.SECRET, Kind.CERTIFICATE)


class Where(NamedTuple):
    """Said in one of three ways: the whole *authority*, an *instance* with a *tenant*, or an OpenID *issuer*."""

    authority: str | None = None
    instance: str | None = None  # a URL, or a name of client.authority.CLOUDS
    tenant: str | None = None
    issuer: str | None = None

    def read(self) -> Authority:
        """Raises BadSettings; never for a profile of the file, which was judged when it was read."""
        if self.issuer is not None:
            return oidc_authority(self.issuer)
        if self.authority is not None:
            return entra_authority(self.authority)
        return tenant_authority(self.instance or DEFAULT_INSTANCE, self.tenant or "")


@frozen(kw_only=True, repr=False)
class Profile:
    id: str  # its own for ever: a rename, or the name in other letters, finds the same secret
    name: str
    where: Where
    client_id: str
    scopes: tuple[str, ...] = ()
    flow: FlowName | None = None
    proof: Proof = Proof()
    redirect_uri: str | None = None
    ca_file: Path | None = None  # roots to trust in place of the system's
    created_at: str | None = None  # ISO 8601, UTC
    updated_at: str | None = None
    others: Mapping[str, object] = field(factory=dict[str, object])  # of a newer entrada, kept as they are

    @property
    def names_authority(self) -> bool:
        """Always, save where the machine knows whose identity it has."""
        return self.where != Where()

    @property
    def authority(self) -> Authority:
        """Of a managed identity, which asks the machine, a name that serves the cache alone."""
        return self.where.read() if self.names_authority else tenant_authority(DEFAULT_INSTANCE, "organizations")

    @property
    def secret_name(self) -> str:
        """In the vault."""
        return f"secret/{self.id}"

    @property
    def default_flow(self) -> FlowName:
        """As said; else as the client shows who it is: with nothing to show, a person has to sign in."""
        if self.flow is not None:
            return self.flow
        match self.proof.kind:
            case Kind.NONE:
                return FlowName.INTERACTIVE
            case Kind.MANAGED_IDENTITY:
                return FlowName.MANAGED_IDENTITY
            case _:
                return FlowName.CLIENT_CREDENTIALS

    def is_called(self, name: str) -> bool:
        return self.name.casefold() == name.casefold()


def id_for(name: str) -> str:
    """Of a profile that was written by hand, without an id."""
    import hashlib  # of OpenSSL, which takes its time

    return hashlib.sha256(name.casefold().encode()).hexdigest()[:16]

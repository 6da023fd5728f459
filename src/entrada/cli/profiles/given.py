"""What a command line, or a person who was asked, says of a profile; and the profile that comes of it."""

from pathlib import Path
from typing import Any, Final

from attrs import evolve, field, frozen

from entrada.cli.profiles.profile import Kind, Profile, Proof, Where
from entrada.cli.profiles.words import FlowName

_UNSET: Final[dict[str, tuple[str, object]]] = {  # by what a command line calls it
    "scopes": ("scopes", ()),
    "flow": ("flow", None),
    "redirect-uri": ("redirect_uri", None),
    "ca": ("ca_file", None),
}
UNSETTABLE: Final = tuple(_UNSET)


@frozen(kw_only=True)
class Given:
    """None: nothing was said of it."""

    authority: str | None = None
    instance: str | None = None
    tenant: str | None = None
    issuer: str | None = None
    client_id: str | None = None
    scopes: tuple[str, ...] | None = None
    flow: FlowName | None = None
    kind: Kind | None = None
    certificate: Path | None = None
    token_file: Path | None = None
    redirect_uri: str | None = None
    ca_file: Path | None = None
    secret: str | None = field(default=None, repr=False)  # of the client, or the password of its certificate
    unset: tuple[str, ...] = ()

    @property
    def proof(self) -> Proof | None:
        """A credential that was given says its kind."""
        path = self.certificate or self.token_file
        kind = self.kind or self._said_by_credential()
        return None if kind is None else Proof(kind=kind, path=path.absolute() if path else None)

    def _said_by_credential(self) -> Kind | None:
        if self.certificate:
            return Kind.CERTIFICATE
        if self.token_file:
            return Kind.FEDERATED
        return None

    @property
    def names_place(self) -> bool:
        return any((self.authority, self.tenant, self.issuer))


def applied(profile: Profile, given: Given) -> Profile:
    """*profile* as *given* has it; not judged yet."""
    changes: dict[str, object] = {
        "where": _where(profile.where, given),
        "client_id": given.client_id,
        "scopes": given.scopes,
        "flow": given.flow,
        "proof": _proof(profile.proof, given),
        "redirect_uri": given.redirect_uri,
        "ca_file": given.ca_file.absolute() if given.ca_file else None,
    }
    said: dict[str, Any] = {name: value for name, value in changes.items() if value is not None}
    changed = evolve(profile, **said)
    emptied: dict[str, Any] = dict(_UNSET[name] for name in given.unset)
    return evolve(changed, **emptied)


def _where(before: Where, given: Given) -> Where | None:
    """Another way to say it takes the place of the first; a tenant alone stays at its instance."""
    if given.authority or given.issuer:
        return Where(authority=given.authority, issuer=given.issuer, tenant=given.tenant, instance=given.instance)
    if given.tenant or given.instance:
        return Where(tenant=given.tenant or before.tenant, instance=given.instance or before.instance)
    return None


def _proof(before: Proof, given: Given) -> Proof | None:
    """The same kind once more keeps its file, and what a newer entrada said of it."""
    proof = given.proof
    if proof is not None and proof.kind is before.kind:
        return evolve(before, path=proof.path or before.path)
    return proof

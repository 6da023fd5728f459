"""Secrets and certificates of an application: add and remove.  Graph: addPassword, removePassword, addKey, removeKey.

A secret is made here and told once; what is kept of it is a digest.
"""

from collections.abc import Mapping
from typing import Final

from attrs import evolve, field, frozen

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.application import Application, ClientSecret
from entrada.core.directory.client_credential import ClientCertificate
from entrada.core.directory.graph.application_credential_requests import (
    WantedPassword,
    key_id_of,
    new_key,
    old_key,
    wanted_password,
)
from entrada.core.directory.graph.password_credential import password_json
from entrada.core.directory.key_proof import proof_fault
from entrada.core.jose import base64url
from entrada.server.usecases.administer.application_change import change_credentials
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.renew_client_secret import digest_of

_BYTES: Final = 32


@frozen
class AddedPassword:
    """The one answer that holds the secret."""

    credential: ClientSecret
    secret_text: str = field(repr=False)

    @property
    def json(self) -> dict[str, object]:
        return password_json(self.credential, secret_text=self.secret_text)


async def add_password(
    here: Installation, actor: Actor, name: str, members: Mapping[str, object], seen: int | None = None
) -> AddedPassword | Problem:
    """*members* is {"passwordCredential": {"displayName", "startDateTime"?, "endDateTime"?}}."""

    def change(before: Application) -> tuple[Application, AddedPassword] | Problem:
        wanted = wanted_password(members, here.clock())
        if isinstance(wanted, Problem):
            return wanted
        added = _made(here, wanted)
        return evolve(before, client_secrets=(*before.client_secrets, added.credential)), added

    return await change_credentials(here, actor, name, seen, change)


def _made(here: Installation, wanted: WantedPassword) -> AddedPassword:
    value = base64url.encode(here.entropy(_BYTES))
    credential = ClientSecret(
        key_id=here.new_id(),
        display_name=wanted.display_name,
        digest=digest_of(value),
        hint=value[:3],
        not_before=wanted.not_before,
        expires_at=wanted.expires_at,
    )
    return AddedPassword(credential, value)


async def remove_password(
    here: Installation, actor: Actor, name: str, members: Mapping[str, object], seen: int | None = None
) -> Problem | None:
    """*members* is {"keyId"}."""

    def change(before: Application) -> tuple[Application, None] | Problem:
        key_id = key_id_of(members)
        if isinstance(key_id, Problem):
            return key_id
        kept = tuple(one for one in before.client_secrets if one.key_id != key_id)
        if kept == before.client_secrets:
            return bad(f"The application has no client secret with the keyId '{key_id}'.", "keyId")
        return evolve(before, client_secrets=kept), None

    return await change_credentials(here, actor, name, seen, change)


async def add_key(
    here: Installation, actor: Actor, name: str, members: Mapping[str, object], seen: int | None = None
) -> ClientCertificate | Problem:
    """*members* is {"keyCredential": {"type", "usage", "key"}, "passwordCredential": null, "proof"}."""

    def change(before: Application) -> tuple[Application, ClientCertificate] | Problem:
        asked = new_key(members, here.new_id)
        if isinstance(asked, Problem):
            return asked
        if fault := proof_fault(asked.proof, before, here.clock()):
            return bad(fault, "proof")
        added = asked.certificate
        if any(added.key_id == one.key_id or added.der == one.der for one in before.certificates):
            return bad("The application has this certificate, or this keyId, already.", "keyCredential")
        return evolve(before, certificates=(*before.certificates, added)), added

    return await change_credentials(here, actor, name, seen, change, itself=True)


async def remove_key(
    here: Installation, actor: Actor, name: str, members: Mapping[str, object], seen: int | None = None
) -> Problem | None:
    """*members* is {"keyId", "proof"}."""

    def change(before: Application) -> tuple[Application, None] | Problem:
        asked = old_key(members)
        if isinstance(asked, Problem):
            return asked
        if fault := proof_fault(asked.proof, before, here.clock()):
            return bad(fault, "proof")
        kept = tuple(one for one in before.certificates if one.key_id != asked.key_id)
        if kept == before.certificates:
            return bad(f"The application has no certificate with the keyId '{asked.key_id}'.", "keyId")
        return evolve(before, certificates=kept), None

    return await change_credentials(here, actor, name, seen, change, itself=True)

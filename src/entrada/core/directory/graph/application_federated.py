"""A federated credential as Graph writes it.  federatedIdentityCredential, reference sections 20.3 and 38."""

from collections.abc import Mapping

from entrada.core.directory import federated_credential_rules as rules
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.client_credential import FederatedCredential
from entrada.core.directory.graph.json_members import (
    MemberFault,
    Members,
    Read,
    each,
    judge,
    line,
    reading,
    said,
    text,
)


def federated_json(credential: FederatedCredential) -> dict[str, object]:
    return {
        "id": credential.id,
        "name": credential.name,
        "issuer": credential.issuer,
        "subject": credential.subject,
        "description": credential.description,
        "audiences": [credential.audience],
    }


def new_federated(members: Mapping[str, object], credential_id: str) -> FederatedCredential | Problem:
    return reading(lambda: _new(Members(members, "federated credential"), credential_id))


def patched_federated(before: FederatedCredential, members: Mapping[str, object]) -> FederatedCredential | Problem:
    return reading(lambda: _patched(before, Members(members, "federated credential")))


def _new(members: Members, credential_id: str) -> FederatedCredential:
    credential = FederatedCredential(
        id=credential_id,
        name=members.required("name", _name),
        issuer=members.required("issuer", _issuer),
        subject=members.required("subject", _compared("subject")),
        audience=members.required("audiences", _audience),
        description=members.nullable("description", line(rules.MAX_LENGTH, empty=True), None) or None,
    )
    members.only("id", why="id is made here: leave it out.")
    members.finish()
    return credential


def _patched(before: FederatedCredential, members: Members) -> FederatedCredential:
    members.only("id", before.id, why="id is read-only: leave it out.")
    members.only("name", before.name, why="The name of a federated credential stays: make another one.")
    credential = FederatedCredential(
        id=before.id,
        name=before.name,
        issuer=members.given("issuer", _issuer, before.issuer),
        subject=members.given("subject", _compared("subject"), before.subject),
        audience=members.given("audiences", _audience, before.audience),
        description=members.nullable("description", line(rules.MAX_LENGTH, empty=True), before.description) or None,
    )
    members.finish()
    return credential


def _name(value: object, path: str) -> str:
    name = text(value, path)
    if not rules.NAME.fullmatch(name):
        raise MemberFault(f"{path} is {rules.NAME_IN_WORDS}, not {said(name)}.", path)
    return name


def _issuer(value: object, path: str) -> str:
    issuer = text(value, path)
    judge(rules.issuer_fault(issuer), path)
    return issuer


def _compared(what: str) -> Read[str]:
    """What a token must say exactly so."""

    def read(value: object, path: str) -> str:
        found = text(value, path)
        judge(rules.compared_fault(what, found), path)
        return found

    return read


def _audience(value: object, path: str) -> str:
    audiences = each(_compared("token's audience"))(value, path)
    judge(rules.audiences_fault(audiences), path)
    return audiences[0]

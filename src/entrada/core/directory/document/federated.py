"""A federated credential in the file: whose tokens stand for the client.  Graph: federatedIdentityCredential.

Reference section 20.3.
"""

from collections.abc import Callable

from entrada.core.directory import federated_credential_rules as rules
from entrada.core.directory.client_credential import FederatedCredential
from entrada.core.directory.derived_id import derived_id
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.fields import Fields, each
from entrada.core.directory.document.plain_tree import Plain, members
from entrada.core.directory.document.scalars import guid, line, matching, text
from entrada.core.directory.document.tree import Node
from entrada.core.directory.ids import ClientId

_name = matching(rules.NAME, rules.NAME_IN_WORDS)


def federated_id(app_id: ClientId, name: str) -> str:
    return derived_id("federatedIdentityCredential", app_id, name)


def read_federated(app_id: ClientId, node: Node) -> FederatedCredential:
    fields = Fields(node, "A federated credential")
    name = fields.required("name", _name)
    credential = FederatedCredential(
        id=fields.optional("id", guid) or federated_id(app_id, name),
        name=name,
        issuer=fields.required("issuer", _issuer),
        subject=fields.required("subject", _compared("subject")),
        audience=fields.required("audiences", _one_audience),
        description=fields.optional("description", _short),
    )
    fields.finish()
    return credential


def write_federated(app_id: ClientId, credential: FederatedCredential) -> Plain:
    return members(
        id=None if credential.id == federated_id(app_id, credential.name) else credential.id,
        name=credential.name,
        issuer=credential.issuer,
        subject=credential.subject,
        audiences=[credential.audience],
        description=credential.description,
    )


def _short(node: Node) -> str:
    said = line(node)
    if len(said) > rules.MAX_LENGTH:
        raise FaultFound(node.at, f"This takes at most {rules.MAX_LENGTH} characters, not {len(said)}.")
    return said


def _compared(what: str) -> Callable[[Node], str]:
    """What a token must say exactly so."""

    def read(node: Node) -> str:
        said = text(node)
        _judge(rules.compared_fault(what, said), node)
        return said

    return read


def _issuer(node: Node) -> str:
    said = text(node)
    _judge(rules.issuer_fault(said), node)
    return said


def _one_audience(node: Node) -> str:
    audiences = each(_compared("token's audience"))(node)
    _judge(rules.audiences_fault(audiences), node)
    return audiences[0]


def _judge(fault: str | None, node: Node) -> None:
    if fault is not None:
        raise FaultFound(node.at, fault)

"""A federated credential in the file: whose tokens stand for the client.  Graph: federatedIdentityCredential.

Reference section 20.3.
"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import SplitResult, urlsplit

from entrada.core.directory.client_credential import FederatedCredential
from entrada.core.directory.derived_id import derived_id
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.fields import Fields, each
from entrada.core.directory.document.plain_tree import Plain, members
from entrada.core.directory.document.scalars import guid, matching, text
from entrada.core.directory.document.tree import Node
from entrada.core.directory.ids import ClientId
from entrada.core.directory.redirect_uri_rules import LOOPBACK_HOSTS

MAX_LENGTH: Final = 600
_PLAIN: Final = re.compile(r"[!-~]+")
_name = matching(
    re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,119}"),
    "a name of 3 to 120 letters, digits, dashes and underscores, a letter or digit first",
)


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
    said = text(node)
    if len(said) > MAX_LENGTH:
        raise FaultFound(node.at, f"This takes at most {MAX_LENGTH} characters, not {len(said)}.")
    return said


def _compared(what: str) -> Callable[[Node], str]:
    """What a token must say exactly so."""

    def read(node: Node) -> str:
        said = _short(node)
        if said != said.strip() or "*" in said:
            raise FaultFound(
                node.at, f"A {what} is compared character by character: no blanks around it, no wildcard (*)."
            )
        return said

    return read


def _issuer(node: Node) -> str:
    said = _compared("token's issuer")(node)
    if not _is_issuer(said):
        raise FaultFound(node.at, f"{said!r} is not an issuer: an https address without query and fragment.")
    return said


def _is_issuer(said: str) -> bool:
    """Its keys are fetched below this address.  Plain http is for this machine alone, as for redirect URIs."""
    parts = _split(said)
    if (
        parts is None
        or not parts.hostname
        or "@" in parts.netloc
        or "?" in said
        or "#" in said
        or not _PLAIN.fullmatch(said)
    ):
        return False
    on_loopback = parts.netloc.rpartition(":")[0] in LOOPBACK_HOSTS or parts.netloc in LOOPBACK_HOSTS
    return parts.scheme == "https" or (parts.scheme == "http" and on_loopback)


def _split(said: str) -> SplitResult | None:
    try:
        parts = urlsplit(said)
        return parts if parts.port != 0 else None  # looking for the port finds what is none
    except ValueError:
        return None


def _one_audience(node: Node) -> str:
    audiences = each(_compared("token's audience"))(node)
    if len(audiences) != 1:
        raise FaultFound(
            node.at,
            f"A federated credential has one audience, as a rule api://AzureADTokenExchange, not {len(audiences)}.",
        )
    return audiences[0]

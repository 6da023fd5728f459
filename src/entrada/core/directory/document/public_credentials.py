"""An application's certificates and federated credentials once a file is applied.

What the file names, under the ids that are stored, and what it does not name where it is merged: a certificate that
was added elsewhere stays, as a secret does.  Reference section 20.3 for how many there may be.
"""

from collections.abc import Iterable
from typing import TypeVar

from attrs import evolve

from entrada.core.directory.application import Application
from entrada.core.directory.client_credential import ClientCertificate, FederatedCredential
from entrada.core.directory.document.certificate import certificate_key_id
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.federated import federated_id
from entrada.core.directory.document.tree import Position
from entrada.core.directory.federated_credential_rules import rivals_fault

C = TypeVar("C")


def with_public_credentials(
    asked: Application, at: Position, stored: Application | None, *, prune: bool
) -> Application:
    """Raises FaultFound at *at* where two of them cannot stand together."""
    _refuse_rivals(asked, at)
    settled = evolve(
        asked,
        certificates=_certificates(asked, stored.certificates if stored else (), prune=prune),
        federated_credentials=_federated(asked, stored.federated_credentials if stored else (), prune=prune),
    )
    _refuse_rivals(settled, at)
    return settled


def _certificates(
    asked: Application, stored: tuple[ClientCertificate, ...], *, prune: bool
) -> tuple[ClientCertificate, ...]:
    """An id that only follows from the certificate gives way to the stored one."""
    ids = {one.der: one.key_id for one in stored}
    named = dict[str, ClientCertificate]()
    for one in asked.certificates:
        id_given = one.key_id != certificate_key_id(asked.app_id, one.der)
        id_given |= any(one.key_id == other.key_id for other in stored)
        key_id = one.key_id if id_given else ids.get(one.der, one.key_id)
        named[key_id] = evolve(one, key_id=key_id)
    return _merged({one.key_id: one for one in stored}, named, prune=prune)


def _federated(
    asked: Application, stored: tuple[FederatedCredential, ...], *, prune: bool
) -> tuple[FederatedCredential, ...]:
    ids = {one.name: one.id for one in stored}
    named = dict[str, FederatedCredential]()
    for one in asked.federated_credentials:
        id_given = one.id != federated_id(asked.app_id, one.name)
        named[one.name] = one if id_given else evolve(one, id=ids.get(one.name, one.id))
    return _merged({one.name: one for one in stored}, named, prune=prune)


def _merged(stored: dict[str, C], named: dict[str, C], *, prune: bool) -> tuple[C, ...]:
    """What the file names and, when nothing is removed, the rest: what is stored first, in its order."""
    kept = {key: one for key, one in stored.items() if key in named or not prune}
    return tuple((kept | named).values())


def _refuse_rivals(application: Application, at: Position) -> None:
    _refuse_double("certificate with keyId", (one.key_id for one in application.certificates), at)
    if fault := rivals_fault(application.federated_credentials):
        raise FaultFound(at, fault)


def _refuse_double(what: str, words: Iterable[str], at: Position) -> None:
    seen = set[str]()
    for word in words:
        if word in seen:
            raise FaultFound(at, f"The {what} {word!r} is there twice.")
        seen.add(word)

"""What applications prove themselves with: secrets, certificates, issuers they trust.  Reference sections 20 and 38."""

from typing import Final

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.client_credential import FederatedCredential
from entrada.core.directory.graph.application_federated import federated_json
from entrada.core.directory.graph.key_credential import key_json
from entrada.core.directory.graph.password_credential import password_json
from entrada.server.usecases.administer.application_credentials import (
    add_key,
    add_password,
    remove_key,
    remove_password,
)
from entrada.server.usecases.administer.federated_credentials import (
    change_federated_credential,
    create_federated_credential,
    delete_federated_credential,
    find_federated_credential,
    list_federated_credentials,
    upsert_federated_credential,
)
from entrada.server.web.graph import shapes
from entrada.server.web.graph.endpoint import Call, Endpoint, Resource
from entrada.server.web.graph.find_endpoint import alternate, named
from entrada.server.web.graph.replies import One, Plain, Reply
from entrada.server.web.graph.replying import done, sliced
from entrada.server.web.graph.row import changes, deletes, does, lists, makes, shows

FEDERATED: Final = Resource(set="federatedIdentityCredentials", entity=shapes.FEDERATED_CREDENTIAL)
_CHANGE: Final = Operation.CHANGE_APPLICATION
_CREATE_IF_MISSING: Final = "create-if-missing"


async def _add_password(call: Call) -> Reply:
    added = await add_password(call.here, call.actor, named(call.id), call.members, call.seen)
    if isinstance(added, Problem):
        return added
    return Plain("microsoft.graph.passwordCredential", password_json(added.credential, secret_text=added.secret_text))


async def _remove_password(call: Call) -> Reply:
    return done(await remove_password(call.here, call.actor, named(call.id), call.members, call.seen))


async def _add_key(call: Call) -> Reply:
    added = await add_key(call.here, call.actor, named(call.id), call.members, call.seen)
    return added if isinstance(added, Problem) else Plain("microsoft.graph.keyCredential", key_json(added))


async def _remove_key(call: Call) -> Reply:
    return done(await remove_key(call.here, call.actor, named(call.id), call.members, call.seen))


async def _federated(call: Call) -> Reply:
    found = await list_federated_credentials(call.here, call.actor, named(call.id))
    return found if isinstance(found, Problem) else sliced(found, call, federated_json)


async def _show_federated(call: Call) -> Reply:
    return _one(await find_federated_credential(call.here, call.actor, named(call.id), _credential(call)))


async def _make_federated(call: Call) -> Reply:
    made = await create_federated_credential(call.here, call.actor, named(call.id), call.members, call.seen)
    return _one(made, made=True)


async def _change_federated(call: Call) -> Reply:
    by_name = alternate(call.keys["credential"]) is not None and _CREATE_IF_MISSING in call.prefers
    change = upsert_federated_credential if by_name else change_federated_credential
    changed = await change(call.here, call.actor, named(call.id), _credential(call), call.members, call.seen)
    return _one(changed, changed=True)


async def _delete_federated(call: Call) -> Reply:
    return done(await delete_federated_credential(call.here, call.actor, named(call.id), _credential(call), call.seen))


def _credential(call: Call) -> str:
    return named(call.keys["credential"])


def _one(found: FederatedCredential | Problem, *, made: bool = False, changed: bool = False) -> Reply:
    return found if isinstance(found, Problem) else One(members=federated_json(found), made=made, changed=changed)


# fmt: off
ROWS: Final[tuple[Endpoint, ...]] = (
    does("/applications/{id}/addPassword", _CHANGE, "Makes a client secret, told in this answer and never again.",
         _add_password, shapes.ADD_PASSWORD, shapes.PASSWORD_CREDENTIAL),
    does("/applications/{id}/removePassword", _CHANGE, "Removes a client secret, by its keyId.",
         _remove_password, shapes.KEY_ID),
    does("/applications/{id}/addKey", _CHANGE, "Adds a certificate; `proof` is signed by one that is there.",
         _add_key, shapes.ADD_KEY, shapes.KEY_CREDENTIAL),
    does("/applications/{id}/removeKey", _CHANGE, "Removes a certificate; `proof` is signed by one that is there.",
         _remove_key, shapes.REMOVE_KEY),
    lists("/applications/{id}/federatedIdentityCredentials", Operation.READ_APPLICATIONS,
          "Whose tokens stand for the application.", FEDERATED, _federated),
    makes("/applications/{id}/federatedIdentityCredentials", _CHANGE, "Trusts one more subject of an issuer.",
          FEDERATED, _make_federated),
    shows("/applications/{id}/federatedIdentityCredentials/{credential}", Operation.READ_APPLICATIONS,
          "One of them, by id or name.", FEDERATED, _show_federated),
    changes("/applications/{id}/federatedIdentityCredentials/{credential}", _CHANGE,
            "Changes it; by `(name='…')` and with `Prefer: create-if-missing`, makes it where there is none.",
            FEDERATED, _change_federated),
    deletes("/applications/{id}/federatedIdentityCredentials/{credential}", _CHANGE, "Trusts it no more.",
            _delete_federated),
)
# fmt: on

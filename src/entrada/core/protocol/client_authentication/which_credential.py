"""Which of its credentials a client has proved itself with: for the day of its last use.  Graph's own name: keyId."""

from entrada.core.directory.application import Application
from entrada.core.protocol.client_authentication.assertion import ClientAssertion
from entrada.core.protocol.client_authentication.authenticate import Presented, matching_secret
from entrada.core.protocol.client_authentication.certificate_assertion import named_certificate
from entrada.core.protocol.client_authentication.federated_assertion import named_credential


def which_credential(client: Application, presented: Presented) -> str | None:
    """Of a client that was let in, so that what it *presented* is known to be good; None: it proved nothing."""
    if presented.secret is not None:
        secret = matching_secret(client, presented.secret)
        return secret.key_id if secret is not None else None
    return _asserted(client, presented.assertion) if presented.assertion is not None else None


def _asserted(client: Application, assertion: ClientAssertion) -> str | None:
    if assertion.is_federated:
        credential = named_credential(client, assertion)
        return credential.id if credential is not None else None
    certificate = named_certificate(client, assertion)
    return certificate.key_id if certificate is not None else None

"""By what an application proves itself, as its settings say."""

from entrada.client.errors import BadSettings
from entrada.client.grants.client_authentication import ClientProof, ClientSecret, FederatedToken
from entrada.client.settings import Settings


def credential_of(settings: Settings) -> ClientProof | None:
    """None: a public client.  Raises BadSettings and BadCredential."""
    given = (settings.client_secret, settings.certificate, settings.federated_token_file)
    if sum(one is not None for one in given) > 1:
        raise BadSettings(
            "The settings name more than one credential",
            advice="Leave one of client_secret, certificate and federated_token_file.",
        )
    if settings.certificate is not None:
        from entrada.client.grants.certificate import read_certificate  # noqa: PLC0415 - only who has one waits for it

        return read_certificate(settings.certificate, settings.client_id, settings.certificate_password)
    if settings.federated_token_file is not None:
        return FederatedToken(settings.federated_token_file)
    return ClientSecret(settings.client_secret) if settings.client_secret is not None else None

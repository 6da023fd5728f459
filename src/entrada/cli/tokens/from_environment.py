"""What the environment says of an application, under the names that Azure's SDKs read, or ours, which win."""

from collections.abc import Mapping

from entrada.cli.profiles.profile import Kind, Profile, Proof, Where, id_for
from entrada.client.authority import Shape
from entrada.client.settings import Settings, names_application


def profile_of(environment: Mapping[str, str]) -> tuple[Profile, str | None] | None:
    """With the secret that belongs to it; None where neither names an application.  Raises BadSettings."""
    if not names_application(environment):
        return None
    settings = Settings.from_environment(environment)
    url = settings.authority.url
    proof, secret = _proof(settings)
    profile = Profile(
        id=id_for(f"environment {url} {settings.client_id}"),
        name="environment",
        where=Where(issuer=url) if settings.authority.shape is Shape.OIDC else Where(authority=url),
        client_id=settings.client_id,
        scopes=settings.scopes,
        proof=proof,
        ca_file=settings.ca_file,
    )
    return profile, secret


def _proof(settings: Settings) -> tuple[Proof, str | None]:
    """The first of them that is there, in the order of azure-identity's EnvironmentCredential."""
    if settings.client_secret is not None:
        return Proof(kind=Kind.SECRET), settings.client_secret
    if settings.certificate is not None:
        return Proof(kind=Kind.CERTIFICATE, path=settings.certificate), settings.certificate_password
    if settings.federated_token_file is not None:
        return Proof(kind=Kind.FEDERATED, path=settings.federated_token_file), None
    return Proof(), None

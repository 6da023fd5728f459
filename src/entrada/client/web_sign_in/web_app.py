"""The web application that signs people in, as it is registered."""

from enum import StrEnum

from attrs import Attribute, field, frozen

from entrada.client.authority import Authority, entra_authority, require_secure
from entrada.client.grants.client_authentication import ClientProof, ClientSecret


class ResponseMode(StrEnum):
    """How the answer comes to the redirect URI (OAuth 2.0 Form Post Response Mode 1.0)."""

    QUERY = "query"  # in a link
    FORM_POST = "form_post"  # in a form that a page of the authority submits: it stays out of histories and logs


def _authority(given: Authority | str) -> Authority:
    return given if isinstance(given, Authority) else entra_authority(given)


def _secure(_: object, attribute: "Attribute[str]", url: str) -> None:
    require_secure(url, attribute.name)


@frozen(kw_only=True)
class WebApp:
    """*authority*: a text is `https://host/tenant`, where the tenant may be `common` or `organizations`.

    Raises BadSettings.
    """

    authority: Authority = field(converter=_authority)
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    credential: ClientProof | None = field(default=None, repr=False)  # instead of a secret
    redirect_uri: str = field(validator=_secure)
    scopes: tuple[str, ...] = ("openid", "profile")
    allowed_tenants: frozenset[str] = frozenset()  # by id; empty: whichever the authority lets in
    response_mode: ResponseMode = field(default=ResponseMode.QUERY, converter=ResponseMode)

    @property
    def proof(self) -> ClientProof | None:
        """None for a public client, whom the code verifier alone protects."""
        if self.credential is None and self.client_secret is not None:
            return ClientSecret(self.client_secret)
        return self.credential

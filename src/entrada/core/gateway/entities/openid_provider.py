"""An OpenID Connect provider, as the console uses it.  Gateway reference section 14.2."""

from collections.abc import Iterator

from attrs import field, frozen

from entrada.core.directory.application_rules import Broken
from entrada.core.gateway.entities.ids import OpenIdProviderId, about_id, about_name
from entrada.core.gateway.entities.url import HOSTS, web_url


@frozen(kw_only=True)
class OpenIdProvider:
    id: OpenIdProviderId
    display_name: str
    metadata_endpoint: str  # of its discovery document
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    description: str = ""
    use_in_test_console: bool = True
    use_in_api_documentation: bool = False


def problems(provider: OpenIdProvider) -> Iterator[Broken]:
    yield from about_id(provider.id)
    yield from about_name(provider.display_name)
    if not provider.client_id:
        yield Broken("Give the client id of the application that the console signs developers in to.", "clientId")
    if web_url(provider.metadata_endpoint) is None:
        said = f"The metadata endpoint is a URL, {HOSTS}, that ends as a rule with /.well-known/openid-configuration."
        yield Broken(said, "metadataEndpoint")

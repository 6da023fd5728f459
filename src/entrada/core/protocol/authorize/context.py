"""What an authorization request is judged by: its parameters and the facts gathered for them."""

from collections.abc import Mapping

from attrs import frozen

from entrada.core.directory.application import Application, RedirectUri
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.authorize.errand import Errand
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.redirect_below import find_at_or_below
from entrada.core.protocol.redirect_uri import find_registered
from entrada.core.protocol.response_mode import ResponseMode, parse_response_mode
from entrada.core.protocol.version import Version


@frozen(kw_only=True)
class Context:
    parameters: Parameters
    version: Version
    errand: Errand = Errand.AUTHORIZE
    authority: Authority
    client: Application | None  # whoever holds the client_id, in whichever tenant
    service_principal: ServicePrincipal | None  # of the client in the authority's tenant
    resources: Mapping[str, Application]  # by the identifier that the scope parameter spells

    @property
    def words(self) -> frozenset[str]:
        """The response_type as a set: any word order is the same type."""
        return frozenset((self.parameters.get("response_type") or "").split(" ")) - {""}

    @property
    def redirect_uri(self) -> RedirectUri | None:
        """The registration behind the request; the first one when the request leaves it out."""
        if self.client is None:
            return None
        sent = self.parameters.get("redirect_uri")
        if sent is None:
            return next(iter(self.client.redirect_uris), None)
        find = find_at_or_below if self.errand is Errand.ADMIN_CONSENT else find_registered
        return find(sent, self.client.redirect_uris)

    @property
    def mode(self) -> ResponseMode:
        """How even an error travels: the mode asked for, or the safe default of the response type."""
        front_channel = bool(self.words & {"id_token", "token"})
        asked = parse_response_mode(self.parameters.get("response_mode"))
        if front_channel and asked in (None, ResponseMode.QUERY):
            return ResponseMode.FRAGMENT
        return asked or ResponseMode.QUERY

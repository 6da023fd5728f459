"""What stands ready for one trial: the API, the operation, who signs for it, the person's keys and token."""

from attrs import field, frozen

from entrada.core.directory.administration.problem import Problem
from entrada.core.gateway.console.signers import WORDS, Signer, key_of, signers
from entrada.core.gateway.console.visible import UsableKey, usable_keys
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import AuthorizationServer
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.operation import Operation
from entrada.core.protocol.artefacts.console_keep import KeptToken
from entrada.server.web.console.catalogue import asked_api, asked_operation
from entrada.server.web.console.door import Developer
from entrada.server.web.console.try_it import keeping
from entrada.server.web.signed_in.form import Form


@frozen(kw_only=True)
class Bench:
    developer: Developer
    api: Api
    operation: Operation
    signers: tuple[Signer, ...] = field(repr=False)
    keys: tuple[UsableKey, ...] = field(repr=False)
    token: KeptToken | None = field(repr=False)

    def chosen(self, form: Form) -> tuple[Signer, str] | None:
        """The signer and the way that the form's Authorization names; None: no authorization."""
        name, _, way = form.get("auth").rpartition(" ")
        signer = next((one for one in self.signers if one.key == name), None)
        return (signer, way) if signer is not None and way in signer.ways else None

    def key(self, form: Form) -> UsableKey | None:
        return next((one for one in self.keys if one.name == form.get("key")), None)

    def token_for(self, form: Form) -> KeptToken | None:
        """The token at hand, if it is of the signer, the way and the scope that the form asks for."""
        chosen, token = self.chosen(form), self.token
        if chosen is None or token is None:
            return None
        signer, way = chosen
        wanted = signer.scope_for(way, form.get("scope"))
        return token if (token.signer, token.way, token.asked) == (signer.key, way, wanted) else None

    @property
    def first_auth(self) -> str:
        """Of the token at hand, where one of this API's signers gave it; of the only one, where another's gave it."""
        token = self.token
        known = token is not None and any(one.key == token.signer and token.way in one.ways for one in self.signers)
        if token is None or known:
            return f"{token.signer} {token.way}" if token is not None else ""
        only = [one for one in self.signers if one.ways]
        return f"{only[0].key} {only[0].ways[0]}" if len(only) == 1 else ""

    @property
    def token_from(self) -> str:
        """Who gave the token at hand, whether or not this API uses it."""
        configuration, key = self.developer.configuration, self.token.signer if self.token is not None else ""
        known: tuple[AuthorizationServer | OpenIdProvider, ...] = (
            *configuration.authorization_servers.values(),
            *configuration.openid_providers.values(),
        )
        return next((one.display_name for one in known if key_of(one) == key), "")


def prepared(developer: Developer) -> Bench | Problem:
    """For the API and the operation of the path."""
    api = asked_api(developer)
    if isinstance(api, Problem):
        return api
    operation = asked_operation(developer, api)
    if isinstance(operation, Problem):
        return operation
    visitor = developer.visitor
    return Bench(
        developer=developer,
        api=api,
        operation=operation,
        signers=signers(developer.configuration, api),
        keys=usable_keys(developer.configuration, api, visitor.user.id, developer.here.clock()),
        token=keeping.read(visitor, KeptToken),
    )


def auth_options(bench: Bench) -> list[tuple[str, str, str]]:
    """Value, words, and whose they are."""
    return [(f"{one.key} {way}", WORDS[way], one.display_name) for one in bench.signers for way in one.ways]

"""The gateway's configuration as a file that applies again: without what is secret, which stays stored."""

from collections.abc import Iterable
from typing import Any, cast

from ruamel.yaml.scalarstring import LiteralScalarString

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation as Permission
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.document.plain_tree import Plain
from entrada.core.gateway.configuration import OF_ALL, Configuration, PolicyScope
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.members.written import as_json
from entrada.server.usecases.gateway.file import sections
from entrada.server.usecases.gateway.nouns import seen_gateway
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.yaml_tree import yaml_text

_HEADING = (
    "The gateway's configuration. Bring it back with: entrada gateway apply -f FILE\n"
    "Secrets are not in it: what is stored stays, and `clientSecret: {environment: NAME}` sets one."
)


async def export_gateway(here: Installation, actor: Actor) -> str | Problem:
    state = await seen_gateway(here, actor, Permission.READ_GATEWAY)
    return state if isinstance(state, Problem) else gateway_text(state.configuration)


def gateway_text(configuration: Configuration) -> str:
    tree = _policy(configuration, OF_ALL)
    nouns: dict[str, Iterable[Any]] = {
        "namedValues": configuration.named_values.values(),
        "authorizationServers": configuration.authorization_servers.values(),
        "openidConnectProviders": configuration.openid_providers.values(),
        "apis": configuration.apis.values(),
        "products": configuration.products.values(),
        "subscriptions": configuration.subscriptions.values(),
    }
    for name, kind in sections.SECTIONS.items():
        found = [_noun(configuration, kind, one) for one in sorted(nouns[name], key=lambda one: one.id)]
        tree |= {name: cast("Plain", found)} if found else {}
    return yaml_text(tree, _HEADING)


def _noun(configuration: Configuration, kind: type[Any], noun: Any) -> dict[str, Plain]:
    members = cast("dict[str, Plain]", as_json(noun, whole=False))
    shown = isinstance(noun, NamedValue) and not noun.secret
    for name in () if shown else sections.SECRETS.get(kind, ()):
        members.pop(name, None)
    if isinstance(noun, Product):
        members |= _policy(configuration, PolicyScope(product_id=noun.id))
    if isinstance(noun, Api):
        members |= _policy(configuration, PolicyScope(api_id=noun.id))
        members |= _operations(configuration, noun)
    return members


def _operations(configuration: Configuration, api: Api) -> dict[str, Plain]:
    found = [
        cast("dict[str, Plain]", as_json(one, whole=False))
        | _policy(configuration, PolicyScope(api_id=api.id, operation_id=one.id))
        for one in configuration.operations.get(api.id, ())
    ]
    return {sections.OPERATIONS: cast("Plain", found)} if found else {}


def _policy(configuration: Configuration, scope: PolicyScope) -> dict[str, Plain]:
    text = configuration.policies.get(scope)
    return {} if text is None else {sections.POLICY: _block(text)}


def _block(text: str) -> str:
    """As lines of their own, unless YAML would not bring them back as they are."""
    lines = text.split("\n")
    plain = all(one.replace("\t", "").isprintable() and one == one.rstrip() for one in lines)
    first = lines[0] and not lines[0][0].isspace()
    return str.__new__(LiteralScalarString, text) if plain and first else text

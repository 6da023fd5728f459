"""A service as Envoy's configuration: a listener that stays, routes with the keys, clusters.  Design section 7."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.envoy.clusters import Backend, backend_cluster, digest, fallback_cluster
from entrada.core.gateway.envoy.contexts import contexts
from entrada.core.gateway.envoy.listener import ROUTES, listener
from entrada.core.gateway.envoy.operations import Compiled, compiled
from entrada.core.gateway.envoy.route import fallback_route
from entrada.core.gateway.envoy.snapshot import Place, Snapshot
from entrada.core.gateway.envoy.surroundings import Surroundings
from entrada.core.gateway.envoy.wire import Json, typed
from entrada.core.gateway.facts import Facts
from entrada.core.gateway.service import PublishedApi, Service
from entrada.core.gateway.tokens.provider import Provider
from entrada.core.jose.numeric_date import NumericDate

_LARGEST_ANSWER: Final = 256 * 1024  # of a policy's own answers


def compile_gateway(
    service: Service,
    providers: Mapping[str, Provider],
    surroundings: Surroundings,
    subscriptions: Iterable[Subscription] = (),
) -> Snapshot:
    """*subscriptions*: those whose keys Envoy may know; without, requests with a key are decided in Python."""
    facts = Facts(
        now=NumericDate(0),
        request_id=UUID(int=0),
        entropy=bytes(16),
        authority=surroundings.authority,
        providers=providers,
        is_traced=False,
    )
    known = tuple(subscriptions)
    routes, backends = list[Json](), dict[str, Backend]()
    handed_over, partly = dict[Place, str](), dict[Place, str]()
    for published in sorted(service.apis.values(), key=lambda one: (-len(one.api.public_path), one.api.id)):
        for place, found in _operations(service, published, facts, known, surroundings):
            routes += found.routes
            backends |= found.backends
            if found.reasons:
                (partly if found.serves else handed_over)[place] = "; ".join(found.reasons)
        routes.append(_rest(published))
    routes.append(fallback_route({"prefix": "/"}, {}))
    return _snapshot(routes, backends.values(), handed_over, partly, surroundings)


def _operations(
    service: Service, published: PublishedApi, facts: Facts, known: tuple[Subscription, ...], surroundings: Surroundings
) -> Iterator[tuple[Place, Compiled]]:
    """In the order in which `decide` looks for the one that matches."""
    found = tuple(contexts(service, published, known))
    for method in sorted(published.by_method):
        for matcher in published.by_method[method]:
            one = compiled(published, matcher.operation, found, facts, surroundings.cached_tokens)
            yield (published.api.id, matcher.operation.id), one


def _rest(published: PublishedApi) -> Json:
    """Of an API: preflights, odd paths, what matches no operation; and nothing of it is another API's."""
    path = published.api.public_path
    return fallback_route({"path_separated_prefix": path} if path else {"prefix": "/"}, {"api": published.api.id})


def _snapshot(
    routes: list[Json],
    backends: Iterable[Backend],
    handed_over: Mapping[Place, str],
    partly: Mapping[Place, str],
    surroundings: Surroundings,
) -> Snapshot:
    resource = {
        **typed("envoy.config.route.v3.RouteConfiguration"),
        "name": ROUTES,
        "max_direct_response_body_size_bytes": _LARGEST_ANSWER,
        "virtual_hosts": _virtual_hosts(routes, surroundings.hosts),
    }
    clusters = [*(backend_cluster(one, surroundings) for one in backends), fallback_cluster(surroundings)]
    listening = listener(surroundings)
    return Snapshot(
        listener=listening,
        routes=resource,
        clusters=clusters,
        version=digest([listening, resource, clusters])[:16],
        handed_over=handed_over,
        partly=partly,
    )


def _virtual_hosts(routes: list[Json], hosts: tuple[str, ...]) -> list[Json]:
    """A page that rebinds its name to our address is none of ours: Python answers it 421."""
    if not hosts:
        return [{"name": ROUTES, "domains": ["*"], "routes": routes}]
    domains = [domain for host in hosts for domain in (host, f"{host}:*")]
    others = {"name": "other hosts", "domains": ["*"], "routes": [fallback_route({"prefix": "/"}, {})]}
    return [{"name": ROUTES, "domains": domains, "routes": routes}, others]

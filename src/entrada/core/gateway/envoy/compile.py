"""A service as Envoy's configuration: a listener that stays, routes with the keys, clusters.  Design section 7."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.envoy.access_log import REQUEST_ID
from entrada.core.gateway.envoy.clusters import Backend, backend_cluster, digest, fallback_cluster
from entrada.core.gateway.envoy.contexts import contexts
from entrada.core.gateway.envoy.listener import ROUTES, listener
from entrada.core.gateway.envoy.operations import Compiled, compiled
from entrada.core.gateway.envoy.route import fallback_route
from entrada.core.gateway.envoy.snapshot import Place, Snapshot
from entrada.core.gateway.envoy.surroundings import Surroundings
from entrada.core.gateway.envoy.wire import Json, line, typed
from entrada.core.gateway.facts import Facts
from entrada.core.gateway.service import PublishedApi, Service
from entrada.core.gateway.tokens.provider import Provider
from entrada.core.jose.numeric_date import NumericDate

_LARGEST_ANSWER: Final = 256 * 1024  # of a policy's own answers


def compile_gateway(
    service: Service,
    providers: Mapping[str, Provider],
    surroundings: Surroundings,
    subscriptions: Sequence[Subscription] = (),
) -> Snapshot:
    """*providers* by the URL of the document, as in Facts; *subscriptions* are those whose keys Envoy may know."""
    facts = Facts(
        now=NumericDate(0),
        request_id=UUID(int=0),
        entropy=bytes(16),
        authority=surroundings.authority,
        providers=providers,
        is_traced=False,
    )
    routes, backends = dict[str, list[Json]](), dict[str, Backend]()
    handed_over, partly = dict[Place, str](), dict[Place, str]()
    for published in service.apis.values():
        here = routes.setdefault(published.api.public_path, [])
        for place, found in _operations(service, published, facts, surroundings, subscriptions):
            here += found.routes
            backends |= found.backends
            if found.reasons:
                (partly if found.serves else handed_over)[place] = "; ".join(found.reasons)
        here += _rest(published)
    return _snapshot(routes, backends.values(), handed_over, partly, surroundings)


def _operations(
    service: Service,
    published: PublishedApi,
    facts: Facts,
    surroundings: Surroundings,
    subscriptions: Sequence[Subscription],
) -> Iterator[tuple[Place, Compiled]]:
    """In the order in which `decide` looks for the one that matches."""
    found = tuple(contexts(service, published, subscriptions))
    for method in sorted(published.by_method):
        for matcher in published.by_method[method]:
            one = compiled(published, matcher, found, facts, surroundings.cached_tokens)
            yield (published.api.id, matcher.operation.id), one


def _rest(published: PublishedApi) -> list[Json]:
    """Of an API: preflights, odd paths, what matches no operation; and paths that merely begin like its own."""
    path = published.api.public_path
    own = [fallback_route({"path_separated_prefix": path}, {"api": published.api.id})] if path else []
    return [*own, fallback_route({"prefix": "/"}, {})]


def _by_path(routes: Mapping[str, list[Json]]) -> Json:
    """The longest path of an API that the request begins with, found in one step however many APIs there are."""
    found: Json = {"on_no_match": _listed(routes.get("", [fallback_route({"prefix": "/"}, {})]))}
    prefixes = {path: _listed(those) for path, those in routes.items() if path}
    if prefixes:
        path = typed("envoy.type.matcher.v3.HttpRequestHeaderMatchInput", header_name=":path")
        found["matcher_tree"] = {
            "input": {"name": "path", "typed_config": path},
            "prefix_match_map": {"map": prefixes},
        }
    return found


def _listed(routes: list[Json]) -> Json:
    return {"action": {"name": "routes", "typed_config": typed("envoy.config.route.v3.RouteList", routes=routes)}}


def _snapshot(
    routes: Mapping[str, list[Json]],
    backends: Iterable[Backend],
    handed_over: Mapping[Place, str],
    partly: Mapping[Place, str],
    surroundings: Surroundings,
) -> Snapshot:
    resource = {
        **typed("envoy.config.route.v3.RouteConfiguration"),
        "name": ROUTES,
        "max_direct_response_body_size_bytes": _LARGEST_ANSWER,
        "request_headers_to_add": [line("x-forwarded-proto", surroundings.scheme)],
        # By it a line of the log is found, and a refusal's story; a backend's own name of the request stays.
        "response_headers_to_remove": ["proxy-authenticate", "proxy-connection", "te", "trailer", "upgrade"],
        "response_headers_to_add": [line("x-request-id", f"%FILTER_STATE({REQUEST_ID}:PLAIN)%", "ADD_IF_ABSENT")],
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


def _virtual_hosts(routes: Mapping[str, list[Json]], hosts: tuple[str, ...]) -> list[Json]:
    """A page that rebinds its name to our address is none of ours: Python answers it 421."""
    if not hosts:
        return [{"name": ROUTES, "domains": ["*"], "matcher": _by_path(routes)}]
    domains = [domain for host in hosts for domain in (host, f"{host}:*")]
    others = {"name": "other hosts", "domains": ["*"], "routes": [fallback_route({"prefix": "/"}, {})]}
    return [{"name": ROUTES, "domains": domains, "matcher": _by_path(routes)}, others]

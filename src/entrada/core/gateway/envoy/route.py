"""A way as a route: its conditions, and what Envoy does with the request that satisfies them."""

import json
import re
from collections.abc import Iterator
from typing import Final

from entrada.core.gateway.entities.operation import PARAMETER
from entrada.core.gateway.envoy import matches, patterns
from entrada.core.gateway.envoy.access_log import REQUEST_ID
from entrada.core.gateway.envoy.clusters import FALLBACK, Backend
from entrada.core.gateway.envoy.not_native import NotNative
from entrada.core.gateway.envoy.texts import short
from entrada.core.gateway.envoy.way import Answered, Asked, Removed, SetWhereAbsent, Way
from entrada.core.gateway.envoy.wire import FILTER_CHAIN, HTTP, LOOK_AGAIN, Json, line, literal, typed
from entrada.core.gateway.exchange import Address, Response
from entrada.core.gateway.matching import Matcher

CLIENT: Final = "x-entrada-client-address"  # of the connection: from Envoy to the Python proxy, and to nobody else
_REQUEST: Final = "x-entrada-request-id"
_BY_ENVOY: Final = ("x-envoy-external-address", "x-envoy-internal")
_CLIENT: Final = "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"
# What the caller says of proxies went when the request came in, all but what Envoy writes itself.
_UNSENT: Final = (*_BY_ENVOY, "proxy-authorization", "te", "trailer", "forwarded", "x-real-ip")
_AUTHORITY: Final = r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::[1-9][0-9]{0,3}|:[1-5][0-9]{4})?"
_OWN_COOKIES: Final = "(?is:.*entrada-.*)"
_REPEATED: Final = ("GET", "HEAD", "OPTIONS")
_CORS: Final = tuple(
    f"access-control-{name}"
    for name in (
        "allow-origin", "allow-credentials", "allow-methods", "allow-headers", "allow-private-network",
        "expose-headers", "max-age", "request-headers", "request-method",
    )
)  # fmt: skip
_NO_BODY: Final = (204, 205, 304)
_WITH_LOCATION: Final = (201, 301, 302, 303, 307, 308)


def routes_of(way: Way) -> Iterator[Json]:
    """Raises NotNative."""
    match way.end:
        case Answered(response=response):
            yield {**_shared(way, _any_path(way)), "direct_response": _direct(response), **_answering(way, response)}
        case Asked(timeout=timeout):
            backend = backend_of(way)
            for match, rewrite in _rewritten(way, backend.address):
                route = {"cluster": backend.name, **_patience(way, timeout), **rewrite, **_host(backend.address)}
                yield {**_shared(way, match), "route": route, **_asking(way)}
        case None:
            return


_ENABLED: Final = typed("envoy.config.route.v3.FilterConfig", config={})


def _patience(way: Way, timeout: float) -> Json:
    """With silence, not with an answer that takes long: as the Python proxy waits."""
    again = {"retry_policy": {"retry_on": "reset", "num_retries": 1}} if way.operation.method in _REPEATED else {}
    return {"timeout": "0s", "idle_timeout": f"{timeout:g}s", **again}


def fallback_route(match: Json, about: Json, filters: tuple[Json, ...] = ()) -> Json:
    """To the Python proxy, which decides; on the way there Envoy may find out that it can do without."""
    chain = typed(f"{HTTP}.filter_chain.v3.FilterChainConfigPerRoute", filter_chain={"filters": list(filters)})
    return {
        "match": match,
        "metadata": {"filter_metadata": {"entrada": {**about, "by": "python"}}},
        "route": {"cluster": FALLBACK, "timeout": "0s"},
        "request_headers_to_add": [line(CLIENT, _CLIENT), line(_REQUEST, f"%FILTER_STATE({REQUEST_ID}:PLAIN)%")],
        "request_headers_to_remove": list(_BY_ENVOY),
        **({"typed_per_filter_config": {FILTER_CHAIN: chain, LOOK_AGAIN: _ENABLED}} if filters else {}),
    }


def backend_of(way: Way) -> Backend:
    assert way.service is not None  # noqa: S101 - it is asked
    return Backend(address=way.service, on_response=way.on_response, unsent_query=way.sole_query)


def operation_match(public_path: str, matcher: Matcher) -> Json:
    """Every path of the operation, whatever its query: what stands behind it in the list must not take its requests."""
    template = matcher.operation.url_template
    pattern = f"(?s){re.escape(public_path)}{patterns.every_path(template)}"
    if public_path and patterns.takes_nothing(template):
        pattern = f"{pattern}|{re.escape(public_path)}"
    headers = [matches.exactly(":method", matcher.operation.method.upper())]
    return {"safe_regex": {"regex": pattern}, "headers": headers}


def _shared(way: Way, match: Json) -> Json:
    target = patterns.TARGET if way.sole_query is None else r"[!-~]+"
    said = _each_once([*way.said, *(matches.of_check(one.name) for one in way.checks)])
    keys = () if way.sole_query is not None else (_without_key(way),)
    return {
        "match": {
            **match,
            "headers": [
                matches.exactly(":method", way.operation.method),
                matches.fitting(":path", target),
                *keys,
                *_ORDINARY,
                *way.conditions,
            ],
            **({"dynamic_metadata": said} if said else {}),
        },
        "metadata": {"filter_metadata": {"entrada": {"api": way.api.id, "operation": way.operation.id, "by": "envoy"}}},
        "stat_prefix": _figures_of(way),
    }


def _each_once(conditions: list[Json]) -> list[Json]:
    """Two policies that look at one token ask for much of the same."""
    return list({json.dumps(one, sort_keys=True): one for one in conditions}.values())


def _figures_of(way: Way) -> str:
    """Its figures stand under this name; dots would part it."""
    return f"{way.api.id}/{way.operation.id}".replace(".", "_")


# What else the proxy looks at: the name of the host, cookies of our own sites, an Expect that is none.
_ORDINARY: Final = (
    matches.fitting(":authority", _AUTHORITY),
    matches.not_fitting("cookie", _OWN_COOKIES),
    matches.absent("expect"),
)


def _without_key(way: Way) -> Json:
    """No key in the query: it decides who calls, and is not sent on."""
    return matches.not_fitting(":path", patterns.naming(way.api.subscription_key_parameter_names.query))


def _any_path(way: Way) -> Json:
    public, template = way.api.public_path, way.operation.url_template
    pattern = patterns.path_pattern(public, template)
    if patterns.takes_nothing(template) and public:
        pattern = f"(?:{pattern}|{re.escape(public)})"
    return {"safe_regex": {"regex": pattern}}


def _rewritten(way: Way, service: Address) -> Iterator[tuple[Json, Json]]:
    """The path that the backend sees: what stands behind that of the API, behind that of the service."""
    public, template = way.api.public_path, way.operation.url_template
    query = f"?{'&'.join(way.added_query)}" if way.added_query else ""
    only = patterns.literal_path(template)
    pattern = patterns.path_pattern(public, template, kept=way.path is not None)
    if patterns.takes_nothing(template) and public:
        seen = f"{service.path}{way.path or ''}" or "/"
        yield {"path": public}, _whole(seen, query) if query else {"prefix_rewrite": seen}
    if only is not None:
        seen = f"{service.path}{only if way.path is None else way.path}"
        yield {"path": f"{public}{only}"}, _whole(seen, query) if query else {"prefix_rewrite": seen}
    elif way.path is not None:
        yield {"safe_regex": {"regex": pattern}}, _by_pattern(f"^{pattern}$", _filled(way, service), query)
    else:
        into = f"{_plain(service.path)}\\1"
        yield {"safe_regex": {"regex": pattern}}, _by_pattern(f"^{re.escape(public)}(/.*)$", into, query)


def _whole(path: str, query: str) -> Json:
    return _by_pattern("^.*$", _plain(path), query)


def _by_pattern(pattern: str, into: str, query: str) -> Json:
    return {"regex_rewrite": {"pattern": {"regex": pattern}, "substitution": f"{into}{_plain(query)}"}}


def _filled(way: Way, service: Address) -> str:
    """The rewritten path, each parameter as the group that it is in the operation's pattern."""
    groups = [name for star, name in PARAMETER.findall(way.operation.url_template) if not star]
    parts, end, path = [_plain(service.path)], 0, way.path or ""
    for found in PARAMETER.finditer(path):
        parts += [_plain(path[end : found.start()]), f"\\{groups.index(found[2]) + 1}"]
        end = found.end()
    return "".join([*parts, _plain(path[end:])])


def _plain(text: str) -> str:
    """As part of a substitution."""
    return text.replace("\\", "\\\\")


def _host(service: Address) -> Json:
    usual = {"http": 80, "https": 443}.get(service.scheme) == service.port
    host = f"[{service.host}]" if ":" in service.host else service.host
    return {"host_rewrite_literal": host if usual else f"{host}:{service.port}"}


def _asking(way: Way) -> Json:
    added = [
        line(name, change.formatted, "ADD_IF_ABSENT" if isinstance(change, SetWhereAbsent) else _SET)
        for name, change in way.changes.items()
        if not isinstance(change, Removed)
    ]
    removed = [name for name, change in way.changes.items() if isinstance(change, Removed)]
    names = way.api.subscription_key_parameter_names
    return {
        "request_headers_to_add": [
            *added,
            line("x-forwarded-for", _CLIENT),
            line("x-forwarded-host", "%REQ(:AUTHORITY)%"),
        ],
        "request_headers_to_remove": [*removed, names.header.lower(), *_UNSENT],
        **_with_cors(way, []),
    }


_SET: Final = "OVERWRITE_IF_EXISTS_OR_ADD"


def _with_cors(way: Way, lines: list[Json]) -> Json:
    if way.cors is None:
        return {"response_headers_to_add": lines} if lines else {}
    added = [line(name, value, "APPEND_IF_EXISTS_OR_ADD") for name, value in way.cors]
    return {"response_headers_to_add": [*lines, *added], "response_headers_to_remove": list(_CORS)}


def _direct(response: Response) -> Json:
    if response.status in _WITH_LOCATION or (response.status in _NO_BODY and response.body):
        raise NotNative(f"Envoy adds to an answer of status {response.status}")
    body = (response.body or b"").decode("utf-8")
    if bool(body) != any(name.lower() == "content-type" for name, _ in response.headers):
        raise NotNative("Envoy names a type of content for every answer with a body, and for no other")
    return {"status": response.status, **({"body": {"inline_string": body}} if body else {})}


def _answering(way: Way, response: Response) -> Json:
    seen = set[str]()
    lines = list[Json]()
    for name, value in response.headers:
        if name.lower() in ("content-length", "location") or not (value.isascii() and value.isprintable()):
            raise NotNative(f"the header {name} of an answer is one that Envoy writes")
        lines.append(
            line(name, short(literal(value)).formatted, "APPEND_IF_EXISTS_OR_ADD" if name.lower() in seen else _SET)
        )
        seen.add(name.lower())
    return _with_cors(way, lines)

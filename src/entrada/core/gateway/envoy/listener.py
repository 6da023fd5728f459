"""The listener: nothing in it depends on APIs, policies or keys, so that no change of them drains a connection."""

from ipaddress import ip_network
from pathlib import PurePath
from typing import Final

from entrada.core.gateway.decide import BackendFailed
from entrada.core.gateway.envoy.access_log import access_log, remembering
from entrada.core.gateway.envoy.clusters import FALLBACK
from entrada.core.gateway.envoy.surroundings import Surroundings
from entrada.core.gateway.envoy.wire import FILTER_CHAIN, HTTP, LOOK_AGAIN, Json, literal, typed
from entrada.core.gateway.failure import UNHANDLED, body

ROUTES: Final = "entrada"
_CEL: Final = "envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter"
_MANAGER: Final = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
_TLS: Final = "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext"


def listener(surroundings: Surroundings) -> Json:
    first, *others = [_address(one, surroundings.port) for one in surroundings.addresses]
    chain: Json = {
        "filters": [{"name": "http", "typed_config": _manager(surroundings)}],
        "transport_socket_connect_timeout": "10s",  # who begins with TLS and does not go on holds a connection
    }
    if surroundings.certificate is not None and surroundings.private_key is not None:
        tls = _tls(surroundings.certificate, surroundings.private_key)
        chain["transport_socket"] = {"name": "envoy.transport_sockets.tls", "typed_config": tls}
    return {
        **typed("envoy.config.listener.v3.Listener"),
        "name": ROUTES,
        "address": first,
        "additional_addresses": [{"address": one} for one in others],
        "per_connection_buffer_limit_bytes": 1024 * 1024,
        "filter_chains": [chain],
    }


def _address(address: str, port: int) -> Json:
    return {"socket_address": {"address": address, "port_value": port}}


def _manager(surroundings: Surroundings) -> Json:
    return typed(
        _MANAGER,
        stat_prefix=ROUTES,
        rds={"route_config_name": ROUTES, "config_source": _routes(surroundings.routes_file)},
        early_header_mutation_extensions=[{"name": "early", "typed_config": _unheard(surroundings.trusted_proxies)}],
        http_filters=[
            remembering(),
            {"name": FILTER_CHAIN, "typed_config": typed(f"{HTTP}.filter_chain.v3.FilterChainConfig")},
            _looking_again(),
            {
                "name": "envoy.filters.http.router",
                "typed_config": typed(f"{HTTP}.router.v3.Router", suppress_envoy_headers=True),
            },
        ],
        # Nothing is put right on the way: what can be read in two ways goes to Python, which refuses it.
        normalize_path=False,
        merge_slashes=False,
        path_with_escaped_slashes_action="KEEP_UNCHANGED",
        **_whose_address(surroundings.trusted_proxies),
        # Nobody is inside: a loopback client would otherwise steer retries and timeouts by headers.
        internal_address_config={"unix_sockets": False, "cidr_ranges": [_NOBODY]},
        server_header_transformation="PASS_THROUGH",
        generate_request_id=False,
        preserve_external_request_id=True,
        skip_xff_append=True,  # routes write it, as the Python proxy does
        stream_idle_timeout="300s",
        request_headers_timeout="30s",
        max_request_headers_kb=60,
        common_http_protocol_options={
            "idle_timeout": "120s",
            "max_headers_count": 100,
            "headers_with_underscores_action": "REJECT_REQUEST",  # many a backend reads x_user as X-User
        },
        http2_protocol_options={"max_concurrent_streams": 100},
        local_reply_config=_local_replies(),
        **access_log(surroundings.access_log, surroundings.log_claims),
    )


_NOBODY: Final = {"address_prefix": "255.255.255.255", "prefix_len": 32}


def _looking_again() -> Json:
    """Chooses the route anew, after checks have noted what opens one; on routes that ask for it.

    Nothing depends on it but speed: without it, or when it fails, the request stays on its way to Python.
    """
    again = "function envoy_on_request(handle) handle:clearRouteCache() end"
    config = typed(f"{HTTP}.lua.v3.Lua", default_source_code={"inline_string": again})
    return {"name": LOOK_AGAIN, "disabled": True, "typed_config": config}


def _whose_address(proxies: tuple[str, ...]) -> Json:
    """Read from the right, through named proxies only, as the platform does."""
    if not proxies:
        return {"use_remote_address": True}
    networks = [ip_network(one, strict=False) for one in proxies]
    cidrs = [{"address_prefix": str(one.network_address), "prefix_len": one.prefixlen} for one in networks]
    config = typed(_FORWARDED_FOR, xff_trusted_cidrs={"cidrs": cidrs}, skip_xff_append=True)
    extension = {"name": "envoy.http.original_ip_detection.xff", "typed_config": config}
    return {"use_remote_address": False, "original_ip_detection_extensions": [extension]}


_FORWARDED_FOR: Final = "envoy.extensions.http.original_ip_detection.xff.v3.XffConfig"


def _unheard(proxies: tuple[str, ...]) -> Json:
    """What a caller says of proxies and to Envoy is no word of ours, nor is what it says in our own name."""
    of_proxies: Json = {"prefix": "x-forwarded-"}
    if proxies:
        of_proxies = {"safe_regex": {"regex": "x-forwarded-(?:[^f].*|f[^o].*|fo[^r].*|for.+)"}}
    unheard = (of_proxies, {"prefix": "x-envoy-"}, {"prefix": "x-entrada-"})
    return typed(_EARLY, mutations=[{"remove_on_match": {"key_matcher": one}} for one in unheard])


_EARLY: Final = "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation"


def _routes(path: str) -> Json:
    watched = {"path": str(PurePath(path).parent)}
    return {"resource_api_version": "V3", "path_config_source": {"path": path, "watched_directory": watched}}


def _tls(certificate: str, private_key: str) -> Json:
    return typed(
        _TLS,
        common_tls_context={
            "alpn_protocols": ["h2", "http/1.1"],
            "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"},
            "tls_certificates": [
                {"certificate_chain": {"filename": certificate}, "private_key": {"filename": private_key}}
            ],
        },
    )


# ---- what Envoy answers by itself ----------------------------------------------------------------------------------


def _local_replies() -> Json:
    """As `conclude` answers for a backend that failed; and for a Python proxy that is not there."""
    unready = {
        "filter": {"extension_filter": {"name": "cel", "typed_config": typed(_CEL, expression=_OF_FALLBACK)}},
        **_reply(503, "The gateway cannot decide now. Try again in a moment."),
    }
    return {
        "mappers": [
            unready,
            _of_backend("SI UT", BackendFailed.TIMEOUT),
            _of_backend("UF UC UH UPE UR", BackendFailed.CONNECTION),
        ]
    }


_OF_FALLBACK: Final = f"response.code >= 500 && xds.cluster_name == '{FALLBACK}'"


def _of_backend(flags: str, failed: BackendFailed) -> Json:
    _, message = failed.value
    return {"filter": {"response_flag_filter": {"flags": flags.split()}}, **_reply(UNHANDLED, message)}


def _reply(status: int, message: str) -> Json:
    text = literal(body(status, message).decode("ascii"))
    return {
        "status_code": status,
        "body_format_override": {
            "text_format_source": {"inline_string": text},
            "content_type": "application/json",
        },
    }

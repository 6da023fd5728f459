"""What an operator can set: one frozen value, read from a TOML file and the environment, in that order."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from attrs import Attribute, field, fields, frozen

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
PREFIX: Final = "ENTRADA_"


class UnsafeSetting(Exception):
    """One line that says what is wrong and how to mend it."""


def _setting(default: object, doc: str, *, secret: bool = False) -> Any:  # noqa: ANN401 - attrs' own field() is typed so
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
    workers: int = _setting(1, "Processes; one for each core.")
    log_level: str = _setting("info", "debug, info, warning or error.")
    log_format: str = _setting("json", "json or text.")

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{Path(self.data_dir) / 'entrada.sqlite3'}"

    @property
    def proxies(self) -> tuple[str, ...]:
        return tuple(one.strip() for one in self.trusted_proxies.split(",") if one.strip())

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)


def known() -> "tuple[Attribute[Any], ...]":
    """Every setting, in order, with its words in `metadata["doc"]`."""
    return fields(Settings)


def read_settings(environment: Mapping[str, str], file: Path | None, **given: object) -> Settings:
    """The file first, then the environment, then what is *given* (a command's options).  Raises UnsafeSetting."""
    names = {one.name: one for one in known()}
    values: dict[str, object] = {}
    if file is not None:
        values |= _read_file(file, names)
    for name in names:
        if (text := environment.get(PREFIX + name.upper())) is not None:
            values[name] = _whole_number(name, text) if name == "workers" else text
    values |= {name: value for name, value in given.items() if value is not None}
    return Settings(**values)


def _read_file(file: Path, names: Mapping[str, object]) -> dict[str, object]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnsafeSetting(f"The settings file {file} cannot be read: {error}") from None
    for name, value in found.items():
        if name not in names:
            raise UnsafeSetting(f"The settings file {file} names '{name}', which is no setting; see the reference.")
        if not isinstance(value, int if name == "workers" else str):
            raise UnsafeSetting(
                f"The setting '{name}' in {file} must be a {'number' if name == 'workers' else 'text'}."
            )
    return found


def _whole_number(name: str, text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise UnsafeSetting(f"{PREFIX}{name.upper()} must be a whole number from 1 up, not '{text}'.")
    return int(text)


def check_production(settings: Settings) -> None:
    """Raise UnsafeSetting for the first setting that must not serve real people."""
    for check in (_check_origin, _check_listen, _check_master_key, _check_tls, _check_proxies, _check_logs):
        check(settings)


def _check_origin(settings: Settings) -> None:
    parts = urlsplit(settings.origin)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or settings.origin != f"{parts.scheme}://{parts.netloc}"
    ):
        raise UnsafeSetting(
            f"ENTRADA_ORIGIN must be an origin such as https://login.example.com, without a path, not '{settings.origin}'."
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise UnsafeSetting(f"ENTRADA_ORIGIN is {settings.origin}: a public origin must be https. Set it to https://…")


def _check_listen(settings: Settings) -> None:
    host, _, port = settings.listen.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise UnsafeSetting(f"ENTRADA_LISTEN must be host:port such as 0.0.0.0:8443, not '{settings.listen}'.")


def _check_master_key(settings: Settings) -> None:
    if not settings.master_key and not settings.master_key_file:
        raise UnsafeSetting(
            "There is no master key. Make one with: entrada keys master > master.key, keep it apart from the database, "
            "and set ENTRADA_MASTER_KEY_FILE=master.key"
        )


def _check_tls(settings: Settings) -> None:
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        raise UnsafeSetting("Set both ENTRADA_TLS_CERTIFICATE and ENTRADA_TLS_KEY, or neither.")
    for name, path in (("CERTIFICATE", settings.tls_certificate), ("KEY", settings.tls_key)):
        if path and not Path(path).is_file():
            raise UnsafeSetting(f"ENTRADA_TLS_{name} names {path}, which is not a file.")
    https = settings.origin.startswith("https://")
    if https and not settings.tls_certificate and not settings.proxies:
        raise UnsafeSetting(
            "The origin is https, but nothing ends TLS: set ENTRADA_TLS_CERTIFICATE and ENTRADA_TLS_KEY, or name the proxy "
            "that does in ENTRADA_TRUSTED_PROXIES."
        )


def _check_proxies(settings: Settings) -> None:
    from ipaddress import ip_network  # noqa: PLC0415 - read by production only

    for one in settings.proxies:
        try:
            network = ip_network(one, strict=False)
        except ValueError:
            raise UnsafeSetting(f"ENTRADA_TRUSTED_PROXIES names '{one}', which is no address or network.") from None
        if network.prefixlen == 0:
            raise UnsafeSetting(f"ENTRADA_TRUSTED_PROXIES trusts everybody ('{one}'): name the proxies' own addresses.")


def _check_logs(settings: Settings) -> None:
    if settings.log_level.lower() not in ("debug", "info", "warning", "error"):
        raise UnsafeSetting(f"ENTRADA_LOG_LEVEL must be debug, info, warning or error, not '{settings.log_level}'.")
    if settings.log_format not in ("json", "text"):
        raise UnsafeSetting(f"ENTRADA_LOG_FORMAT must be json or text, not '{settings.log_format}'.")

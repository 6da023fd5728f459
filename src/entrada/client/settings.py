"""One frozen value that says everything to the toolkit: from code, from a file, or from the environment."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Self, cast

from attrs import field, fields_dict, frozen

from entrada.client.authority import Authority, entra_authority, oidc_authority, tenant_authority
from entrada.client.errors import BadSettings
from entrada.client.tokens import scopes_of

_PREFIX: Final = "ENTRADA_"
_AZURE: Final = {  # as azure-identity reads them
    "client_id": "AZURE_CLIENT_ID",
    "tenant": "AZURE_TENANT_ID",
    "instance": "AZURE_AUTHORITY_HOST",
}
_AZURE_CREDENTIALS: Final = {  # the first that is there is the one
    "client_secret": "AZURE_CLIENT_SECRET",
    "certificate": "AZURE_CLIENT_CERTIFICATE_PATH",
    "federated_token_file": "AZURE_FEDERATED_TOKEN_FILE",
}
_WHO: Final = ("authority", "issuer", "instance", "tenant")


@frozen(kw_only=True)
class Settings:
    authority: Authority
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    certificate: Path | None = None  # PEM with its key, or PKCS#12
    certificate_password: str | None = field(default=None, repr=False)
    federated_token_file: Path | None = None  # a token of another issuer, read anew each time
    scopes: tuple[str, ...] = field(default=(), converter=scopes_of)  # of APIs; at sign-in the protocol's own are added
    allowed_tenants: frozenset[str] = frozenset()  # ids; empty: whichever the authority lets in
    audiences: frozenset[str] = frozenset()  # of an API, beside its client id and `api://` with it
    ca_file: Path | None = None  # roots to trust; None: the system's

    @classmethod
    def from_mapping(cls, members: Mapping[str, object]) -> Self:
        """Of a table of TOML or an object of JSON.  Raises BadSettings, which names the member.

        The authority is `authority` (https://host/tenant), `tenant` with or without `instance` (a URL, or the name of a
        cloud), or `issuer`, of any OpenID Connect provider.
        """
        known = fields_dict(cls)
        strange = sorted(members.keys() - known.keys() - set(_WHO))
        if strange:
            raise BadSettings(f"There is no setting {strange[0]}", advice=f"There are: {', '.join(sorted(known))}.")
        read = {
            name: _read(name, known[name].type, value)
            for name, value in members.items()
            if name in known and name != "authority" and value is not None
        }
        if not read.get("client_id"):
            raise BadSettings("The client_id is missing", advice=_ADVICE)
        make = cast("Callable[..., Self]", cls)
        return make(authority=_authority(members), **read)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Of ENTRADA_CLIENT_ID and so on; what those leave out, of AZURE_CLIENT_ID and so on.  Raises BadSettings."""
        names = (*_WHO, *(name for name, one in fields_dict(cls).items() if one.type in _KINDS))
        ours = {name: value for name in names if (value := environment.get(_PREFIX + name.upper()))}
        return cls.from_mapping({**_of_azure(environment, ours), **ours})


def _of_azure(environment: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    found = {name: value for name, variable in _AZURE.items() if (value := environment.get(variable))}
    if any(name in ours for name in _WHO):
        found = {name: value for name, value in found.items() if name not in _WHO}
    if any(name in ours for name in _AZURE_CREDENTIALS):
        return found
    for name, variable in _AZURE_CREDENTIALS.items():
        if value := environment.get(variable):
            found[name] = value
            break
    if "certificate" in found and (password := environment.get("AZURE_CLIENT_CERTIFICATE_PASSWORD")):
        found["certificate_password"] = password
    return found


def _authority(members: Mapping[str, object]) -> Authority:
    named = {name: value for name in _WHO if (value := members.get(name))}
    if isinstance(whole := named.get("authority"), Authority):
        return whole
    texts = {name: _text(name, value) for name, value in named.items()}
    match texts:
        case {"authority": url, **others} if not others:
            return entra_authority(url)
        case {"issuer": url, **others} if not others:
            return oidc_authority(url)
        case {"tenant": tenant, **others} if not others.keys() - {"instance"}:
            instance = others.get("instance", "public")
            # AZURE_AUTHORITY_HOST may be a host and no URL.
            bare = "." in instance and "://" not in instance
            return tenant_authority(f"https://{instance}" if bare else instance, tenant)
        case _:
            raise BadSettings("The authority is missing, or named in two ways", advice=_ADVICE)


def _read(name: str, kind: object, value: object) -> object:
    reader = _KINDS.get(kind)
    return reader(name, value) if reader is not None else value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadSettings(f"The setting {name} is no text", advice="Put it in quotes.")
    return value


def _path(name: str, value: object) -> Path:
    return value if isinstance(value, Path) else Path(_text(name, value)).expanduser()


def _words(name: str, value: object) -> tuple[str, ...]:
    """A list, or words with spaces or commas between them, as an environment has them."""
    if isinstance(value, str):
        return tuple(value.replace(",", " ").split())
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(_text(name, one) for one in cast("list[object]", value))
    raise BadSettings(f"The setting {name} is no list of texts", advice='Write it as ["one", "two"].')


def _set(name: str, value: object) -> frozenset[str]:
    return frozenset(_words(name, value))


def _yes_or_no(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    spelt = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    known = spelt.get(value.lower()) if isinstance(value, str) else None
    if known is None:
        raise BadSettings(f"The setting {name} is neither true nor false", advice="Write true or false.")
    return known


_KINDS: Final[Mapping[object, Callable[[str, object], object]]] = {
    str: _text,
    str | None: _text,
    Path | None: _path,
    tuple[str, ...]: _words,
    frozenset[str]: _set,
    bool: _yes_or_no,
}
_ADVICE: Final = (
    "Give client_id, and authority, or tenant, or issuer; in an environment ENTRADA_CLIENT_ID and "
    "ENTRADA_AUTHORITY, or AZURE_CLIENT_ID and AZURE_TENANT_ID."
)

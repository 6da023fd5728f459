"""One frozen value that says everything to the toolkit: from code, from a file, or from the environment."""

import os
from collections.abc import Callable, Iterable, Mapping
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
_CREDENTIALS: Final = (*_AZURE_CREDENTIALS, "certificate_password")
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
    person_claim: str | None = None  # of an API of an OpenID Connect issuer: a claim of people's access tokens alone
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
        """Of ENTRADA_CLIENT_ID and so on; what those leave out, of AZURE_CLIENT_ID and so on.  Raises BadSettings.

        A credential is taken from the family that names the application, or from either where both name the same one:
        the secret of another application would go to an authority that it is not for.
        """
        names = (*_WHO, *(name for name, one in fields_dict(cls).items() if one.type in _KINDS))
        ours = {name: value for name in names if (value := _said(environment, _PREFIX + name.upper()))}
        theirs = {name: value for name, variable in _AZURE.items() if (value := _said(environment, variable))}
        application, other = ours.get("client_id"), theirs.get("client_id")
        if application is None and other is not None:
            ours = _without(ours, _CREDENTIALS)
        has_own = any(name in ours for name in _AZURE_CREDENTIALS)
        if not has_own and (application is None or application.lower() == (other or "").lower()):
            theirs |= _azure_credential(environment)
        if any(name in ours for name in _WHO):
            theirs = _without(theirs, _WHO)
        return cls.from_mapping({**theirs, **ours})


def names_application(environment: Mapping[str, str]) -> bool:
    """Whether there is an application and an authority to read from it, right or wrong."""
    wholes = ("ENTRADA_AUTHORITY", "ENTRADA_ISSUER", "ENTRADA_TENANT", _AZURE["tenant"])
    applications = ("ENTRADA_CLIENT_ID", _AZURE["client_id"])
    return all(any(_said(environment, name) for name in names) for names in (wholes, applications))


def _said(environment: Mapping[str, str], variable: str) -> str:
    return environment.get(variable, "").strip()


def _without(members: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: value for name, value in members.items() if name not in names}


def _azure_credential(environment: Mapping[str, str]) -> dict[str, str]:
    for name, variable in _AZURE_CREDENTIALS.items():
        if value := _said(environment, variable):
            password = environment.get("AZURE_CLIENT_CERTIFICATE_PASSWORD") if name == "certificate" else None
            return {name: value, **({"certificate_password": password} if password else {})}
    return {}


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

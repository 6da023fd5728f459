"""Entra Auth Cli's profiles: each spelling it ships or documents, and its encrypted export.  Reference cli.md 9, 12."""

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Final, cast

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from entrada.cli.profiles.brought.found import Found, NoProfiles, judged
from entrada.cli.profiles.passphrase import WrongPassphrase
from entrada.cli.profiles.profile import Kind
from entrada.cli.profiles.words import FlowName, parse_flow, parse_scopes
from entrada.core.jose.json_object import parse_object

_SALT, _IV, _BLOCK = 32, 16, 128
_ITERATIONS: Final = 100_000
_HEADING: Final = re.compile(r"\A\s*Exported Profile Data:\s*")  # it stands before the data when that was redirected
_KINDS: Final = {
    "clientsecret": Kind.SECRET,
    "certificate": Kind.CERTIFICATE,
    "passwordlesscertificate": Kind.CERTIFICATE,
    "none": Kind.NONE,
    "public": Kind.NONE,
}
_OF_PEOPLE: Final = frozenset({FlowName.INTERACTIVE, FlowName.AUTHORIZATION_CODE, FlowName.DEVICE_CODE})
"""Those profiles carry a secret or a certificate because they must; as public clients they never show it."""

# ---- the export ----


def blob_in(text: str) -> bytes | None:
    """The bytes of an encrypted export, None where it is none."""
    try:
        data = b64decode("".join(_HEADING.sub("", text).split()), validate=True)
    except ValueError:
        return None
    body = len(data) - _SALT - _IV
    return data if body > 0 and body % (_BLOCK // 8) == 0 else None


def open_blob(data: bytes, passphrase: str) -> Found:
    """Raises WrongPassphrase and NoProfiles.  Nothing in it tells a change from a wrong passphrase."""
    key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), data[:_SALT], _ITERATIONS, 32)
    opened = Cipher(AES(key), CBC(data[_SALT : _SALT + _IV])).decryptor()
    unpadder = PKCS7(_BLOCK).unpadder()
    try:
        padded = opened.update(data[_SALT + _IV :]) + opened.finalize()
        members = _lowered(parse_object(unpadder.update(padded) + unpadder.finalize()))
    except ValueError:
        raise WrongPassphrase from None
    profile = members.get("profile")
    if not isinstance(profile, dict):
        raise NoProfiles("Invalid profile data.")
    secret = members.get("clientsecret") or members.get("certificatepassword")
    found = read(cast("dict[str, object]", profile))
    return Found(found.profile, secret if isinstance(secret, str) and found.profile.proof.has_secret else None)


# ---- one profile ----


def read(members: Mapping[str, object]) -> Found:
    """Raises NoProfiles."""
    given = _lowered(members)
    flow = _flow(given)
    kind = Kind.NONE if flow in _OF_PEOPLE else _kind(given)
    secret = {Kind.SECRET: _text(given, "clientsecret"), Kind.CERTIFICATE: _text(given, "certificatepassword")}.get(
        kind
    )
    authority = _text(given, "authority", "authorityurl")
    tenant = _text(given, "tenantid", "tenant")
    of_tenant = {"instance": authority, "tenant": tenant}
    ours: dict[str, object] = {
        "name": _text(given, "name"),
        **({"authority": authority} if authority and _names_tenant(authority) else of_tenant),
        "clientId": _text(given, "clientid", "client"),
        "scopes": _scopes(given),
        "flow": flow,
        "authentication": _authentication(given, kind),
        "redirectUri": _text(given, "redirecturi"),
        "createdAt": _text(given, "createdat"),
        "updatedAt": _text(given, "updatedat"),
    }
    return judged(ours, secret)


def _lowered(members: Mapping[str, object]) -> dict[str, object]:
    """`tenantId`, `TenantId`, `tenant_id`: one name."""
    return {name.replace("_", "").replace("-", "").lower(): value for name, value in members.items()}


def _text(given: Mapping[str, object], *names: str) -> str | None:
    found = next((given[name] for name in names if given.get(name) not in (None, "")), None)
    if found is not None and not isinstance(found, str):
        raise NoProfiles(f"The member {names[0]} must be a text, not {json.dumps(found)[:40]}.")
    return found


def _kind(given: Mapping[str, object]) -> Kind:
    said = _text(given, "authmethod", "authenticationmethod")
    if said is not None:
        kind = _KINDS.get(said.replace("_", "").replace("-", "").lower())
        if kind is None:
            raise NoProfiles(f"The authentication method {said[:80]!r} is unknown.")
        return kind
    certified = given.get("usecertificate") is True or given.get("certificatepath")
    if certified or given.get("certificatethumbprint") or given.get("certificatename"):
        return Kind.CERTIFICATE
    return Kind.SECRET if given.get("useclientsecret", True) is not False else Kind.NONE


def _authentication(given: Mapping[str, object], kind: Kind) -> dict[str, object]:
    if kind is not Kind.CERTIFICATE:
        return {"kind": kind.value}
    path = _text(given, "certificatepath")
    if path is None:
        raise NoProfiles(
            f"The profile {str(given.get('name'))[:80]!r} uses a certificate of a system's store: export it as a file, "
            "and say where it is by certificatePath."
        )
    return {"kind": kind.value, "file": path}


def _scopes(given: Mapping[str, object]) -> list[str] | None:
    listed = given.get("scopes") or given.get("scope")
    texts = cast("list[object]", listed) if isinstance(listed, list) else [listed] if listed else []
    if not all(isinstance(one, str) for one in texts):
        raise NoProfiles("scopes must be texts.")
    resource = _text(given, "resource")
    found = parse_scopes(*cast("list[str]", texts))
    return list(found) or ([f"{resource.rstrip('/')}/.default"] if resource else None)


def _flow(given: Mapping[str, object]) -> FlowName | None:
    said = _text(given, "defaultflow", "flow")
    if said is None:
        return None
    flow = parse_flow(said)
    if flow is None:
        raise NoProfiles(f"The flow {said[:80]!r} is unknown. Known are {', '.join(FlowName)}.")
    return flow


def _names_tenant(authority: str) -> bool:
    return bool(authority.partition("://")[2].partition("/")[2].strip("/"))

"""Which external tokens an application may trust in place of a secret.  Reference section 20.3.

Each rule answers with a sentence, or with None where nothing is wrong.
"""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import SplitResult, urlsplit

from entrada.core.directory.client_credential import FederatedCredential
from entrada.core.directory.redirect_uri_rules import LOOPBACK_HOSTS

MOST: Final = 20
MAX_LENGTH: Final = 600
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,119}")
NAME_IN_WORDS: Final = "a name of 3 to 120 letters, digits, dashes and underscores, a letter or digit first"

_PLAIN: Final = re.compile(r"[!-~]+")


def compared_fault(what: str, text: str) -> str | None:
    """Of what a token must say exactly so."""
    if len(text) > MAX_LENGTH:
        return f"This takes at most {MAX_LENGTH} characters, not {len(text)}."
    if not text or text != text.strip() or "*" in text or not text.isprintable():
        return f"A {what} is compared character by character: one line, no blanks around it, no wildcard (*)."
    return None


def issuer_fault(text: str) -> str | None:
    fault = compared_fault("token's issuer", text)
    if fault is None and not _is_issuer(text):
        return f"{text!r} is not an issuer: an https address without query and fragment."
    return fault


def audiences_fault(audiences: Collection[str]) -> str | None:
    if len(audiences) == 1:
        return None
    said = "A federated credential has one audience, as a rule api://AzureADTokenExchange"
    return f"{said}, not {len(audiences)}."


def rivals_fault(trusted: Collection[FederatedCredential]) -> str | None:
    """Why these cannot stand together."""
    names, seen = set[str](), set[tuple[str, str]]()
    for one in trusted:
        if one.name in names:
            return f"The federated credential {one.name!r} is there twice."
        if (one.issuer, one.subject) in seen:
            return f"The federated issuer with its subject '{one.issuer} {one.subject}' is there twice."
        names.add(one.name)
        seen.add((one.issuer, one.subject))
    if len(trusted) > MOST:
        return f"An application has at most {MOST} federated credentials, not {len(trusted)}."
    return None


def _is_issuer(text: str) -> bool:
    """Its keys are fetched below this address.  Plain http is for this machine alone, as for redirect URIs."""
    parts = _split(text)
    if parts is None or not parts.hostname or "@" in parts.netloc or not _PLAIN.fullmatch(text):
        return False
    on_loopback = parts.netloc.rpartition(":")[0] in LOOPBACK_HOSTS or parts.netloc in LOOPBACK_HOSTS
    trusted = parts.scheme == "https" or (parts.scheme == "http" and on_loopback)
    return trusted and "?" not in text and "#" not in text


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        return parts if parts.port != 0 else None  # looking for the port finds what is none
    except ValueError:
        return None

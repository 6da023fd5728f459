"""What an error answer says, and what the caller can do about it.  RFC 6749 §5.2; OpenID Connect Core 1.0 §3.1.2.6.

Entra's words are numbered (AADSTS); a refusal that only the person can lift becomes InteractionRequired, whether it is
spelt as Entra spells it today, as it did, or as OpenID Connect does (reference 17, 40.1, 41).
"""

import re
from collections.abc import Mapping
from typing import Final, cast

from entrada.client.errors import AuthorityRefused, InteractionRequired, OAuthError

_LONGEST: Final = 1000  # characters of a description, which ends up in a log
_NUMBER: Final = re.compile(r"AADSTS(\d{3,9})\b:?\s*")
_TAIL: Final = re.compile(r"\s*Trace ID: .*$")  # it stands in members of its own
_ID: Final = re.compile(r"[0-9A-Za-z._-]{1,100}")

_OF_THE_PERSON: Final = frozenset(  # errors that name what is missing
    {
        "interaction_required",
        "consent_required",
        "login_required",
        "account_selection_required",
        "bad_token",
        "ux_not_allowed",
        "interrupted_user",
    }
)
_OF_THE_PROGRAM: Final = frozenset({"client_mismatch", "protection_policy_required"})  # suberrors nobody signs away
_NUMBERS: Final = frozenset(  # what the person can lift, also where no suberror tells (older answers)
    {
        50055, 50072, 50074, 50076, 50078, 50079, 50097, 50125, 50132, 50133, 50135, 50158, 50173, 53000, 53001, 53002,
        53003, 65001, 70043, 70044, 700020, 700081, 700082, 700084,
    }
)  # fmt: skip


def said(members: Mapping[str, object]) -> OAuthError:
    """Anybody may have written them: on one line, and nothing that a terminal or a log takes for more than words."""
    description = words(members.get("error_description"))
    return OAuthError(
        error=words(members.get("error")) or "unknown_error",
        description=description,
        aadsts=_number(members.get("error_codes"), description),
        suberror=words(members.get("suberror")) or None,
        claims=_text(members.get("claims")),
        trace_id=_id(members.get("trace_id")),
        correlation_id=_id(members.get("correlation_id")),
    )


def refusal(said: OAuthError, scopes: tuple[str, ...], *, of_the_person: bool = False) -> AuthorityRefused:
    """*of_the_person*: what was presented stood for their sign-in, so that `invalid_grant` alone needs them again."""
    if _needs_the_person(said, of_the_person=of_the_person):
        return InteractionRequired(
            _message(said), said, scopes=scopes, advice="Only the person can go on: let them sign in again for this."
        )
    return AuthorityRefused(_message(said), said, advice=_advice(said))


def words(text: object) -> str:
    cut = text[:_LONGEST] if isinstance(text, str) else ""
    return " ".join("".join(one if one.isprintable() else " " for one in cut).split())


def _needs_the_person(said: OAuthError, *, of_the_person: bool) -> bool:
    if said.suberror in _OF_THE_PROGRAM:
        return False
    if said.error in _OF_THE_PERSON or said.claims is not None:
        return True
    return said.error == "invalid_grant" and (of_the_person or said.suberror is not None or said.aadsts in _NUMBERS)


def _message(said: OAuthError) -> str:
    text = _TAIL.sub("", _NUMBER.sub("", said.description, count=1))
    name = f"AADSTS{said.aadsts} ({said.error})" if said.aadsts is not None else said.error
    return f"The authority refused: {name}: {text}" if text else f"The authority refused: {name}"


def _advice(said: OAuthError) -> str:
    if said.aadsts is None:
        return _BY_ERROR.get(said.error, "")
    from entrada.core.errors import catalogue  # noqa: PLC0415 - all of Entra's reasons, for none of which a token waits
    from entrada.core.errors.reason import Reason  # noqa: PLC0415

    known = (one for one in vars(catalogue).values() if isinstance(one, Reason) and one.code == said.aadsts)
    found = next((one.advice for one in known if "{" not in one.advice), None)  # facts are the authority's to know
    return found or _BY_ERROR.get(said.error, "")


_BY_ERROR: Final = {
    "invalid_client": "Check the client id and its secret, certificate or federated token.",
    "invalid_grant": "Begin again: what was presented is spent, expired or not for this application.",
    "invalid_scope": "Check the scopes; for the application itself it is one API's identifier and /.default.",
    "unauthorized_client": "Allow this grant in the application's registration.",
    "unsupported_grant_type": "This authority does not know the grant; use another way to sign in.",
    "access_denied": "The person or a policy said no; an administrator may know why.",
}


def _number(codes: object, description: str) -> int | None:
    first = next(iter(cast("list[object]", codes)), None) if isinstance(codes, list) else None
    if isinstance(first, int) and not isinstance(first, bool) and first > 0:
        return first
    spelt = _NUMBER.match(description)
    return int(spelt[1]) if spelt else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value and value.isprintable() else None


def _id(value: object) -> str | None:
    return value if isinstance(value, str) and _ID.fullmatch(value) else None

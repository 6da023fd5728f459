"""What a `claims` parameter asks for, and whether it can be met.  OpenID Connect Core §5.5; reference section 34.

Clients send it with capabilities, with the challenge of a refusal to meet, and with names of claims they would like.
"""

import re
from typing import Final, cast

from attrs import frozen

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.json_object import parse_object

_CONTEXT: Final = re.compile(r"c[1-9][0-9]?")
_POLICIES = ("capolids", "polids")  # ids of conditional access policies; the older name still arrives


@frozen(kw_only=True)
class ClaimsRequest:
    capabilities: frozenset[str] = frozenset()  # of the client, in lower case: cp1 copes with claims challenges
    auth_contexts: tuple[str, ...] = ()  # `acrs`, such as c1; others than contexts are voluntary
    challenged: bool = False  # it answers a refusal that named policies: a second factor is wanted
    id_token: frozenset[str] = frozenset()  # names asked for, whether essential or not
    access_token: frozenset[str] = frozenset()


def both(one: ClaimsRequest, other: ClaimsRequest) -> ClaimsRequest:
    """What either asks for: the token request repeats some of what the authorization request said."""
    return ClaimsRequest(
        capabilities=one.capabilities | other.capabilities,
        auth_contexts=tuple(dict.fromkeys([*one.auth_contexts, *other.auth_contexts])),
        challenged=one.challenged or other.challenged,
        id_token=one.id_token | other.id_token,
        access_token=one.access_token | other.access_token,
    )


Members = dict[str, object]


def parse_claims_request(text: str | None) -> ClaimsRequest | Refusal:
    if text is None:
        return ClaimsRequest()
    members = _object(text)
    if members is None:
        return Refusal(why.INVALID_PARAMETER, {"parameter": "claims"})
    id_token, access_token = _members(members.get("id_token")), _members(members.get("access_token"))
    if not (_can_be_met(id_token.get("acrs")) and _can_be_met(access_token.get("acrs"))):
        return Refusal(why.BAD_REQUEST, {"fault": "essential 'acrs' in claims name no context from c1 to c99"})
    return ClaimsRequest(
        capabilities=frozenset(value.lower() for value in _values(access_token.get("xms_cc"))),
        auth_contexts=tuple(dict.fromkeys([*_values(id_token.get("acrs")), *_values(access_token.get("acrs"))])),
        challenged=any(name in asked for name in _POLICIES for asked in (id_token, access_token)),
        id_token=frozenset(id_token),
        access_token=frozenset(access_token),
    )


def is_auth_context(text: str) -> bool:
    return _CONTEXT.fullmatch(text) is not None


def _can_be_met(acrs: object) -> bool:
    """§5.5.1.1: what is essential is met or refused; one of several `values` will do, and naming none asks for any.

    What Entra answers to a context that nobody defined is not documented: we choose invalid_request [U].
    """
    members = _members(acrs)
    named = "value" in members or bool(members.get("values"))
    return members.get("essential") is not True or not named or any(map(is_auth_context, _values(acrs)))


def _object(text: str) -> Members | None:
    try:
        return parse_object(text.encode())
    except ValueError:
        return None


def _members(value: object) -> Members:
    return cast("Members", value) if isinstance(value, dict) else {}


def _values(asked: object) -> list[str]:
    """Of `{"value": one}` or `{"values": [several]}`."""
    members = _members(asked)
    several = members.get("values")
    found = [members.get("value"), *(cast("list[object]", several) if isinstance(several, list) else [])]
    return [value for value in found if isinstance(value, str)]

"""What of a request may be kept and shown to an administrator: named values; of every other one only its length.

Design section 10.  An allow-list, since what is secret has no list: people type passwords into any field, and programs
send tokens under any name.  The name of a parameter nobody knows is not shown either.
"""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from entrada.core.directory.story import Fact

LONGEST: Final = 300  # characters of a value
_MOST: Final = 40  # facts of a request
_MOST_TEXT: Final = 4000  # characters of all of them: a request that anybody can send fills no disk

_SHOWN: Final = """
    acr_values api-version claims client-request-id client_assertion_type client_id code_challenge_method
    decision domain_hint grant_type keep max_age mi_res_id msi_res_id object_id on_behalf organization
    post_logout_redirect_uri prompt redirect_uri replace requested_token_use resource response_mode
    response_type scope x-client-OS x-client-SKU x-client-Ver
"""
_MEASURED: Final = """
    access_token account actor_token assertion client client_assertion client_info client_secret code code_challenge
    code_verifier confirm_password ctx current_password device_code id_token_hint login_hint logout_hint new_password
    nonce otc passwd password recovery_code refresh_token request request_uri session sid state subject_token token
    user user_code username
"""
_IS_SHOWN: Final = frozenset(_SHOWN.split())
_IS_MEASURED: Final = frozenset(_MEASURED.split())


def shown(parameters: Iterable[tuple[str, str]]) -> tuple[Fact, ...]:
    facts = list(_facts(parameters))[:_MOST]
    ends = accumulate(len(one.name) + len(one.value) for one in facts)
    told = [one for one, end in zip(facts, ends, strict=True) if end <= _MOST_TEXT]
    if len(told) == len(facts):
        return tuple(facts)
    left = len(facts) - len(told)
    return (*told, Fact(name="more", value=f"{left} parameters, not shown: the request is too long to keep"))


def _facts(parameters: Iterable[tuple[str, str]]) -> Iterator[Fact]:
    unknown = 0
    for name, value in parameters:
        if name in _IS_SHOWN:
            yield Fact(name=name, value=_cut(value))
        elif name in _IS_MEASURED:
            yield Fact(name=name, value=measured(value))
        else:
            unknown += 1
    if unknown:
        yield Fact(name="others", value=f"{unknown} parameters that no endpoint reads, not shown")


def measured(value: str) -> str:
    return f"({len(value)} characters, not shown)" if value else "(empty)"


def _cut(value: str) -> str:
    return value if len(value) <= LONGEST else f"{value[:LONGEST]}… ({len(value)} characters)"

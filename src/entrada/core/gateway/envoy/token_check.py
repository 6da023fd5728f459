"""`validate-jwt` and `validate-azure-ad-token` by Envoy's `jwt_authn`, with the policy's keys inline in the route.

Envoy verifies signature, issuer and times, and never refuses: a token that it has verified is kept, and conditions on
what is kept open the way.  Audiences and claims are such conditions: Envoy's own check of audiences forgives a slash.
"""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Final

from attrs import evolve, field, frozen

from entrada.core.gateway.elements.statement import Statement
from entrada.core.gateway.elements.token_check import TokenCheck
from entrada.core.gateway.elements.token_source import AUTHORIZATION
from entrada.core.gateway.elements.validate_azure_ad_token import ValidateAzureAdToken
from entrada.core.gateway.elements.validate_jwt import ValidateJwt
from entrada.core.gateway.envoy import checks, claims, matches
from entrada.core.gateway.envoy.keys import key_set
from entrada.core.gateway.envoy.known import known, known_or_none
from entrada.core.gateway.envoy.not_native import NotNative, few
from entrada.core.gateway.envoy.way import TokenOf, Way
from entrada.core.gateway.envoy.wire import HTTP, JWT_AUTHN, Json, typed
from entrada.core.gateway.failure import Failure
from entrada.core.gateway.headers import is_name
from entrada.core.gateway.tokens.key import Key
from entrada.core.gateway.tokens.provider import TENANT
from entrada.core.gateway.tokens.validate import SHORTEST_SKEW, Rules
from entrada.core.jose.token_parts import MAXIMUM_LENGTH

Policy = ValidateJwt | ValidateAzureAdToken

_SIX: Final = "[A-Za-z0-9_-]"
# The one spelling of its bytes in base64url: a last character whose unused bits are zero (RFC 4648 §3.5).
_PART: Final = f"(?:{_SIX}{{4}})*(?:{_SIX}[AQgw]|{_SIX}{{2}}[AEIMQUYcgkosw048])?"
TOKEN: Final = rf"{_PART}\.{_PART}\.{_PART}"
_LARGEST: Final = 1e300


class Stage(IntEnum):
    """When a filter of a route runs."""

    BEFORE = 0  # what is noted of the request
    TOKENS = 1
    AFTER = 2  # what is noted of tokens


@frozen
class Filter:
    key: str
    stage: Stage
    config: Json = field(repr=False)


@frozen(kw_only=True)
class Carried:
    """Where the token is: what Envoy reads, what must hold of the request, and the request that carries none."""

    read: Json
    held: Json  # what holds it, in CEL
    form: Json  # of each line of it
    absent: Json
    beside: int  # characters that are not the token's
    sole_query: str | None = None
    is_one_line: bool = False  # to Envoy, which joins lines of that name by commas when they come in


def checked(policy: Policy, rules: Rules, name: str, way: Way) -> Iterator[Way]:
    """The ways on for good tokens, and the way that ends for want of one.  *name* is the token's to Envoy."""
    carried = _carried(policy.check, way)
    absent = way.where(carried.absent)
    known(policy.check.failing.status, way)
    known_or_none(policy.check.failing.message, way)
    failure = policy.check.perform(absent.stand_in(), rules)
    if isinstance(failure, Failure):
        yield absent.answered(failure.response, refused=True)
    if not any(trusted(rules)):
        return
    kept = way.variables if policy.check.variable is None else {**way.variables, policy.check.variable: TokenOf(name)}
    if carried.sole_query is not None and way.sole_query is not None:
        raise NotNative("two tokens in the query")
    found = evolve(way, variables=kept, sole_query=carried.sole_query or way.sole_query)
    found = found.saying(*_always(name, rules))
    for conditions in _alternatives(name, rules):
        yield found.saying(*conditions)


def filters(policy: Policy, rules: Rules, name: str, way: Way, cached: int) -> tuple[Filter, ...]:
    """What finds out about the token; empty where no key is known, so that nothing is ever verified."""
    carried = _carried(policy.check, way)
    providers = {
        f"{name}-{number}": _provider(name, carried, rules, issuer, keys, cached)
        for number, (issuer, keys) in enumerate(trusted(rules))
    }
    if not providers:
        return ()
    wanted: list[Json] = [{"provider_name": one} for one in providers]
    requirement: Json = {"requires_any": {"requirements": [*wanted, {"allow_missing_or_failed": {}}]}}
    formed = (
        checks.carrying_alone(carried.form)
        if carried.is_one_line
        else checks.carrying(carried.form, carried.held, MAXIMUM_LENGTH + carried.beside)
    )
    verifying = typed(
        f"{HTTP}.jwt_authn.v3.JwtAuthentication",
        providers=providers,
        rules=[{"match": {"prefix": "/"}, "requires": requirement}],
    )
    return (
        Filter(f"{name}-form", Stage.BEFORE, formed.noted_as(name)),
        Filter(f"{name}-token", Stage.TOKENS, {"name": JWT_AUTHN, "typed_config": verifying}),
        *(Filter(f"{name}-tenant", Stage.AFTER, one) for one in _of_tenant(name, rules)),
    )


def rules_of(statement: Statement, way: Way) -> Rules:
    """All of them known beforehand.  Raises NotNative."""
    policy = statement.policy
    assert isinstance(policy, ValidateJwt | ValidateAzureAdToken)  # noqa: S101 - who calls has looked
    for one in policy.audiences or ():
        known(one, way)
    for claim in policy.claims:
        for value in (claim.name, claim.match, *claim.values):
            known(value, way)
        known_or_none(claim.separator, way)
    if isinstance(policy, ValidateJwt):
        for issuer in policy.issuers:
            known(issuer, way)
        known(policy.requires_expiration, way)
        known(policy.clock_skew, way)
    rules = policy.rules(way.stand_in())
    _about_rules(rules)
    return rules


def _about_rules(rules: Rules) -> None:
    issuers = set(_accepted(rules))
    if any(TENANT in one for one in issuers) and (len(issuers) > 1 or "".join(issuers).count(TENANT) > 1):
        raise NotNative("several issuers, and one depends on the tenant that the token names")
    if any(len(one.separator or " ") != 1 for one in rules.claims):
        raise NotNative("a separator is longer than one character")


def trusted(rules: Rules) -> Iterator[tuple[str | None, tuple[Key, ...]]]:
    """Issuers and the keys that may sign for each; None: whoever it calls itself.

    An issuer without keys is none: Envoy takes no empty set, and would keep all keys of before (section 8).
    """
    if not rules.issuers and not rules.providers:
        if rules.keys:
            yield None, rules.keys
        return
    for issuer in dict.fromkeys(_accepted(rules)):
        speaking = (one for one in rules.providers if issuer in rules.issuers or one.issuer == issuer)
        keys = (*rules.keys, *(key for one in speaking for key in one.keys))
        if keys:
            yield issuer, keys


def _accepted(rules: Rules) -> tuple[str, ...]:
    return (*rules.issuers, *(one.issuer for one in rules.providers))


def _of_tenant(name: str, rules: Rules) -> Iterator[Json]:
    """Whether the issuer is that of the tenant that the token names: asked of what is verified already."""
    for issuer in set(_accepted(rules)):
        if TENANT in issuer:
            before, _, behind = issuer.partition(TENANT)
            yield checks.Check(checks.between(name, "iss", before, "tid", behind)).noted_as(f"{name}-tenant")


def _provider(name: str, carried: Carried, rules: Rules, issuer: str | None, keys: Sequence[Key], cached: int) -> Json:
    return {
        **({} if issuer is None or TENANT in issuer else {"issuer": issuer}),
        "local_jwks": {"inline_string": key_set(keys)},
        **carried.read,
        "forward": True,
        "payload_in_metadata": name,
        "header_in_metadata": _header_of(name),
        "clock_skew_seconds": max(rules.clock_skew, SHORTEST_SKEW),  # 0 would be a minute
        "require_expiration": rules.requires_expiration,
        "clear_route_cache": True,  # what it says decides the route
        # Safe because the keys are in the route: with them the cache goes (gateway-envoy.md section 8).
        "jwt_cache_config": {"jwt_cache_size": cached, "jwt_max_token_size": MAXIMUM_LENGTH},
    }


# ---- where the token is --------------------------------------------------------------------------------------------


def _carried(check: TokenCheck, way: Way) -> Carried:
    source = check.source
    if source.value is not None:
        raise NotNative("the token is found by an expression")
    if source.query_parameter is not None:
        return _in_query(known(source.query_parameter, way))
    header = "" if source.header is None else known(source.header, way)
    if not is_name(header):
        raise NotNative("the token's header has no name")
    header = way.untouched(header)
    if header != AUTHORIZATION:
        return _in_header(header, ("",))
    scheme = known_or_none(source.scheme, way) or "Bearer"
    if not is_name(scheme):
        raise NotNative("the token's scheme is no word")
    # Envoy compares prefixes with their case, `decide` without: these are the ones that are written.
    schemes = tuple(dict.fromkeys(f"{one} " for one in (scheme, scheme.lower(), scheme.upper())))
    return evolve(_in_header(header, schemes), is_one_line=True)


def _in_header(header: str, prefixes: tuple[str, ...]) -> Carried:
    schemes = "|".join(re.escape(one) for one in prefixes)
    return Carried(
        read={"from_headers": [{"name": header, **({"value_prefix": one} if one else {})} for one in prefixes]},
        held=checks.of_request("headers", header),
        form=matches.fitting(header, f"(?:{schemes}){TOKEN}"),
        absent=matches.absent(header),
        beside=len(prefixes[0]),
    )


def _in_query(name: str) -> Carried:
    if not re.fullmatch(r"[A-Za-z0-9._~-]+", name):
        raise NotNative(f"the query parameter {name!r} has an unusual name")
    return Carried(
        read={"from_params": [name]},
        held=checks.of_request("path"),
        form=matches.fitting(":path", rf"[^?]*\?{re.escape(name)}={TOKEN}"),
        absent=matches.fitting(":path", r"[^?]*"),
        beside=len(name) + 2,
        sole_query=name,
        is_one_line=True,
    )


# ---- what is asked of it -------------------------------------------------------------------------------------------


def _always(name: str, rules: Rules) -> Iterator[Json]:
    yield matches.of_check(name)
    if any(TENANT in one for one in _accepted(rules)):
        yield matches.of_check(f"{name}-tenant")
    # Envoy passes over what a header says must be understood (RFC 7515 §4.1.11).
    yield matches.of_token((_header_of(name), "alg"), claims.text_like(".*"))
    yield matches.of_token((_header_of(name), "crit"), {"present_match": True}, inverted=True)
    if not rules.requires_expiration:  # to Envoy a token of 1970 is one that never expires
        past: Json = {"double_match": {"range": {"start": -_LARGEST, "end": 1}}}
        yield matches.of_token((name, "exp"), past, inverted=True)


def _alternatives(name: str, rules: Rules) -> Iterator[tuple[Json, ...]]:
    """Each of them suffices."""
    found: tuple[tuple[Json, ...], ...] = (tuple(_audience(name, rules)),)
    for one in rules.claims:
        found = few(tuple((*before, *added) for before in found for added in claims.met(name, one)))
    yield from found


def _audience(name: str, rules: Rules) -> Iterator[Json]:
    if rules.audiences is not None:
        forms = [form for one in rules.audiences for form in ({"string_match": {"exact": one}}, _listed(one))]
        if not forms:
            raise NotNative("no audience is accepted")
        yield matches.of_token((name, "aud"), {"or_match": {"value_matchers": forms}})


def _listed(value: str) -> Json:
    return {"list_match": {"one_of": {"string_match": {"exact": value}}}}


def _header_of(name: str) -> str:
    return f"{name}-header"

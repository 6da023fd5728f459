"""A device's codes and their redemption: RFC 8628 §3.2 to §3.5, §6.1; reference section 22."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.application import Platform
from entrada.core.directory.ids import ANY_TENANT, ClientId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import device_flow, lifetimes
from entrada.core.protocol.artefacts.device_code import DeviceCode, pack_device_code, unpack_device_code
from entrada.core.protocol.device_flow import Approval, DeviceFlow, DeviceFlowKey, make_user_code, parse_user_code
from entrada.core.protocol.effects import OpenFamily, RevokeFamily
from entrada.core.protocol.grants import refresh_token
from entrada.core.protocol.grants.authorization_code import Seen
from entrada.core.protocol.grants.decision import Issue
from entrada.core.protocol.grants.device_code import Approved, Request, approval_of, decide, refuse_code
from entrada.core.protocol.token_family import TokenFamily
from entrada.core.protocol.tokens.lifetime import LONGEST_ACCESS_TOKEN
from tests.protocol.known import (
    BEN,
    CLIENT,
    COMMON,
    FAMILY_ID,
    HERE,
    MULTI,
    NOW,
    SESSION,
    STANDING,
    TENANT,
    THERE,
    guid,
)
from tests.protocol.known import said as reason_of
from tests.protocol.test_authorization_code import GRANTED, ONLINE

PUBLIC = evolve(CLIENT, redirect_uris=(), client_secrets=(), is_fallback_public_client=True)
ENDS_AT = NumericDate(NOW + 600)
APPROVAL = Approval(
    tenant_id=TENANT.id,
    user_id=BEN.id,
    issued_in=TENANT.id,
    session_id=SESSION.id,
    authenticated_at=SESSION.authenticated_at,
    methods=("pwd", "mfa"),
)
FLOW = DeviceFlow(
    key=DeviceFlowKey(tenant_id=TENANT.id, id=FAMILY_ID),
    user_code="BCDFGHJKL",
    client_id=CLIENT.app_id,
    scope="openid offline_access User.Read",
    asked_at=NumericDate(NOW - 300),
    ends_at=ENDS_AT,
    decided_at=NOW,
    approval=APPROVAL,
)
CODE = DeviceCode(key=FLOW.key, client_id=CLIENT.app_id, ends_at=ENDS_AT)
REQUEST = Request(authority=HERE, client=PUBLIC)
APPROVED = Approved(flow=FLOW, approval=APPROVAL)
ORIGIN = APPROVED.origin
FAMILY = TokenFamily(key=ORIGIN.key, client_id=CLIENT.app_id, user_id=BEN.id, session_id=SESSION.id, issued_at=NOW)
OPENED = (OpenFamily(FAMILY),)

# fmt: off
CODES = [  # the request, the code, the reason
    pytest.param({}, {},                                None,                    id="good"),
    pytest.param({}, {"client_id": ClientId(guid(9))},  why.BAD_DEVICE_CODE,     id="another app's code answers as an unknown one"),
    pytest.param({}, {"client_id": ClientId(guid(9)), "ends_at": NOW}, why.BAD_DEVICE_CODE, id="even when it is late"),
    pytest.param({}, {"ends_at": NOW},                  why.DEVICE_CODE_EXPIRED, id="ends this second"),
    pytest.param({}, {"ends_at": NumericDate(NOW + 1)}, None,                    id="ends in a second"),
]
FLOWS = [  # the request, the flow as stored, the answer
    pytest.param({}, {},                                           APPROVED,                   id="approved"),
    pytest.param({}, None,                                         why.BAD_DEVICE_CODE,        id="nobody knows it"),
    pytest.param({}, {"decided_at": None, "approval": None},       why.AUTHORIZATION_PENDING,  id="nobody has decided yet"),
    pytest.param({}, {"approval": None},                           why.AUTHORIZATION_DECLINED, id="declined"),
    pytest.param({"authority": THERE}, {},                         why.OTHER_TENANTS_GRANT,    id="asked for at another tenant"),
    pytest.param({"authority": THERE}, {"decided_at": None},       why.AUTHORIZATION_PENDING,  id="whose tokens it will be is not known before"),
    pytest.param({"authority": COMMON, "client": MULTI}, {},       APPROVED,                   id="at common the approval says which tenant"),
]
DISABLED = evolve(STANDING, user=evolve(BEN, account_enabled=False))
STALE = evolve(STANDING, user=evolve(BEN, sign_in_sessions_valid_from=NOW))
REVOKED = (RevokeFamily(ORIGIN.key, NOW),)
REDEMPTIONS = [  # standing, what the scope holds today, what the store said, the answer, the effects
    pytest.param(STANDING, GRANTED, Seen(),                   None,                     OPENED,  id="good: one insert"),
    pytest.param(STANDING, GRANTED, Seen(family=FAMILY),      why.DEVICE_CODE_REDEEMED, REVOKED, id="twice: what the first got is taken back"),
    pytest.param(DISABLED, GRANTED, Seen(family=FAMILY),      why.DEVICE_CODE_REDEEMED, REVOKED, id="whatever else has changed"),
    pytest.param(STANDING, GRANTED, Seen(session_ended=True), why.SESSION_ENDED,        (),      id="the session that approved it has ended"),
    pytest.param(DISABLED, GRANTED, Seen(),                   why.USER_DISABLED,        (),      id="user disabled since"),
    pytest.param(STALE,    GRANTED, Seen(),                   why.FRESH_TOKEN_NEEDED,   (),      id="password changed since"),
    pytest.param(STANDING, Refusal(why.CONSENT_MISSING), Seen(), why.CONSENT_MISSING,   (),      id="consent revoked since"),
]
TYPED = [  # what is typed, the code
    pytest.param("BCDFGHJKL",          "BCDFGHJKL", id="as shown"),
    pytest.param("bcdfghjkl",          "BCDFGHJKL", id="small letters"),
    pytest.param(" bcd-fgh jkl\t",     "BCDFGHJKL", id="dashes and blanks"),
    pytest.param("BCD\u2013FGH\u00a0JKL", "BCDFGHJKL", id="as a phone corrects them"),
    pytest.param("BCDFGHJK",           None,        id="too short"),
    pytest.param("BCDFGHJKLM",         None,        id="too long"),
    pytest.param("BCDFGHJK0",          None,        id="a letter that no code has"),
    pytest.param("",                   None,        id="nothing"),
]
# fmt: on


def said(decision):
    return None if isinstance(decision.answer, Issue) else decision.answer.reason


@pytest.mark.parametrize(("asked", "sealed", "reason"), CODES)
def test_what_a_code_says_by_itself(asked, sealed, reason):
    refusal = refuse_code(evolve(REQUEST, **asked), evolve(CODE, **sealed), NOW)
    assert (refusal and refusal.reason) is reason


@pytest.mark.parametrize(("asked", "stored", "answer"), FLOWS)
def test_what_a_poll_is_answered(asked, stored, answer):
    flow = None if stored is None else evolve(FLOW, **stored)
    assert reason_of(approval_of(evolve(REQUEST, **asked), flow)) == answer


@pytest.mark.parametrize(("standing", "granted", "seen", "reason", "effects"), REDEMPTIONS)
def test_redeeming_it(standing, granted, seen, reason, effects):
    decision = decide(REQUEST, APPROVED, standing, granted, seen, NOW)
    assert (said(decision), decision.effects) == (reason, effects)


def test_a_refresh_token_comes_with_offline_access_alone():
    assert decide(REQUEST, APPROVED, STANDING, ONLINE, Seen(), NOW).answer.successor is None
    token = decide(REQUEST, APPROVED, STANDING, GRANTED, Seen(), NOW).answer.successor
    assert (token.family_id, token.scope, token.methods) == (FAMILY_ID, FLOW.scope, ("pwd", "mfa"))
    assert (token.key, token.without_redirect) == (FAMILY.key, True)


@pytest.mark.parametrize(
    ("client", "platform"), [(PUBLIC, Platform.PUBLIC_CLIENT), (evolve(CLIENT, redirect_uris=()), Platform.WEB)]
)
def test_without_a_redirect_uri_it_refreshes_by_the_registrations_rule(client, platform):
    token = decide(Request(authority=HERE, client=client), APPROVED, STANDING, GRANTED, Seen(), NOW).answer.successor
    assert token.platform is platform
    request = refresh_token.Request(authority=HERE, client=client)
    assert said(refresh_token.decide(request, token, FAMILY, STANDING, GRANTED, NOW)) is None


def test_once_the_registration_says_otherwise_its_refresh_token_is_refused():
    token = decide(REQUEST, APPROVED, STANDING, GRANTED, Seen(), NOW).answer.successor
    changed = refresh_token.Request(authority=HERE, client=evolve(PUBLIC, is_fallback_public_client=False))
    assert said(refresh_token.decide(changed, token, FAMILY, STANDING, GRANTED, NOW)) is why.BAD_GRANT


@given(st.integers(0, 599))
def test_the_family_ends_at_the_same_moment_whenever_the_device_comes(later):
    """The end is part of the key: otherwise the second redemption would open another family."""
    decision = decide(REQUEST, APPROVED, STANDING, GRANTED, Seen(), NumericDate(NOW + later))
    assert decision.effects[0].family.key == FAMILY.key


def test_without_offline_access_the_family_lives_as_long_as_its_access_token():
    online = Approved(flow=evolve(FLOW, scope="openid User.Read"), approval=APPROVAL).origin
    assert ORIGIN.family_ends_at == ENDS_AT + lifetimes.FAMILY
    assert ENDS_AT + LONGEST_ACCESS_TOKEN <= online.family_ends_at < ENDS_AT + 2 * lifetimes.DAY


@pytest.mark.parametrize(("typed", "code"), TYPED)
def test_reading_what_a_person_types(typed, code):
    assert parse_user_code(typed) == code


@given(st.binary(min_size=device_flow.DICE, max_size=device_flow.DICE))
def test_every_code_that_is_made_can_be_typed(dice):
    code = make_user_code(dice)
    assert parse_user_code(code.lower()) == code
    assert not set(code) & set("AEIOU01258")  # no word comes out, and nothing looks alike


def test_codes_use_the_whole_alphabet():
    made = "".join(make_user_code(number.to_bytes(device_flow.DICE, "big")) for number in range(0, 2**40, 2**31 + 7))
    assert set(made) == set(device_flow.ALPHABET)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_or_none(typed):
    code = parse_user_code(typed)
    assert code is None or (len(code) == 9 and set(code) <= set(device_flow.ALPHABET))


@given(st.uuids().map(str), st.sampled_from([TENANT.id, ANY_TENANT]), st.integers(0, 2**40))
def test_any_device_code_comes_back(guid, tenant, moment):
    code = DeviceCode(
        key=DeviceFlowKey(tenant_id=tenant, id=guid), client_id=CLIENT.app_id, ends_at=NumericDate(moment)
    )
    assert unpack_device_code(tenant, pack_device_code(code)) == code

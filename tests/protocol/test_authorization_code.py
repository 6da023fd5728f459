"""Redeem an authorization code: RFC 6749 §4.1.3 and §4.1.2, RFC 7636 §4.6."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.application import Platform, RedirectUri
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.effects import OpenFamily, RevokeFamily
from entrada.core.protocol.grants.authorization_code import Request, Seen, decide, family_key, redirect_digest
from entrada.core.protocol.grants.code_payload import CodePayload
from entrada.core.protocol.grants.decision import Issue
from entrada.core.protocol.grants.refresh_token_payload import RefreshTokenPayload
from entrada.core.protocol.token_family import TokenFamily
from entrada.core.protocol.tokens.granted import Granted
from tests.protocol.known import (
    BEN,
    CALLBACK,
    CLIENT,
    COMMON,
    FAMILY_ID,
    GRAPH,
    HERE,
    MULTI,
    NOW,
    SESSION,
    STANDING,
    TENANT,
    THERE,
    as_platform,
    guid,
)
from tests.protocol.test_pkce import DIGEST, VERIFIER

ENDS_AT = NumericDate(NOW + lifetimes.FAMILY)
CODE = CodePayload(
    tenant_id=TENANT.id,
    id=FAMILY_ID,
    client_id=CLIENT.app_id,
    user_id=BEN.id,
    issued_in=TENANT.id,
    session_id=SESSION.id,
    platform=Platform.WEB,
    scope="openid offline_access User.Read",
    redirect_digest=redirect_digest(CALLBACK),
    challenge=DIGEST,
    nonce="n-1",
    authenticated_at=SESSION.authenticated_at,
    methods=("pwd",),
    issued_at=NOW,
    family_ends_at=ENDS_AT,
)
REQUEST = Request(authority=HERE, client=CLIENT, redirect_uri=CALLBACK, code_verifier=VERIFIER)
GRANTED = Granted(
    resource=GRAPH,
    identifier="https://graph.microsoft.com",
    scopes=("openid", "User.Read"),
    oidc=frozenset({"openid", "offline_access"}),
    scope="openid User.Read",
)
ONLINE = evolve(GRANTED, oidc=frozenset({"openid"}))
KEY = family_key(CODE)
FAMILY = TokenFamily(key=KEY, client_id=CLIENT.app_id, user_id=BEN.id, session_id=SESSION.id, issued_at=NOW)
TOKEN = RefreshTokenPayload(
    tenant_id=TENANT.id,
    family_id=FAMILY_ID,
    family_ends_at=ENDS_AT,
    generation=0,
    client_id=CLIENT.app_id,
    user_id=BEN.id,
    issued_in=TENANT.id,
    platform=Platform.WEB,
    scope=CODE.scope,
    authenticated_at=SESSION.authenticated_at,
    methods=("pwd",),
    sealed_at=NOW,
)
SPENT, ENDED = Seen(family=FAMILY), Seen(session_ended=True)
OPENED, REVOKED = (OpenFamily(FAMILY),), (RevokeFamily(KEY, NOW),)
MISSING = Refusal(why.CONSENT_MISSING)
SPA = as_platform(CLIENT, Platform.SPA)
EXPIRED = {"issued_at": NumericDate(NOW - 600)}
DISABLED = evolve(STANDING, user=evolve(BEN, account_enabled=False))

# fmt: off
ROWS = [  # what is asked, what the code says, what the store saw, the answer, the effects
    pytest.param({},                                   {},                           Seen(), TOKEN,                      OPENED,  id="good"),
    pytest.param({"authority": COMMON, "client": MULTI}, {},                         Seen(), TOKEN,                      OPENED,  id="at /common"),
    pytest.param({"redirect_uri": None},               {"redirect_digest": b""},     Seen(), TOKEN,                      OPENED,  id="no redirect_uri, as in the authorization request"),
    pytest.param({"code_verifier": None},              {"challenge": b""},           Seen(), TOKEN,                      OPENED,  id="a web client without PKCE"),
    pytest.param({},                                   {"issued_at": NumericDate(NOW - 599)}, Seen(), TOKEN,             OPENED,  id="in its last second"),
    pytest.param({},                                   EXPIRED,                      Seen(), why.GRANT_EXPIRED,          (),      id="expires this second"),
    pytest.param({"authority": THERE, "client": MULTI}, {},                          Seen(), why.OTHER_TENANTS_GRANT,    (),      id="at another tenant"),
    pytest.param({},                                   {"client_id": ClientId(guid(9))}, Seen(), why.BAD_GRANT,          (),      id="another app's code"),
    pytest.param({"redirect_uri": CALLBACK + "/"},     {},                           Seen(), why.REPLY_ADDRESS_MISMATCH, (),      id="another redirect_uri"),
    pytest.param({"redirect_uri": None},               {},                           Seen(), why.REPLY_ADDRESS_MISMATCH, (),      id="redirect_uri left out"),
    pytest.param({},                                   {"redirect_digest": b""},     Seen(), why.REPLY_ADDRESS_MISMATCH, (),      id="a redirect_uri that was not sent before"),
    pytest.param({"client": evolve(CLIENT, redirect_uris=())}, {},                   Seen(), why.REPLY_ADDRESS_MISMATCH, (),      id="the redirect_uri was removed meanwhile"),
    pytest.param({"client": SPA},                      {},                           Seen(), why.REPLY_ADDRESS_MISMATCH, (),      id="the redirect_uri moved to another platform"),
    pytest.param({"code_verifier": None},              {},                           Seen(), why.CODE_VERIFIER_MISMATCH, (),      id="verifier left out"),
    pytest.param({"code_verifier": VERIFIER[::-1]},    {},                           Seen(), why.CODE_VERIFIER_MISMATCH, (),      id="a wrong verifier"),
    pytest.param({},                                   {"challenge": b""},           Seen(), why.CODE_VERIFIER_MISMATCH, (),      id="a verifier without a challenge: downgrade"),
    pytest.param({},                                   {},                           SPENT,  why.CODE_ALREADY_REDEEMED,  REVOKED, id="replay revokes the family"),
    pytest.param({},                                   EXPIRED,                      SPENT,  why.GRANT_EXPIRED,          (),      id="too late even to revoke"),
    pytest.param({"code_verifier": None},              {},                           SPENT,  why.CODE_VERIFIER_MISMATCH, (),      id="a thief without the verifier revokes nothing"),
    pytest.param({"redirect_uri": None},               {},                           SPENT,  why.REPLY_ADDRESS_MISMATCH, (),      id="a thief without the redirect_uri revokes nothing"),
    pytest.param({},                                   {"client_id": ClientId(guid(9))}, SPENT, why.BAD_GRANT,           (),      id="another app revokes nothing"),
    pytest.param({"authority": THERE, "client": MULTI}, {},                          SPENT,  why.OTHER_TENANTS_GRANT,    (),      id="another tenant revokes nothing"),
    pytest.param({},                                   {},                           ENDED,  why.SESSION_ENDED,          (),      id="signed out meanwhile"),
]
FACTS = [  # standing, what the scope holds today, what the store saw, the reason, the effects
    pytest.param(DISABLED, GRANTED, Seen(), why.USER_DISABLED,         (),      id="user disabled"),
    pytest.param(STANDING, MISSING, Seen(), why.CONSENT_MISSING,       (),      id="consent revoked"),
    pytest.param(DISABLED, GRANTED, SPENT,  why.CODE_ALREADY_REDEEMED, REVOKED, id="replay revokes, even a disabled user's"),
    pytest.param(STANDING, MISSING, SPENT,  why.CODE_ALREADY_REDEEMED, REVOKED, id="replay revokes, consent or not"),
    pytest.param(DISABLED, MISSING, ENDED,  why.USER_DISABLED,         (),      id="the user comes before session and consent"),
]
# fmt: on


@pytest.mark.parametrize(("asked", "sealed", "seen", "answer", "effects"), ROWS)
def test_redeeming_a_code(asked, sealed, seen, answer, effects):
    decision = decide(evolve(REQUEST, **asked), evolve(CODE, **sealed), STANDING, GRANTED, seen, NOW)
    said = decision.answer.successor if isinstance(decision.answer, Issue) else decision.answer.reason
    assert (said, decision.effects) == (answer, effects)


@pytest.mark.parametrize(("standing", "granted", "seen", "reason", "effects"), FACTS)
def test_a_code_outlives_no_change(standing, granted, seen, reason, effects):
    decision = decide(REQUEST, CODE, standing, granted, seen, NOW)
    assert (decision.answer.reason, decision.effects) == (reason, effects)


def test_without_offline_access_there_is_no_refresh_token_but_the_marker_all_the_same():
    decision = decide(REQUEST, CODE, STANDING, ONLINE, Seen(), NOW)
    assert decision.answer == Issue(granted=ONLINE, successor=None)
    assert decision.effects == OPENED


def test_the_family_is_found_by_the_day_it_ends():
    assert (KEY.tenant_id, KEY.id, KEY.end_day) == (TENANT.id, FAMILY_ID, ENDS_AT // 86_400)


@given(st.text())
def test_no_other_verifier_opens_it(verifier):
    granted = isinstance(
        decide(evolve(REQUEST, code_verifier=verifier), CODE, STANDING, GRANTED, Seen(), NOW).answer, Issue
    )
    assert granted == (verifier == VERIFIER)


@given(st.text(), st.sampled_from([ClientId(guid(7)), CLIENT.app_id]), st.sampled_from([TenantId(guid(8)), TENANT.id]))
def test_only_who_could_have_redeemed_it_may_revoke(uri, client_id, tenant_id):
    client = evolve(CLIENT, redirect_uris=(RedirectUri(uri, Platform.WEB),))
    request = evolve(REQUEST, client=client, redirect_uri=uri)
    code = evolve(CODE, client_id=client_id, tenant_id=tenant_id)
    decision = decide(request, code, STANDING, GRANTED, SPENT, NOW)
    could = uri == CALLBACK and client_id == CLIENT.app_id and tenant_id == TENANT.id
    assert bool(decision.effects) == could

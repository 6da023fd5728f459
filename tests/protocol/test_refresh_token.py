"""Redeem a refresh token: RFC 6749 §6, RFC 9700 §4.14; rotation, grace, reuse, renewal, a SPA's end."""

import pytest
from attrs import evolve

from entrada.core.directory.application import Platform
from entrada.core.directory.ids import ClientId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.effects import RevokeFamily, RotateFamily, SucceedFamily
from entrada.core.protocol.grants.decision import Issue
from entrada.core.protocol.grants.refresh_token import Request, decide
from entrada.core.protocol.grants.successor_family import family_of, first_token, renews_at
from tests.protocol.known import BEN, CLIENT, COMMON, DAY, HERE, MULTI, NOW, STANDING, THERE, as_platform, guid
from tests.protocol.test_authorization_code import FAMILY, GRANTED, TOKEN

WEB, SPA, NATIVE = Platform.WEB, Platform.SPA, Platform.PUBLIC_CLIENT
PUBLIC_CLIENT = as_platform(CLIENT, NATIVE)
REQUEST = Request(authority=HERE, client=PUBLIC_CLIENT)
PUBLIC = evolve(TOKEN, platform=NATIVE, generation=3, sealed_at=NumericDate(NOW - 5 * DAY))
ROTATED_AT = NumericDate(NOW - 5)
LIVE = evolve(FAMILY, generation=3, rotated_at=NumericDate(NOW - 5 * DAY))
ONE_ON = evolve(LIVE, generation=4, rotated_at=ROTATED_AT)
NEXT = evolve(PUBLIC, generation=4, sealed_at=NOW)
KEY = LIVE.key
# In the last 30 days.
RENEWS_AT = NumericDate(PUBLIC.family_ends_at - lifetimes.RENEWAL)
LATE = NumericDate(NOW + lifetimes.RENEWAL)
LATE_TOKEN = evolve(PUBLIC, family_ends_at=LATE)
LATE_FAMILY = evolve(LIVE, key=LATE_TOKEN.key)
HEIR = first_token(LATE_TOKEN, NOW, sealed_at=NOW)
REUSED = (RevokeFamily(KEY, NOW), RevokeFamily(first_token(PUBLIC, RENEWS_AT, sealed_at=NOW).key, NOW))
AGAIN = evolve(PUBLIC, generation=4, sealed_at=ROTATED_AT)

# fmt: off
ROTATION = [  # the token, the family as stored, the answer, the effects
    pytest.param(PUBLIC,                             LIVE,   NEXT,                     (RotateFamily(KEY, 3, NOW),), id="the newest token rotates"),
    pytest.param(PUBLIC,                             ONE_ON, AGAIN,                    (),     id="asked again within the grace: the same successor, nothing written"),
    pytest.param(PUBLIC,                             evolve(ONE_ON, rotated_at=NumericDate(NOW - 10)), evolve(AGAIN, sealed_at=NumericDate(NOW - 10)), (), id="the last second of the grace"),
    pytest.param(PUBLIC,                             evolve(ONE_ON, rotated_at=NumericDate(NOW - 11)), why.REFRESH_TOKEN_REUSED, REUSED, id="after the grace: reuse ends the family"),
    pytest.param(evolve(PUBLIC, generation=2),       ONE_ON, why.REFRESH_TOKEN_REUSED, REUSED, id="two generations back, even within the grace"),
    pytest.param(evolve(PUBLIC, generation=0),       LIVE,   why.REFRESH_TOKEN_REUSED, REUSED, id="the first token, long after"),
    pytest.param(evolve(PUBLIC, generation=9),       LIVE,   why.REFRESH_TOKEN_REUSED, REUSED, id="a generation that does not exist yet"),
    pytest.param(PUBLIC,                             None,   why.GRANT_EXPIRED,        (),     id="a family nobody knows"),
    pytest.param(PUBLIC,                             evolve(LIVE, revoked_at=NOW), why.GRANT_EXPIRED, (), id="a revoked family"),
    pytest.param(PUBLIC,                             evolve(ONE_ON, revoked_at=NOW), why.GRANT_EXPIRED, (), id="a revoked family, within the grace"),
    pytest.param(evolve(PUBLIC, family_ends_at=NOW), LIVE,   why.TOKEN_INACTIVE,       (),     id="the family ends this second"),
    pytest.param(LATE_TOKEN, LATE_FAMILY, HEIR, (RotateFamily(LATE_TOKEN.key, 3, NOW), SucceedFamily(LATE_TOKEN.key, family_of(HEIR, LATE_FAMILY, NOW))), id="in the last 30 days the successor family opens"),
    pytest.param(LATE_TOKEN, evolve(LATE_FAMILY, generation=4, rotated_at=NOW), HEIR, (), id="asked again within the grace, the same heir"),
    pytest.param(evolve(LATE_TOKEN, family_ends_at=NumericDate(NOW + lifetimes.RENEWAL + 1)), LIVE, evolve(NEXT, family_ends_at=NumericDate(NOW + lifetimes.RENEWAL + 1)), (RotateFamily(KEY, 3, NOW),), id="a second before the last 30 days"),
]
WEB_TOKEN = evolve(PUBLIC, platform=WEB)
LATE_WEB = evolve(WEB_TOKEN, family_ends_at=LATE)
WEB_HEIR = first_token(LATE_WEB, NOW, sealed_at=NOW)
REUSABLE = [  # the token, the family as stored, the answer, the effects
    pytest.param(WEB_TOKEN,                        LIVE,        evolve(WEB_TOKEN, sealed_at=NOW), (), id="a web client's token stays as it is"),
    pytest.param(evolve(WEB_TOKEN, generation=0),  LIVE,        evolve(WEB_TOKEN, generation=0, sealed_at=NOW), (), id="whatever its generation"),
    pytest.param(WEB_TOKEN,                        evolve(LIVE, revoked_at=NOW), why.GRANT_EXPIRED, (), id="until the family is revoked"),
    pytest.param(LATE_WEB,                         LATE_FAMILY, WEB_HEIR, (SucceedFamily(LATE_WEB.key, family_of(WEB_HEIR, LATE_FAMILY, NOW)),), id="in the last 30 days the successor opens, by one insert"),
]
CLIENTS = [  # the request, the token, the reason
    pytest.param({},                                     {"client_id": ClientId(guid(9))}, why.BAD_GRANT,           id="another app's token"),
    pytest.param({"authority": THERE},                   {},                               why.OTHER_TENANTS_GRANT, id="at another tenant"),
    pytest.param({"client": as_platform(CLIENT, WEB)},   {},                               why.BAD_GRANT,           id="the platform is no longer the client's"),
    pytest.param({"client": evolve(CLIENT, redirect_uris=())}, {},                         why.BAD_GRANT,           id="no platform is left"),
    pytest.param({"client": as_platform(CLIENT, SPA)},   {"platform": SPA, "family_ends_at": NOW}, why.SPA_TOKEN_ENDED, id="a single-page application's 24 hours are over"),
]
DISABLED = evolve(STANDING, user=evolve(BEN, account_enabled=False))
STALE = evolve(STANDING, user=evolve(BEN, sign_in_sessions_valid_from=NOW))
FACTS = [  # standing, what the scope holds today, the reason
    pytest.param(DISABLED, GRANTED,                      why.USER_DISABLED,      id="user disabled"),
    pytest.param(STALE,    GRANTED,                      why.FRESH_TOKEN_NEEDED, id="password changed"),
    pytest.param(STANDING, Refusal(why.CONSENT_MISSING), why.CONSENT_MISSING,    id="consent revoked"),
]
# fmt: on


def answer_of(decision):
    return decision.answer.successor if isinstance(decision.answer, Issue) else decision.answer.reason


@pytest.mark.parametrize(("token", "family", "answer", "effects"), ROTATION)
def test_a_public_clients_token_is_used_once(token, family, answer, effects):
    decision = decide(REQUEST, token, family, STANDING, GRANTED, NOW)
    assert (answer_of(decision), decision.effects) == (answer, effects)


@pytest.mark.parametrize(("token", "family", "answer", "effects"), REUSABLE)
def test_a_web_clients_token_may_be_used_again(token, family, answer, effects):
    decision = decide(evolve(REQUEST, client=CLIENT), token, family, STANDING, GRANTED, NOW)
    assert (answer_of(decision), decision.effects) == (answer, effects)


@pytest.mark.parametrize(("asked", "sealed", "reason"), CLIENTS)
def test_whose_token_it_is(asked, sealed, reason):
    decision = decide(evolve(REQUEST, **asked), evolve(PUBLIC, **sealed), LIVE, STANDING, GRANTED, NOW)
    assert (answer_of(decision), decision.effects) == (reason, ())


@pytest.mark.parametrize(("standing", "granted", "reason"), FACTS)
def test_a_refused_refresh_leaves_the_token_usable(standing, granted, reason):
    decision = decide(REQUEST, PUBLIC, LIVE, standing, granted, NOW)
    assert (answer_of(decision), decision.effects) == (reason, ())


def test_at_common_the_token_says_which_tenant():
    asked = Request(authority=COMMON, client=evolve(MULTI, redirect_uris=PUBLIC_CLIENT.redirect_uris))
    assert answer_of(decide(asked, PUBLIC, LIVE, STANDING, GRANTED, NOW)) == NEXT


def test_a_single_page_application_keeps_its_end_and_is_never_renewed():
    token = evolve(PUBLIC, platform=SPA, family_ends_at=NumericDate(NOW + 60))
    family = evolve(LIVE, key=token.key)
    decision = decide(Request(authority=HERE, client=as_platform(CLIENT, SPA)), token, family, STANDING, GRANTED, NOW)
    assert decision.answer.successor == evolve(token, generation=4, sealed_at=NOW)
    assert decision.effects == (RotateFamily(token.key, 3, NOW),)
    assert renews_at(token) is None


def test_a_successor_follows_from_its_predecessor_alone():
    one, other = (
        first_token(LATE_TOKEN, NOW, sealed_at=NOW),
        first_token(LATE_TOKEN, NOW, sealed_at=NumericDate(NOW + 9)),
    )
    assert one.key == other.key
    assert one.key != LATE_TOKEN.key
    assert (one.generation, one.family_ends_at) == (0, NOW + lifetimes.FAMILY)
    assert int(one.family_id.replace("-", "")[:12], 16) == NOW * 1000  # time-ordered

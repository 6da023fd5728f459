"""Is everybody a grant concerns still welcome?"""

import json

import pytest
from attrs import evolve

from entrada.core.directory.policies import Policies
from entrada.core.directory.user import Authenticator, PasswordCredential
from entrada.core.errors import catalogue as why
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.claims_request import ClaimsRequest, parse_claims_request
from entrada.core.protocol.grants.standing import refuse
from entrada.core.protocol.sign_in.second_factor import POLICY
from tests.protocol.known import BEN, CLIENT, NOW, OTHER_TENANT, PRINCIPAL, STANDING, TENANT, said

SIGNED_IN = NumericDate(NOW - 60)
PWD, MFA = ("pwd",), ("pwd", "otp", "mfa")
PHONE = Authenticator(sealed_secret="sealed", added_at=NOW)
WANTED = evolve(BEN, second_factor_required=True)
READY = evolve(WANTED, authenticator=PHONE)
STRICT = evolve(TENANT, policies=Policies(security_defaults=True))
STRICT_THERE = evolve(OTHER_TENANT, policies=Policies(security_defaults=True))
GUEST = evolve(BEN, tenant_id=OTHER_TENANT.id, password=None)
AWAY = {"issued_in": OTHER_TENANT, "member": GUEST}
INITIAL = evolve(BEN, password=PasswordCredential(hash="x", changed_at=NOW, must_change=True))
LATE = NumericDate(SIGNED_IN + 1)
# fmt: off
ROWS = [  # what has changed, the reason
    pytest.param({},                                                            None,                   id="good"),
    pytest.param({"tenant": None},                                              why.TENANT_NOT_FOUND,   id="tenant deleted"),
    pytest.param({"tenant": evolve(TENANT, enabled=False)},                     why.TENANT_NOT_FOUND,   id="tenant disabled"),
    pytest.param({"client": evolve(CLIENT, enabled=False)},                     why.CLIENT_DISABLED,    id="client disabled"),
    pytest.param({"service_principal": None},                                   None,                   id="no service principal: the grants say what is held"),
    pytest.param({"service_principal": evolve(PRINCIPAL, account_enabled=False)}, why.CLIENT_DISABLED,  id="service principal disabled"),
    pytest.param({"user": None},                                                why.USER_DISABLED,      id="user deleted: answered as disabled"),
    pytest.param({"user": evolve(BEN, account_enabled=False)},                  why.USER_DISABLED,      id="user disabled"),
    pytest.param({"user": evolve(BEN, sign_in_sessions_valid_from=SIGNED_IN)},  None,                   id="password changed in the second of the sign-in"),
    pytest.param({"user": evolve(BEN, sign_in_sessions_valid_from=NumericDate(SIGNED_IN + 1))}, why.FRESH_TOKEN_NEEDED, id="password changed since the sign-in"),
    pytest.param({"user": evolve(BEN, account_enabled=False), "tenant": evolve(TENANT, enabled=False)}, why.TENANT_NOT_FOUND, id="the tenant comes before its user"),
]
# fmt: on


@pytest.mark.parametrize(("changed", "reason"), ROWS)
def test_who_is_still_welcome(changed, reason):
    assert said(refuse(evolve(STANDING, **changed), SIGNED_IN, PWD)) == reason


# fmt: off
FACTORS = [  # what has changed, the methods of the sign-in, the reason
    pytest.param({"user": WANTED},                                   PWD, why.AUTHENTICATOR_NEEDED, id="the account needs a factor, and has none"),
    pytest.param({"user": READY},                                    PWD, why.SECOND_FACTOR_NEEDED, id="the account needs a factor, and has one"),
    pytest.param({"user": READY},                                    MFA, None,                     id="the sign-in had a factor"),
    pytest.param({"tenant": STRICT, "issued_in": STRICT},            PWD, why.AUTHENTICATOR_NEEDED, id="security defaults"),
    pytest.param({"tenant": STRICT, "issued_in": STRICT},            MFA, None,                     id="security defaults, met"),
    pytest.param({**AWAY, "issued_in": STRICT_THERE},                PWD, why.AUTHENTICATOR_NEEDED, id="security defaults of the tenant the account is a guest of"),
    pytest.param({**AWAY, "tenant": STRICT},                         PWD, why.AUTHENTICATOR_NEEDED, id="security defaults of a guest's home"),
    pytest.param({**AWAY, "member": evolve(GUEST, second_factor_required=True)}, PWD, why.AUTHENTICATOR_NEEDED, id="the guest object needs a factor"),
    pytest.param(AWAY,                                               PWD, None,                     id="a guest of whom nobody wants a factor"),
    pytest.param({"claims": ClaimsRequest(challenged=True)},         PWD, why.AUTHENTICATOR_NEEDED, id="the request answers a challenge"),
    pytest.param({"claims": ClaimsRequest(auth_contexts=("c1",))},   PWD, why.AUTHENTICATOR_NEEDED, id="the request wants an authentication context"),
    pytest.param({"claims": ClaimsRequest(auth_contexts=("c1",))},   MFA, None,                     id="an authentication context, met"),
    pytest.param({"claims": ClaimsRequest(auth_contexts=("c100",))}, PWD, None,                     id="no authentication context"),
    pytest.param({"user": INITIAL},                                  MFA, why.PASSWORD_EXPIRED,     id="the password must be changed first"),
    pytest.param({"user": evolve(INITIAL, sign_in_sessions_valid_from=LATE)}, PWD, why.FRESH_TOKEN_NEEDED, id="a reset ends what was before it"),
    pytest.param({"user": READY, "assigned": False, "service_principal": evolve(PRINCIPAL, app_role_assignment_required=True)}, PWD, why.SECOND_FACTOR_NEEDED, id="the factor comes before the assignment"),
]
# fmt: on


@pytest.mark.parametrize(("changed", "methods", "reason"), FACTORS)
def test_by_what_one_must_have_signed_in(changed, methods, reason):
    assert said(refuse(evolve(STANDING, **changed), SIGNED_IN, methods)) == reason


def test_the_challenge_says_again_what_was_asked():
    asked = ClaimsRequest(auth_contexts=("c1", "p1"))
    refusal = refuse(evolve(STANDING, user=READY, claims=asked), SIGNED_IN, PWD)
    assert json.loads(refusal.claims) == {
        "access_token": {
            "capolids": {"essential": True, "values": [POLICY]},
            "acrs": {"essential": True, "values": ["c1"]},
        }
    }
    assert parse_claims_request(refusal.claims).challenged


def test_a_stale_sign_in_learns_both_moments():
    user = evolve(BEN, sign_in_sessions_valid_from=NOW)
    assert "2027-01-15T07:59:00Z" in refuse(evolve(STANDING, user=user), SIGNED_IN, PWD).text

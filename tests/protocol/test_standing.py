"""Is everybody a grant concerns still welcome?"""

import pytest
from attrs import evolve

from entrada.core.errors import catalogue as why
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.grants.standing import refuse
from tests.protocol.known import BEN, CLIENT, NOW, PRINCIPAL, STANDING, TENANT, said

SIGNED_IN = NumericDate(NOW - 60)
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
    assert said(refuse(evolve(STANDING, **changed), SIGNED_IN)) == reason


def test_a_stale_sign_in_learns_both_moments():
    user = evolve(BEN, sign_in_sessions_valid_from=NOW)
    assert "2027-01-15T07:59:00Z" in refuse(evolve(STANDING, user=user), SIGNED_IN).text

"""Sign somebody in by a password that the application asked for: RFC 6749 §4.3; reference section 23."""

import pytest
from attrs import evolve

from entrada.core.directory.policies import Policies
from entrada.core.directory.sign_in import SignIn
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.origin import Origin
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.effects import LogSignIn, OpenFamily
from entrada.core.protocol.grants.decision import Issue
from entrada.core.protocol.grants.password import METHODS, Request, decide, refuse_home, refuse_place
from entrada.core.protocol.token_family import TokenFamily
from tests.protocol.known import BEN, CLIENT, COMMON, DAY, FAMILY_ID, HERE, NOW, OTHER_TENANT, STANDING, TENANT, guid
from tests.protocol.test_authorization_code import GRANTED, ONLINE

ORGANIZATIONS = Authority("organizations", None)
OPEN = evolve(TENANT, policies=Policies(password_grant=True))
OTHER_OPEN = evolve(OTHER_TENANT, policies=Policies(password_grant=True))
ROW = SignIn(
    tenant_id=TENANT.id,
    id=guid(0x7),
    at=NOW,
    user_id=BEN.id,
    client_id=CLIENT.app_id,
    session_id=None,
    address="203.0.113.7",
    user_agent="python",
    correlation_id=guid(0xC),
)
ORIGIN = Origin(
    tenant_id=TENANT.id,
    user_id=BEN.id,
    family_id=FAMILY_ID,
    family_ends_at=NumericDate(NOW + 90 * DAY),
    authenticated_at=NOW,
    methods=METHODS,
)
REQUEST = Request(client=CLIENT, scope="openid offline_access User.Read", sign_in=ROW)
FAMILY = TokenFamily(key=ORIGIN.key, client_id=CLIENT.app_id, user_id=BEN.id, session_id=None, issued_at=NOW)
DISABLED = evolve(STANDING, user=evolve(BEN, account_enabled=False))

# fmt: off
PLACES = [  # where it is asked, the reason
    pytest.param(HERE,          None,                    id="a tenant"),
    pytest.param(ORGANIZATIONS, None,                    id="organizations"),
    pytest.param(COMMON,        why.GRANT_NOT_AT_COMMON, id="common"),
]
HOMES = [  # where it is asked, the tenant of the user name's domain, the reason
    pytest.param(HERE,          OPEN,         None,                          id="allowed"),
    pytest.param(ORGANIZATIONS, OPEN,         None,                          id="allowed, at organizations"),
    pytest.param(HERE,          TENANT,       why.PASSWORD_GRANT_OFF,        id="off, unless a tenant says otherwise"),
    pytest.param(ORGANIZATIONS, TENANT,       why.PASSWORD_GRANT_OFF,        id="the account's tenant counts, at organizations too"),
    pytest.param(HERE,          OTHER_TENANT, why.PASSWORD_GRANT_OFF,        id="the account's tenant counts, not the one that is asked"),
    pytest.param(HERE,          OTHER_OPEN,   why.ACCOUNT_OF_ANOTHER_TENANT, id="a guest needs a browser"),
]
FACTS = [  # standing, what the scope holds today, the reason
    pytest.param(DISABLED, GRANTED,                      why.USER_DISABLED,   id="user disabled"),
    pytest.param(STANDING, Refusal(why.CONSENT_MISSING), why.CONSENT_MISSING, id="nobody can be asked for consent"),
]
# fmt: on


@pytest.mark.parametrize(("authority", "reason"), PLACES)
def test_where_it_may_be_asked(authority, reason):
    refusal = refuse_place(authority)
    assert (refusal and refusal.reason) is reason


@pytest.mark.parametrize(("authority", "home", "reason"), HOMES)
def test_whose_accounts_may_be_signed_in_so(authority, home, reason):
    refusal = refuse_home(authority, "colors.example", home)
    assert (refusal and refusal.reason) is reason


def test_a_family_without_a_session_and_a_row_in_the_log():
    decision = decide(REQUEST, ORIGIN, STANDING, GRANTED, NOW)
    assert decision.effects == (OpenFamily(FAMILY), LogSignIn(ROW))
    assert isinstance(decision.answer, Issue)
    assert decision.answer.successor.key == FAMILY.key
    assert decision.answer.successor.without_redirect
    assert decide(REQUEST, ORIGIN, STANDING, ONLINE, NOW).answer.successor is None


@pytest.mark.parametrize(("standing", "granted", "reason"), FACTS)
def test_a_right_password_is_not_enough(standing, granted, reason):
    decision = decide(REQUEST, ORIGIN, standing, granted, NOW)
    assert (decision.answer.reason, decision.effects) == (reason, ())

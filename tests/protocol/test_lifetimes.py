"""How long things live: reference section 33, design section 4."""

import pytest

from entrada.core.directory.application import Platform
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts.browser_sessions import SignedIn
from entrada.core.protocol.lifetimes import end_day, family_end
from tests.protocol.known import BEN, DAY, NOW, SESSION, TENANT

ACCESS = Seconds(5400)
# fmt: off
FAMILIES = [  # platform, offline_access, how long
    pytest.param(Platform.WEB,           True,  90 * DAY,   id="a web client: 90 days"),
    pytest.param(Platform.PUBLIC_CLIENT, True,  90 * DAY,   id="a public client: 90 days"),
    pytest.param(Platform.SPA,           True,  DAY,        id="a single-page application: 24 hours"),
    pytest.param(Platform.WEB,           False, 600 + 5400, id="without offline_access: the code's and the access token's life"),
    pytest.param(Platform.SPA,           False, 600 + 5400, id="without offline_access, a single-page application"),
]
IDLE = [  # stay signed in, seconds since it was used, is it idle
    pytest.param(False, DAY,          False, id="a day"),
    pytest.param(False, DAY + 1,      True,  id="a day and a second"),
    pytest.param(True,  DAY + 1,      False, id="stay signed in: a day and a second"),
    pytest.param(True,  90 * DAY,     False, id="stay signed in: 90 days"),
    pytest.param(True,  90 * DAY + 1, True,  id="stay signed in: 90 days and a second"),
]
# fmt: on


@pytest.mark.parametrize(("platform", "offline", "seconds"), FAMILIES)
def test_when_a_family_ends(platform, offline, seconds):
    assert family_end(NOW, platform, offline=offline, access_token=ACCESS) == NOW + seconds


@pytest.mark.parametrize(("persistent", "since", "idle"), IDLE)
def test_when_a_session_has_slept_too_long(persistent, since, idle):
    session = SignedIn(
        tenant_id=TENANT.id,
        session_id=SESSION.id,
        user_id=BEN.id,
        persistent=persistent,
        seen_at=NumericDate(NOW - since),
    )
    assert session.is_idle(NOW) == idle


def test_the_documented_spans():
    assert (lifetimes.CODE, lifetimes.GRACE, lifetimes.FACTOR) == (600, 10, 600)


def test_days_are_counted_in_utc():
    assert (end_day(NumericDate(DAY - 1)), end_day(NumericDate(DAY))) == (0, 1)

"""Every artefact put where another one belongs opens nothing and changes nothing.  Design section 14, invariant 2."""

import asyncio
from typing import Final

import pytest
from attrs import evolve

from entrada.core.directory.application import Application, SignInAudience
from entrada.core.directory.ids import ClientId
from entrada.core.protocol import device_flow, lifetimes
from tests.plugins.platforms import InProcess
from tests.web import artefacts
from tests.web.artefacts import ARTEFACTS, BELONGS, SLOTS, VERIFIER, Held
from tests.web.flows import MIDDLE, MIDDLE_APP, middle_tier_consented
from tests.web.seats import (
    CLI_APP,
    COLORS,
    COLORS_API,
    DAEMON,
    MULTI_APP,
    PETALS,
    REPSYS_APP,
    App,
    Seat,
    change,
    contents,
)


@pytest.mark.parametrize("make", ARTEFACTS, ids=lambda make: make.__name__)
def test_nowhere_but_where_it_belongs(in_process, make):
    held = make(in_process)
    cookies = dict(held.browser.client.cookies)
    before = contents(in_process.platform.here.store)
    for slot in SLOTS:
        if slot not in BELONGS[make]:
            held.browser.client.cookies.clear()
            held.browser.client.cookies.update(cookies)
            assert not slot(in_process, held), slot.__name__
            assert contents(in_process.platform.here.store) == before, slot.__name__


@pytest.mark.parametrize("make", [one for one in ARTEFACTS if BELONGS[one]], ids=lambda make: make.__name__)
def test_it_opens_where_it_belongs(in_process, make):
    held = make(in_process)
    assert any(slot(in_process, held) for slot in BELONGS[make])


# ---- where it belongs, but presented by somebody else, elsewhere, or too late ----

# The console: another confidential client of the same tenant.
OTHER: Final = App(client_id="c0105000-0000-4000-8000-00000000c11e", redirect_uri="", secret="console-dev-secret")
CODE: Final = {"grant_type": "authorization_code", "code_verifier": VERIFIER}
CALLBACK: Final = {**CODE, "redirect_uri": REPSYS_APP.redirect_uri}
REFRESH: Final = {"grant_type": "refresh_token"}
POLL: Final = {"grant_type": "device_code"}
BEHALF: Final = {
    "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "requested_token_use": "on_behalf_of",
    "scope": f"api://{COLORS_API}/Colors.Read",
}
ITSELF: Final = {
    "grant_type": "client_credentials",
    "scope": f"api://{COLORS_API}/.default",
    "client_assertion_type": artefacts.ASSERTION,
}
BARE_DAEMON: Final = App(client_id=DAEMON, redirect_uri="")

# fmt: off
ASTRAY = [  # the artefact, the parameter it goes into, who presents it, at which tenant, with what, seconds later
    pytest.param(artefacts.code, "code", OTHER,      COLORS, CALLBACK, 0,                    id="a code by another client"),
    pytest.param(artefacts.code, "code", CLI_APP,    COLORS, CALLBACK, 0,                    id="a code by a public client"),
    pytest.param(artefacts.code, "code", REPSYS_APP, PETALS, CALLBACK, 0,                    id="a code at another tenant"),
    pytest.param(artefacts.code, "code", REPSYS_APP, COLORS, {**CODE, "redirect_uri": "http://localhost:5000/callback"}, 0, id="a code with another redirect URI of its client"),
    pytest.param(artefacts.code, "code", REPSYS_APP, COLORS, {**CALLBACK, "code_verifier": VERIFIER[::-1]}, 0, id="a code with another verifier"),
    pytest.param(artefacts.code, "code", evolve(REPSYS_APP, secret=None), COLORS, CALLBACK, 0, id="a code without the client's secret"),
    pytest.param(artefacts.code, "code", evolve(REPSYS_APP, origin="http://localhost:5000"), COLORS, CALLBACK, 0, id="a code from a browser's script"),
    pytest.param(artefacts.code, "code", REPSYS_APP, COLORS, CALLBACK, lifetimes.CODE,       id="a code after its ten minutes"),
    pytest.param(artefacts.refresh_token, "refresh_token", OTHER,      COLORS, REFRESH, 0,   id="a refresh token by another client"),
    pytest.param(artefacts.refresh_token, "refresh_token", MULTI_APP,  PETALS, REFRESH, 0,   id="a refresh token by another client at another tenant"),
    pytest.param(artefacts.refresh_token, "refresh_token", REPSYS_APP, PETALS, REFRESH, 0,   id="a refresh token at a tenant that does not know its user"),
    pytest.param(artefacts.refresh_token, "refresh_token", REPSYS_APP, COLORS, REFRESH, lifetimes.FAMILY, id="a refresh token after its ninety days"),
    pytest.param(artefacts.public_refresh_token, "refresh_token", REPSYS_APP, COLORS, REFRESH, 0, id="a public client's refresh token by a confidential one"),
    pytest.param(artefacts.device_code, "device_code", REPSYS_APP, COLORS, POLL, 0,          id="a device code by another client"),
    pytest.param(artefacts.device_code, "device_code", CLI_APP,    PETALS, POLL, 0,          id="a device code at another tenant"),
    pytest.param(artefacts.device_code, "device_code", CLI_APP,    COLORS, POLL, device_flow.LIFETIME, id="a device code after its time"),
    pytest.param(artefacts.middle_tiers_token, "assertion", OTHER, COLORS, BEHALF, 0,        id="a middle tier's token by another API"),
    pytest.param(artefacts.middle_tiers_token, "assertion", MIDDLE_APP, PETALS, BEHALF, 0,   id="a middle tier's token at another tenant"),
    pytest.param(artefacts.middle_tiers_token, "assertion", MIDDLE_APP, COLORS, BEHALF, 7200, id="a middle tier's token after its time"),
    pytest.param(artefacts.client_assertion, "client_assertion", evolve(BARE_DAEMON, client_id=MIDDLE), COLORS, ITSELF, 0, id="a client assertion by another client"),
    pytest.param(artefacts.client_assertion, "client_assertion", BARE_DAEMON, PETALS, ITSELF, 0, id="a client assertion at another tenant"),
    pytest.param(artefacts.client_assertion, "client_assertion", BARE_DAEMON, COLORS, ITSELF, 3600, id="a client assertion after its time"),
]
# fmt: on


@pytest.mark.parametrize(("make", "parameter", "app", "tenant", "form", "later"), ASTRAY)
def test_not_by_somebody_else_nor_elsewhere_nor_too_late(in_process, make, parameter, app, tenant, form, later):
    middle_tier_consented(in_process) if make is not artefacts.middle_tiers_token else None
    held = make(in_process)
    open_to_all_tenants(in_process, app.client_id)
    in_process.clock.advance(later)
    before = contents(in_process.platform.here.store)
    sent = {"client_id": app.client_id, "client_secret": app.secret, parameter: held.text, **form}
    answer = Seat(in_process, evolve(app, tenant=tenant)).post(sent)
    assert answer.status_code in (400, 401), answer.text
    assert contents(in_process.platform.here.store) == before
    assert in_its_own_place(in_process, make, held) is (later == 0)


def in_its_own_place(there: InProcess, make: object, held: Held) -> bool:
    """Nothing was used up by the attempt."""
    return any(slot(there, held) for slot in BELONGS[make])  # type: ignore[index]


def open_to_all_tenants(there: InProcess, client_id: str) -> None:
    """So that it is the artefact that does not fit the tenant, not the client."""
    store = there.platform.here.store
    found: Application | None = asyncio.run(store.find_application(ClientId(client_id)))
    change(store, found, sign_in_audience=SignInAudience.MULTIPLE_ORGS)


# ---- pages ----

FORMS = [
    artefacts.sign_in_form,
    artefacts.half_proved_form,
    artefacts.consent_form,
    artefacts.device_page_form,
    artefacts.device_approval_form,
    artefacts.sign_out_form,
]


@pytest.mark.parametrize("make", FORMS, ids=lambda make: make.__name__)
def test_a_form_does_nothing_in_another_browser(in_process, make):
    held = make(in_process)
    before = contents(in_process.platform.here.store)
    thief = Held(held.text, in_process.browser())
    thief.browser.open("/")  # a browser of its own, with a cookie of its own
    for slot in SLOTS:
        assert not slot(in_process, thief), slot.__name__
    assert contents(in_process.platform.here.store) == before


@pytest.mark.parametrize("make", FORMS, ids=lambda make: make.__name__)
def test_a_form_does_nothing_after_its_time(in_process, make):
    held = make(in_process)
    in_process.clock.advance(lifetimes.INTERACTION + 1)
    before = contents(in_process.platform.here.store)
    for slot in BELONGS[make]:
        assert not slot(in_process, held), slot.__name__
    assert contents(in_process.platform.here.store) == before


def test_a_session_ends_with_its_time(in_process):
    held = artefacts.session_cookie(in_process)
    in_process.clock.advance(lifetimes.SESSION_IDLE + 1)
    assert not artefacts.as_session_cookie(in_process, held)


def test_a_sign_out_hint_of_another_person_signs_nobody_out(in_process):
    held = artefacts.id_token(in_process)
    cai = Seat(in_process, evolve(REPSYS_APP, username="cai@colors.example"))
    cai.sign_in()
    before = contents(in_process.platform.here.store)
    page = cai.browser.open(f"/{COLORS}/oauth2/v2.0/logout?id_token_hint={held.text}")
    assert "account" in page.text
    assert contents(in_process.platform.here.store) == before

"""Every artefact somebody may hold, and every slot of ours that takes one, for the swap matrix.

A slot answers whether what was put into it opened anything: a token, a code, a page further on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import httpx2
from attrs import frozen

from entrada.core.directory.ids import ClientId, TenantId
from entrada.server.usecases.enrol import enrolment_link
from tests.drivers.assertions import certified, jwt, unpadded
from tests.drivers.form_browser import FormBrowser
from tests.plugins.platforms import InProcess
from tests.web.flows import FLOWS, MIDDLE_APP, Flow, Walk, middle_tier_consented
from tests.web.seats import (
    BEN,
    CLI_APP,
    COLORS,
    COLORS_API,
    DAEMON,
    REPSYS,
    REPSYS_APP,
    SPA_APP,
    App,
    Seat,
    change,
)

BY_NAME: Final = {flow.name: flow for flow in FLOWS}
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def walked(there: InProcess, name: str, *, before: str | None = None, after: str | None = None) -> Walk:
    """Through the flow up to a step, or past it."""
    flow: Flow = BY_NAME[name]
    walk = flow.walk(there)
    count = flow.index(before) if before else flow.index(after or flow.steps[-1].name) + 1
    for step in flow.steps[:count]:
        assert step.take(walk), step.name
    return walk


@frozen
class Held:
    """An artefact, and the browser it was made in."""

    text: str
    browser: FormBrowser


def field_of(walk: Walk, holding: str) -> Held:
    assert walk.page is not None
    return Held(walk.page.form_with(holding).fields["ctx"], walk.seat.browser)


def token_of(walk: Walk, name: str) -> Held:
    return Held(walk.got[name], walk.seat.browser)


# ---- the artefacts ----


def code(there: InProcess) -> Held:
    return token_of(walked(there, "a web app", after="consents"), "code")


def spa_code(there: InProcess) -> Held:
    return token_of(walked(there, "a single-page app", after="consents"), "code")


def refresh_token(there: InProcess) -> Held:
    return token_of(walked(there, "a web app", after="redeems"), "refresh_token")


def public_refresh_token(there: InProcess) -> Held:
    return token_of(walked(there, "a desktop app", after="redeems"), "refresh_token")


def access_token(there: InProcess) -> Held:
    return token_of(walked(there, "a web app", after="redeems"), "access_token")


def middle_tiers_token(there: InProcess) -> Held:
    return token_of(walked(there, "on behalf of", before="acts on behalf"), "access_token")


def id_token(there: InProcess) -> Held:
    return token_of(walked(there, "a web app", after="redeems"), "id_token")


def device_code(there: InProcess) -> Held:
    return token_of(walked(there, "a device", before="polls"), "device_code")


def user_code(there: InProcess) -> Held:
    return token_of(walked(there, "a device", after="starts"), "user_code")


def sign_in_form(there: InProcess) -> Held:
    return field_of(walked(there, "a web app", after="names oneself"), "passwd")


def half_proved_form(there: InProcess) -> Held:
    return field_of(walked(there, "with a second factor", after="proves oneself"), "otc")


def consent_form(there: InProcess) -> Held:
    return field_of(walked(there, "a web app", after="proves oneself"), "decision")


def device_page_form(there: InProcess) -> Held:
    walk = walked(there, "a device", after="starts")
    walk.page = walk.seat.browser.open(f"/{COLORS}/oauth2/deviceauth")
    return field_of(walk, "user_code")


def device_approval_form(there: InProcess) -> Held:
    return field_of(walked(there, "a device", before="approves"), "decision")


def sign_out_form(there: InProcess) -> Held:
    walk = walked(there, "a web app", after="consents")
    walk.seat.browser.sign_in(walk.seat.open({"prompt": "login"}), "cai@colors.example")
    walk.page = walk.seat.browser.open(f"/{COLORS}/oauth2/v2.0/logout")
    return field_of(walk, "account")


def session_cookie(there: InProcess) -> Held:
    browser = walked(there, "a web app", after="consents").seat.browser
    return Held(browser.client.cookies["__Host-entrada-session"], browser)


def enrolment_token(there: InProcess) -> Held:
    user = asyncio.run(there.platform.here.store.find_user(TenantId(COLORS), BEN))
    assert user is not None
    return Held(enrolment_link(there.platform.here, user).partition("token=")[2], there.browser())


def client_assertion(there: InProcess) -> Held:
    """The daemon's, good at its own token endpoint."""
    holder = certified("swaps")
    store = there.platform.here.store
    found = asyncio.run(store.find_application(ClientId(DAEMON)))
    change(store, found, certificates=(holder.registered(),))
    now = there.clock()
    claims = {
        "iss": DAEMON,
        "sub": DAEMON,
        "aud": f"https://localhost:8443/{COLORS}/oauth2/v2.0/token",
        "exp": now + 600,
        "nbf": now,
    }
    return Held(jwt(holder.key, {"alg": "PS256", "x5t#S256": unpadded(holder.sha256)}, claims), there.browser())


ARTEFACTS: Final[tuple[Callable[[InProcess], Held], ...]] = (
    code,
    spa_code,
    refresh_token,
    public_refresh_token,
    access_token,
    middle_tiers_token,
    id_token,
    device_code,
    user_code,
    sign_in_form,
    half_proved_form,
    consent_form,
    device_page_form,
    device_approval_form,
    sign_out_form,
    session_cookie,
    enrolment_token,
    client_assertion,
)

# ---- the slots ----

Slot = Callable[[InProcess, Held], bool]


def post(there: InProcess, app: App, **form: str) -> bool:
    """Whether tokens came."""
    answer = Seat(there, app).post({"client_id": app.client_id, "client_secret": app.secret, **form})
    return answer.status_code == 200


def as_code(there: InProcess, held: Held) -> bool:
    form = {"grant_type": "authorization_code", "code": held.text}
    return any(
        post(there, app, **form, redirect_uri=app.redirect_uri, code_verifier=VERIFIER)
        for app in (REPSYS_APP, CLI_APP, SPA_APP)
    )


def as_refresh_token(there: InProcess, held: Held) -> bool:
    form = {"grant_type": "refresh_token", "refresh_token": held.text}
    return any(post(there, app, **form) for app in (REPSYS_APP, CLI_APP, SPA_APP))


def as_device_code(there: InProcess, held: Held) -> bool:
    return post(there, CLI_APP, grant_type="device_code", device_code=held.text)


def as_assertion(there: InProcess, held: Held) -> bool:
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "requested_token_use": "on_behalf_of"}
    return post(there, MIDDLE_APP, **form, assertion=held.text, scope=f"api://{COLORS_API}/Colors.Read")


def as_client_assertion(there: InProcess, held: Held) -> bool:
    form = {"client_assertion": held.text, "client_assertion_type": ASSERTION, "grant_type": "client_credentials"}
    bare = App(client_id=DAEMON, redirect_uri="")
    return post(there, bare, **form, scope="https://graph.microsoft.com/.default")


def as_client_secret(there: InProcess, held: Held) -> bool:
    bare = App(client_id=DAEMON, redirect_uri="", secret=held.text)
    return post(there, bare, grant_type="client_credentials", scope="https://graph.microsoft.com/.default")


def as_bearer(there: InProcess, held: Held) -> bool:
    return there.client.get("/v1.0/me", headers={"authorization": f"Bearer {held.text}"}).status_code == 200


def form_slot(path: str, **fields: str) -> Slot:
    """Posted by the very browser that holds it; whether a page of a flow came, or a redirect out of it."""

    def slot(_there: InProcess, held: Held) -> bool:
        answer: httpx2.Response = held.browser.client.post(path, data={"ctx": held.text, **fields})
        return answer.status_code < 400

    slot.__name__ = f"as_the_form_of_{path.split('/', 2)[2].replace('/', '_')}"
    return slot


def as_session_cookie(there: InProcess, held: Held) -> bool:
    """In a fresh browser: whether anybody is signed in."""
    browser = there.browser()
    browser.client.cookies.set("__Host-entrada-session", held.text)
    browser.open(Seat(there).authorize_url({"prompt": "none"}))
    return "code=" in (browser.left_to or "")


def as_enrolment_token(there: InProcess, held: Held) -> bool:
    return there.client.get("/enrol", params={"token": held.text}).status_code == 200


def as_sign_out_hint(_there: InProcess, held: Held) -> bool:
    """Whether the browser is sent back to the application, which only a hint of its own allows."""
    query = {"id_token_hint": held.text, "post_logout_redirect_uri": "http://localhost:5000/", "client_id": REPSYS}
    return httpx_fresh(held).get(f"/{COLORS}/oauth2/v2.0/logout", params=query).status_code in (302, 303)


def httpx_fresh(held: Held) -> httpx2.Client:
    held.browser.client.cookies.clear()
    return held.browser.client


VERIFIER: Final = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
LOGIN: Final = form_slot(f"/{COLORS}/login", passwd="Entrada-dev-2026")
CONSENT: Final = form_slot(f"/{COLORS}/consent", decision="accept")
DEVICE_PAGE: Final = form_slot(f"/{COLORS}/oauth2/deviceauth", user_code="BBBBBBBBB")
DEVICE_DECISION: Final = form_slot(f"/{COLORS}/oauth2/deviceauth/decision", decision="approve")
LOGOUT_FORM: Final = form_slot(f"/{COLORS}/oauth2/v2.0/logout/account", all="1")
ADMIN_FORM: Final = form_slot(f"/{COLORS}/adminconsent", decision="accept")

# One sealed interaction walks through all of these, and each asks anew what is still missing.
PAGES_OF_A_SIGN_IN: Final = frozenset({LOGIN, CONSENT, ADMIN_FORM})
# Where each artefact belongs; everywhere else it opens nothing.
BELONGS: Final[dict[Callable[[InProcess], Held], frozenset[Slot]]] = {
    code: frozenset({as_code}),
    spa_code: frozenset({as_code}),
    refresh_token: frozenset({as_refresh_token}),
    public_refresh_token: frozenset({as_refresh_token}),
    access_token: frozenset({as_bearer}),
    middle_tiers_token: frozenset({as_assertion}),
    id_token: frozenset({as_sign_out_hint}),
    device_code: frozenset({as_device_code}),
    user_code: frozenset(),
    sign_in_form: PAGES_OF_A_SIGN_IN,
    half_proved_form: PAGES_OF_A_SIGN_IN,
    consent_form: PAGES_OF_A_SIGN_IN,
    device_page_form: frozenset({DEVICE_PAGE}),
    device_approval_form: frozenset({DEVICE_DECISION}),
    sign_out_form: frozenset({LOGOUT_FORM}),
    session_cookie: frozenset({as_session_cookie}),
    enrolment_token: frozenset({as_enrolment_token}),
    client_assertion: frozenset({as_client_assertion}),
}

SLOTS: Final[tuple[Slot, ...]] = (
    as_code,
    as_refresh_token,
    as_device_code,
    as_assertion,
    as_client_assertion,
    as_client_secret,
    as_bearer,
    LOGIN,
    CONSENT,
    DEVICE_PAGE,
    DEVICE_DECISION,
    LOGOUT_FORM,
    ADMIN_FORM,
    as_session_cookie,
    as_enrolment_token,
    as_sign_out_hint,
)

__all__ = ["ARTEFACTS", "BELONGS", "SLOTS", "Held", "middle_tier_consented"]

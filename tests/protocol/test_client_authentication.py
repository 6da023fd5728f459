"""Who is the client, and did it prove it?  Platform x secret x origin.  Reference sections 15.2 and 15.3."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.application import Platform, RedirectUri
from entrada.core.errors import catalogue as why
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.client_authentication.authenticate import Presented, authenticate, secret_digest
from entrada.core.protocol.client_authentication.client_at_authority import refuse_client
from tests.protocol.known import (
    CLIENT,
    COMMON,
    DAY,
    HERE,
    MULTI,
    NOW,
    PRINCIPAL,
    SECRET,
    THERE,
    WEB_SECRET,
    as_platform,
    said,
)

WEB, SPA, NATIVE, UNREADABLE = Platform.WEB, Platform.SPA, Platform.PUBLIC_CLIENT, None
ORIGIN = "https://app.example"
PUBLIC, SECRET_PROOF = "0", "1"
EXPIRED = evolve(WEB_SECRET, key_id="old", expires_at=NOW)
TO_COME = evolve(WEB_SECRET, key_id="new", not_before=NumericDate(NOW + 1))
MIXED = evolve(CLIENT, redirect_uris=(*CLIENT.redirect_uris, RedirectUri("http://localhost", NATIVE)))
FALLBACK = evolve(CLIENT, redirect_uris=(), is_fallback_public_client=True)

# fmt: off
ROWS = [  # platform of the code, secret, origin, the client, the proof or why not
    pytest.param(WEB,        SECRET,  None,   CLIENT, SECRET_PROOF,                      id="web: its secret"),
    pytest.param(WEB,        None,    None,   CLIENT, why.CREDENTIAL_MISSING,            id="web: no secret"),
    pytest.param(WEB,        "wrong", None,   CLIENT, why.WRONG_SECRET,                  id="web: a wrong secret"),
    pytest.param(WEB,        "",      None,   CLIENT, why.WRONG_SECRET,                  id="web: an empty secret"),
    pytest.param(WEB,        secret_digest(SECRET), None, CLIENT, why.WRONG_SECRET,      id="web: the secret's digest"),
    pytest.param(WEB,        SECRET + " ", None, CLIENT, why.WRONG_SECRET,               id="web: a space behind the secret"),
    pytest.param(WEB,        SECRET.upper(), None, CLIENT, why.WRONG_SECRET,             id="web: secrets distinguish case"),
    pytest.param(WEB,        SECRET,  ORIGIN, CLIENT, why.ORIGIN_NEEDS_SPA,              id="web: from a script"),
    pytest.param(WEB,        None,    ORIGIN, CLIENT, why.ORIGIN_NEEDS_SPA,              id="web: from a script, without a secret"),
    pytest.param(WEB,        SECRET,  "null", CLIENT, why.ORIGIN_NEEDS_SPA,              id="web: from a script without an origin"),
    pytest.param(WEB,        SECRET,  None,   evolve(CLIENT, client_secrets=()), why.WRONG_SECRET, id="web: no secret registered"),
    pytest.param(WEB,        SECRET,  None,   evolve(CLIENT, client_secrets=(EXPIRED,)), why.SECRET_EXPIRED, id="web: expires this second"),
    pytest.param(WEB,        SECRET,  None,   evolve(CLIENT, client_secrets=(TO_COME,)), why.SECRET_EXPIRED, id="web: not valid yet"),
    pytest.param(WEB,        SECRET,  None,   evolve(CLIENT, client_secrets=(EXPIRED, WEB_SECRET)), SECRET_PROOF, id="web: of two alike the longer-lived counts"),
    pytest.param(SPA,        None,    ORIGIN, CLIENT, PUBLIC,                            id="spa: from its script"),
    pytest.param(SPA,        None,    None,   CLIENT, why.SPA_NEEDS_ORIGIN,              id="spa: not from a script"),
    pytest.param(SPA,        SECRET,  ORIGIN, CLIENT, why.PUBLIC_CLIENT_WITH_CREDENTIAL, id="spa: with a secret"),
    pytest.param(SPA,        SECRET,  None,   CLIENT, why.SPA_NEEDS_ORIGIN,              id="spa: from a server that has the secret"),
    pytest.param(NATIVE,     None,    None,   CLIENT, PUBLIC,                            id="public client: no secret"),
    pytest.param(NATIVE,     SECRET,  None,   CLIENT, why.PUBLIC_CLIENT_WITH_CREDENTIAL, id="public client: with a secret"),
    pytest.param(NATIVE,     None,    ORIGIN, CLIENT, why.ORIGIN_NEEDS_SPA,              id="public client: from a script"),
    pytest.param(UNREADABLE, SECRET,  None,   CLIENT, SECRET_PROOF,                      id="unreadable: its secret"),
    pytest.param(UNREADABLE, None,    None,   CLIENT, why.CREDENTIAL_MISSING,            id="unreadable: a web client without its secret"),
    pytest.param(UNREADABLE, "wrong", None,   CLIENT, why.WRONG_SECRET,                  id="unreadable: a wrong secret"),
    pytest.param(UNREADABLE, None,    None,   MIXED,  PUBLIC,                            id="unreadable: a client that is public too"),
    pytest.param(UNREADABLE, None,    None,   FALLBACK, PUBLIC,                          id="unreadable: the fallback says public"),
    pytest.param(UNREADABLE, "wrong", None,   MIXED,  why.WRONG_SECRET,                  id="unreadable: public too, a wrong secret"),
]
AT_HOME = {"client": CLIENT, "principal": PRINCIPAL, "authority": HERE}
REFUSED = [  # facts, why the client may not be used there
    pytest.param({},                                               None,                 id="at home"),
    pytest.param({"principal": None},                              None,                 id="at home, not consented to yet"),
    pytest.param({"client": MULTI, "authority": THERE},            None,                 id="multi-tenant, elsewhere"),
    pytest.param({"client": MULTI, "authority": COMMON, "principal": None}, None,        id="multi-tenant, anywhere"),
    pytest.param({"client": None},                                 why.CLIENT_NOT_FOUND, id="unknown"),
    pytest.param({"authority": THERE},                             why.CLIENT_NOT_FOUND, id="another tenant's"),
    pytest.param({"authority": COMMON},                            why.NOT_MULTI_TENANT, id="single-tenant, anywhere"),
    pytest.param({"client": evolve(CLIENT, enabled=False)},        why.CLIENT_DISABLED,  id="disabled"),
    pytest.param({"principal": evolve(PRINCIPAL, account_enabled=False)}, why.CLIENT_DISABLED, id="disabled in this tenant"),
    pytest.param({"client": evolve(CLIENT, enabled=False), "authority": THERE}, why.CLIENT_NOT_FOUND, id="another tenant's, disabled: that is not told"),
]
# fmt: on


@pytest.mark.parametrize(("platform", "secret", "origin", "client", "answer"), ROWS)
def test_proving_who_one_is(platform, secret, origin, client, answer):
    found = authenticate(client, Presented(secret=secret, origin=origin), platform, NOW)
    assert getattr(found, "proof", said(found)) == answer


@pytest.mark.parametrize(("facts", "reason"), REFUSED)
def test_where_a_client_may_be_used(facts, reason):
    refusal = refuse_client(CLIENT.app_id, **{**AT_HOME, **facts})
    assert said(refusal) == reason


@given(st.text())
def test_no_other_secret_is_accepted(secret):
    found = authenticate(CLIENT, Presented(secret=secret), WEB, NOW)
    assert (getattr(found, "proof", None) == SECRET_PROOF) == (secret == SECRET)


@given(st.integers(-3 * DAY, 3 * DAY))
def test_a_secret_counts_from_its_start_until_its_end(after):
    now = NumericDate(NOW + after)
    found = authenticate(CLIENT, Presented(secret=SECRET), WEB, now)
    assert (getattr(found, "proof", None) == SECRET_PROOF) == (WEB_SECRET.not_before <= now < WEB_SECRET.expires_at)


def test_a_secret_stays_out_of_representations():
    assert SECRET not in repr(Presented(secret=SECRET))
    assert WEB_SECRET.digest not in repr(as_platform(CLIENT, WEB))

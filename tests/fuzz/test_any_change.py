"""Design invariant 5: any one-bit change or truncation of any token or artefact is refused, and nothing comes of it."""

import asyncio

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrada.core.directory.client_credential import FederatedCredential
from entrada.core.directory.ids import ClientId
from entrada.core.jose.jwk_set import parse_jwk_set
from entrada.core.protocol.device_flow import ALPHABET
from entrada.server.usecases.decide_device_flow import GUESSING
from tests.drivers.assertions import ec_key, jwt, public_jwk, rsa_key
from tests.fuzz.changes import changed, classics
from tests.fuzz.effort import examples
from tests.plugins.platforms import InProcess
from tests.web import artefacts
from tests.web.artefacts import ARTEFACTS, BELONGS, Held, as_client_assertion
from tests.web.seats import COLORS, DAEMON, change, contents

ISSUER = "https://ci.example/"


def federated(there: InProcess, key, algorithm: str) -> Held:
    """An external issuer's token that stands for the daemon."""
    store = there.platform.here.store
    found = asyncio.run(store.find_application(ClientId(DAEMON)))
    credential = FederatedCredential(id=COLORS, name="ci", issuer=ISSUER, subject="main", audience="entrada")
    change(store, found, federated_credentials=(credential,))
    there.platform.issuers.published[ISSUER] = parse_jwk_set({"keys": [public_jwk(key, kid="k")]})
    claims = {"iss": ISSUER, "sub": "main", "aud": "entrada", "exp": there.clock() + 600}
    return Held(jwt(key, {"alg": algorithm, "kid": "k"}, claims), there.browser())


def federated_rs256(there: InProcess) -> Held:
    return federated(there, rsa_key("issuer"), "RS256")


def federated_es256(there: InProcess) -> Held:
    return federated(there, ec_key("issuer"), "ES256")


MAKERS = [make for make in ARTEFACTS if BELONGS[make]]
ITS_OWN = {**BELONGS, federated_rs256: {as_client_assertion}, federated_es256: {as_client_assertion}}


def is_the_same_padded(text: str, other: str) -> bool:
    """azure-identity pads what it signs (clients.md), so a client may spell the end of its own assertion either way."""
    return other == text + "=" * (-len(text.rpartition(".")[2]) % 4)


def present(there: InProcess, held: Held, slot, cookies) -> bool:
    held.browser.client.cookies.clear()
    held.browser.client.cookies.update(cookies)
    return slot(there, held)


@pytest.mark.hypothesis
@pytest.mark.parametrize("make", [*MAKERS, federated_rs256, federated_es256], ids=lambda make: make.__name__)
def test_any_change_is_refused(in_process, make):
    held = make(in_process)
    cookies, store = dict(held.browser.client.cookies), in_process.platform.here.store
    before, slots = contents(store), sorted(ITS_OWN[make], key=lambda slot: slot.__name__)
    by_clients = as_client_assertion in slots

    def refuse(other: str) -> None:
        if by_clients and is_the_same_padded(held.text, other):
            return
        for slot in slots:
            assert not present(in_process, evolve(held, text=other), slot, cookies), slot.__name__
            assert contents(store) == before, slot.__name__

    @settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
    @given(changed(held.text))
    def refused(other):
        refuse(other)

    for other in classics(held.text):
        refuse(other)
    refused()
    assert any(present(in_process, held, slot, cookies) for slot in slots), "nor does the artefact itself open anything"


@settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(at=st.integers(0, 8), letter=st.sampled_from(ALPHABET + "0O1I"))
def test_another_letter_is_another_code(in_process, at, letter):
    in_process.clock.advance(GUESSING)  # guesses are few
    code = artefacts.user_code(in_process).text
    browser = in_process.browser()
    page = browser.open(f"/{COLORS}/oauth2/deviceauth")
    other = code[:at] + letter + code[at + 1 :]
    before = contents(in_process.platform.here.store)
    answer = browser.submit(page, "user_code", user_code=other)
    asked_again = any("user_code" in form.fields for form in answer.forms)
    assert asked_again is (other != code)
    assert contents(in_process.platform.here.store) == before

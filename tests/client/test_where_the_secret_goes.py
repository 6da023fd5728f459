"""A secret goes where the authority would have it: in the form at Entra, in a header by default elsewhere."""

import os
from base64 import b64decode
from urllib.parse import unquote_plus

import pytest

from entrada.client.authority import entra_authority, oidc_authority
from entrada.client.discovery.provider import Provider
from entrada.client.driver import drive
from entrada.client.grants.client_authentication import ClientSecret
from entrada.client.grants.client_credentials import client_credentials
from entrada.client.grants.registration import Registration
from tests.client.fake_authority import AUTHORITY, NOW, FakeAuthority

SECRET = "a:b c%+é"
ISSUER = "https://login.example/people"
BOTH = ["client_secret_post", "private_key_jwt", "client_secret_basic"]


class Assertion:
    def proof(self, _audience, _now, _entropy):
        return {"client_assertion": "signed"}


def posted(authority, methods, credential):
    issuer = {} if authority.shape == "entra" else {"issuer": ISSUER}
    fake = FakeAuthority(metadata={"token_endpoint_auth_methods_supported": methods}, **issuer)
    registration = Registration(provider=Provider(authority), client_id="the:client", credential=credential)
    drive(client_credentials(registration, ("x",), now=NOW, entropy=os.urandom), fake)
    return fake.calls[-1]


# fmt: off
PLACES = [  # whom we ask, what it says it takes, whether the secret goes into a header
    pytest.param(entra_authority(AUTHORITY), BOTH,                    False, id="Entra takes both"),
    pytest.param(entra_authority(AUTHORITY), None,                    False, id="Entra says nothing"),
    pytest.param(oidc_authority(ISSUER),     BOTH,                    True,  id="another takes both"),
    pytest.param(oidc_authority(ISSUER),     None,                    True,  id="another says nothing"),
    pytest.param(oidc_authority(ISSUER),     ["client_secret_basic"], True,  id="another takes a header alone"),
    pytest.param(oidc_authority(ISSUER),     ["client_secret_post"],  False, id="another takes a form alone"),
]
# fmt: on


@pytest.mark.parametrize(("authority", "methods", "in_header"), PLACES)
def test_the_secret_is_sent_once_where_it_is_taken(authority, methods, in_header):
    call = posted(authority, methods, ClientSecret(SECRET))
    assert call.form["client_id"] == "the:client"
    if not in_header:
        assert call.form["client_secret"] == SECRET
        assert "authorization" not in call.headers
        return
    assert "client_secret" not in call.form
    kind, _, both = call.headers["authorization"].partition(" ")
    name, secret = b64decode(both).decode().split(":")
    assert (kind, unquote_plus(name), unquote_plus(secret)) == ("Basic", "the:client", SECRET)
    assert both not in repr(call)


def test_what_is_no_secret_goes_into_the_form_wherever_it_is_asked():
    call = posted(oidc_authority(ISSUER), None, Assertion())
    assert call.form["client_assertion"] == "signed"
    assert "authorization" not in call.headers

"""Settings of a file and of an environment: every spelling, and what is told of one that cannot be."""

import tomllib
from pathlib import Path

import pytest
from attrs import evolve

from entrada.client import BadSettings, Settings, entra_authority, oidc_authority
from tests.client.fake_authority import CLIENT, TENANT

PUBLIC = entra_authority(f"https://login.microsoftonline.com/{TENANT}")
GOOD = Settings(authority=PUBLIC, client_id=CLIENT)
OTHER = "22222222-2222-4222-8222-222222222222"
WHO = {"ENTRADA_CLIENT_ID": CLIENT, "ENTRADA_TENANT": TENANT}
AZURE = {"AZURE_CLIENT_ID": CLIENT, "AZURE_TENANT_ID": TENANT}


def test_a_file():
    text = f"""
        tenant = "{TENANT}"
        client_id = "{CLIENT}"
        certificate = "~/app.pem"
        scopes = ["api://c/Read", "User.Read"]
        allowed_tenants = ["{TENANT}"]
    """
    assert Settings.from_mapping(tomllib.loads(text)) == evolve(
        GOOD,
        certificate=Path("~/app.pem").expanduser(),
        scopes=("api://c/Read", "User.Read"),
        allowed_tenants=frozenset({TENANT}),
    )


# fmt: off
ENVIRONMENTS = [
    pytest.param(WHO,                                                     {}, id="tenant and client"),
    pytest.param({**WHO, "ENTRADA_TENANT": "", "ENTRADA_AUTHORITY": f"{PUBLIC.url}/v2.0"}, {}, id="a whole authority; empty is unset"),
    pytest.param(AZURE,                                                   {}, id="as azure-identity reads it"),
    pytest.param({**AZURE, "AZURE_AUTHORITY_HOST": "login.microsoftonline.us"},
                 {"authority": entra_authority(f"https://login.microsoftonline.us/{TENANT}")}, id="a host of azure-identity"),
    pytest.param({**WHO, "ENTRADA_INSTANCE": "china"},
                 {"authority": entra_authority(f"https://login.partner.microsoftonline.cn/{TENANT}")}, id="a cloud by name"),
    pytest.param({"ENTRADA_CLIENT_ID": CLIENT, "ENTRADA_ISSUER": "https://i.example/"},
                 {"authority": oidc_authority("https://i.example/")}, id="any issuer"),
    pytest.param({**WHO, "AZURE_CLIENT_ID": OTHER, "AZURE_CLIENT_SECRET": "s"}, {},             id="the secret of another application"),
    pytest.param({**WHO, "AZURE_CLIENT_SECRET": "s"},                     {},                   id="a secret of nobody"),
    pytest.param({**WHO, "AZURE_CLIENT_ID": CLIENT, "AZURE_CLIENT_SECRET": "s"}, {"client_secret": "s"}, id="both name the same application"),
    pytest.param({**AZURE, "ENTRADA_CLIENT_SECRET": "s", "ENTRADA_CERTIFICATE_PASSWORD": "p"}, {}, id="nor may ours go with theirs"),
    pytest.param({**AZURE, "ENTRADA_CLIENT_SECRET": "s", "AZURE_CLIENT_SECRET": "theirs"}, {"client_secret": "theirs"}, id="each its own"),
    pytest.param({**WHO, "AZURE_TENANT_ID": "other", "AZURE_AUTHORITY_HOST": "https://x.example"}, {}, id="ours go first"),
    pytest.param({**WHO, "ENTRADA_CERTIFICATE": "/a.pem", "AZURE_CLIENT_SECRET": "s"},
                 {"certificate": Path("/a.pem")}, id="one credential, ours"),
    pytest.param({**AZURE, "AZURE_CLIENT_SECRET": "s", "AZURE_FEDERATED_TOKEN_FILE": "/t"}, {"client_secret": "s"}, id="one credential, theirs"),
    pytest.param({**AZURE, "AZURE_CLIENT_CERTIFICATE_PATH": "/a.pem", "AZURE_CLIENT_CERTIFICATE_PASSWORD": "p"},
                 {"certificate": Path("/a.pem"), "certificate_password": "p"}, id="a certificate"),
    pytest.param({**WHO, "ENTRADA_SCOPES": "api://c/Read, User.Read"},    {"scopes": ("api://c/Read", "User.Read")}, id="lists of words"),
    pytest.param({**WHO, "ENTRADA_DATA_DIR": "/x", "PATH": "/bin"},       {}, id="others' variables"),
]
BAD = [  # what is given, words of the answer
    pytest.param({},                                              "client_id is missing",  id="nothing"),
    pytest.param({"client_id": CLIENT},                           "authority is missing",  id="no authority"),
    pytest.param({"tenant": TENANT},                              "client_id is missing",  id="no client"),
    pytest.param({"client_id": CLIENT, "tenant": TENANT, "issuer": "https://i.example"}, "two ways", id="two authorities"),
    pytest.param({"client_id": CLIENT, "instance": "public"},     "authority is missing",  id="half an authority"),
    pytest.param({"client_id": CLIENT, "tenant": "a/b"},          "is no tenant",          id="a tenant that is none"),
    pytest.param({"client_id": CLIENT, "issuer": "http://i.example"}, "not https",         id="plain http"),
    pytest.param({"client_id": CLIENT, "tenant": TENANT, "clientsecret": "s"}, "no setting clientsecret", id="a name that is none"),
    pytest.param({"client_id": 7, "tenant": TENANT},              "client_id is no text",  id="a number"),
    pytest.param({"client_id": CLIENT, "tenant": TENANT, "scopes": 7},      "no list",     id="no list"),
    pytest.param({"client_id": CLIENT, "tenant": TENANT, "scopes": [7]},    "no text",     id="a list of numbers"),
]
# fmt: on


@pytest.mark.parametrize(("environment", "changes"), ENVIRONMENTS)
def test_an_environment(environment, changes):
    assert Settings.from_environment(environment) == evolve(GOOD, **changes)


@pytest.mark.parametrize(("members", "words"), BAD)
def test_settings_that_cannot_be(members, words):
    with pytest.raises(BadSettings, match=words) as error:
        Settings.from_mapping(members)
    assert error.value.advice


def test_an_authority_that_is_made_already():
    assert Settings.from_mapping({"authority": PUBLIC, "client_id": CLIENT}) == GOOD

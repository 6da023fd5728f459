"""Issuer and keys by the name of a tenant.  Gateway reference section 4."""

import pytest

from entrada.core.gateway.tokens.provider import Provider
from tests.gateway.trial import answered, ask, bearer, faults, gateway, provider, reason, request, token

OURS = "https://localhost:8443"
V1 = f"{OURS}/contoso/.well-known/openid-configuration"
V2 = f"{OURS}/contoso/v2.0/.well-known/openid-configuration"
CLIENTS = "<client-application-ids><application-id>app-1</application-id><application-id>app-2</application-id></client-application-ids>"
AUDIENCES = "<audiences><audience>colors</audience></audiences>"


def element(inside: str = CLIENTS, attributes: str = 'tenant-id="contoso"') -> str:
    return f"<validate-azure-ad-token {attributes}>{inside}</validate-azure-ad-token>"


def documents() -> dict[str, Provider]:
    return {V1: provider("rsa", issuer=f"{OURS}/tid/"), V2: provider("rsa", issuer=f"{OURS}/tid/v2.0")}


# fmt: off
ROWS = [  # the element, claims, what becomes of it
    pytest.param(element(), {"azp": "app-1"}, "forwarded", id="a client, version 2"),
    pytest.param(element(), {"appid": "app-2", "iss": f"{OURS}/tid/"}, "forwarded", id="a client, version 1"),
    pytest.param(element(), {"azp": "app-3"}, "TokenClaimValueNotAllowed", id="another client"),
    pytest.param(element(), {"azp": "app-3", "appid": "app-1"}, "TokenClaimValueNotAllowed", id="azp comes first"),
    pytest.param(element(), {}, "TokenClaimNotFound", id="no client"),
    pytest.param(element(AUDIENCES), {}, "forwarded", id="the audience alone"),
    pytest.param(element(AUDIENCES), {"aud": "x"}, "TokenAudienceNotAllowed", id="another audience"),
    pytest.param(element("<backend-application-ids><application-id>colors</application-id></backend-application-ids>"), {"aud": "api://colors"}, "forwarded", id="the backend's id, as version 1 has it"),
    pytest.param(element("<backend-application-ids><application-id>colors</application-id></backend-application-ids>"), {"aud": "x"}, "TokenAudienceNotAllowed", id="for another backend"),
    pytest.param(element(), {"azp": "app-1", "iss": f"{OURS}/other/v2.0"}, "TokenIssuerNotAllowed", id="another tenant"),
    pytest.param(element(), {"azp": "app-1", "exp": 1}, "TokenExpired", id="expired"),
    pytest.param(element(CLIENTS + '<required-claims><claim name="roles" match="any"><value>Reader</value></claim></required-claims>'), {"azp": "app-1", "roles": ["Reader"]}, "forwarded", id="a role"),
    pytest.param(element(CLIENTS + '<required-claims><claim name="roles" match="any"><value>Reader</value></claim></required-claims>'), {"azp": "app-1"}, "TokenClaimNotFound", id="no role"),
]
# fmt: on


@pytest.mark.parametrize(("policy", "said", "outcome"), ROWS)
def test_a_token_of_the_tenant(policy: str, said: dict[str, object], outcome: str):
    asked = bearer({"iss": f"{OURS}/tid/v2.0", **said}, "RS256", "rsa", kid="rsa")
    assert reason(ask(gateway(policy), asked, providers=documents(), authority=OURS)) == outcome


def test_the_authorization_header_is_the_default():
    assert reason(ask(gateway(element()), providers=documents(), authority=OURS)) == "TokenNotPresent"


def test_a_header_of_ones_own():
    policy = element(CLIENTS, 'tenant-id="contoso" header-name="X-Token"')
    good = token({"iss": f"{OURS}/tid/v2.0", "azp": "app-1"}, "RS256", "rsa", kid="rsa")
    service = gateway(policy)
    assert reason(ask(service, request(X_Token=good), providers=documents(), authority=OURS)) == "forwarded"
    assert (
        reason(ask(service, request(X_Token=f"Bearer {good}"), providers=documents(), authority=OURS)) == "JwtInvalid"
    )


@pytest.mark.parametrize(
    ("attributes", "start"),
    [
        ('tenant-id="contoso"', f"{OURS}/contoso"),
        ('tenant-id="contoso" authentication-endpoint="login.example"', "https://login.example/contoso"),
        ('tenant-id="contoso" authentication-endpoint="https://login.example/"', "https://login.example/contoso"),
        ('tenant-id="https://login.example/contoso/v2.0"', "https://login.example/contoso"),
    ],
)
def test_where_the_keys_come_from(attributes: str, start: str):
    known = {f"{start}/v2.0/.well-known/openid-configuration": provider("rsa", issuer="https://issuer.example")}
    asked = bearer({"iss": "https://issuer.example", "azp": "app-1"}, "RS256", "rsa", kid="rsa")
    assert reason(ask(gateway(element(CLIENTS, attributes)), asked, providers=known, authority=OURS)) == "forwarded"


def test_unknown_keys_let_nobody_in():
    assert answered(gateway(element()), bearer(None, "RS256", "rsa", kid="rsa"), authority=OURS).response.status == 500


# fmt: off
FAULTS = [
    pytest.param(element("", ""), "has no attribute `tenant-id`", id="no tenant"),
    pytest.param(element(""), "says neither which applications", id="nobody named"),
    pytest.param(element(CLIENTS, 'tenant-id="@(context.Api.Id)"'), "takes no expression", id="a tenant only the request knows"),
    pytest.param(element(CLIENTS, 'tenant-id="a/b"'), "This is no tenant", id="no tenant's name"),
    pytest.param(element(CLIENTS, 'tenant-id="https://login.example"'), "names no tenant", id="a URL without one"),
    pytest.param(element(CLIENTS, 'tenant-id="a" clock-skew="5"'), "takes no attribute `clock-skew`", id="that is validate-jwt's"),
    pytest.param(element("<client-application-ids/>"), "holds no <application-id>", id="no application"),
    pytest.param(element("<client-application-ids><application-id>@(context.Api.Id)</application-id></client-application-ids>"), "takes no expression", id="an application only the request knows"),
    pytest.param(element(CLIENTS + "<decryption-keys/>"), "Encrypted tokens", id="decryption keys"),
    pytest.param(element(AUDIENCES + CLIENTS), "stands behind <audiences>", id="out of order"),
]
# fmt: on


@pytest.mark.parametrize(("policy", "said"), FAULTS)
def test_what_is_refused_when_it_is_saved(policy: str, said: str):
    assert any(said in one.what for one in faults(policy)), faults(policy)

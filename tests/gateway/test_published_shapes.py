"""Documents as docs, labs and snippets publish them: each executed, or refused by name.  Gateway reference 12.3 and 17."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from entrada.core.gateway.assemble import Documents, assemble
from entrada.core.gateway.decide import conclude
from entrada.core.gateway.exchange import Request, Response
from entrada.core.gateway.named_values import NamedValue, by_name
from entrada.core.gateway.policy_document import read_document
from entrada.core.gateway.tokens.provider import Provider
from entrada.core.gateway.verdict import Answer, Forward
from tests.gateway.trial import (
    ADD,
    COLORS,
    FACTS,
    ISSUER,
    LIST,
    ONE,
    ask,
    bearer,
    faults,
    gateway,
    message,
    provider,
    reason,
    request,
)

FOLDER = Path(__file__).parent / "policies"
COLORS_DOCUMENT = "https://login.example.com/colors/v2.0/.well-known/openid-configuration"
COMMON_DOCUMENT = "https://login.example.com/common/v2.0/.well-known/openid-configuration"
LAB_AUDIENCE = "22222222-2222-4222-8222-222222222222"
NAMED = by_name(
    NamedValue("time-expression", "@(DateTime.UtcNow.ToString())"),
    NamedValue("source", "lab"),
    NamedValue("edge.key", "letmein", is_secret=True),
)


def known() -> dict[str, Provider]:
    open_issuer = "https://login.example/{tenantid}/v2.0"
    return {COLORS_DOCUMENT: provider("rsa"), COMMON_DOCUMENT: provider("rsa", issuer=open_issuer)}


def service(name: str):
    text = (FOLDER / name).read_text()
    if "<backend>" not in text:
        text = text.replace("</inbound>", "</inbound><backend><base/></backend>").replace(
            "<policies>\n    <outbound>", "<policies><backend><base/></backend>\n    <outbound>"
        )
    read = read_document(text, "api", NAMED)
    assert not read.faults, "\n".join(map(str, read.faults))
    return assemble([(COLORS, (LIST, ONE, ADD))], Documents(of_apis={COLORS.id: read}))


def rs256(said: Mapping[str, object] | None = None, method: str = "GET") -> Request:
    from attrs import evolve

    return evolve(bearer(said, "RS256", "rsa", kid="rsa"), method=method)


TENANT = {"tid": "11111111-1111-1111-1111-111111111111", "aud": LAB_AUDIENCE, "iss": ISSUER}
# fmt: off
ROWS = [  # the document, the request, what becomes of it, a header for the backend
    pytest.param("token-of-the-tenant.xml", request(), "TokenNotPresent", None, id="lab 7-2-3: no token"),
    pytest.param("token-of-the-tenant.xml", request(Authorization="Bearer broken"), "JwtInvalid", None, id="lab 7-2-3: a broken token"),
    pytest.param("token-of-the-tenant.xml", rs256(TENANT), "forwarded", None, id="lab 7-2-3: the good one"),
    pytest.param("token-of-the-tenant.xml", rs256(TENANT | {"aud": f"api://{LAB_AUDIENCE}"}), "TokenAudienceNotAllowed", None, id="lab 7-2-3: the other form of the audience"),
    pytest.param("token-of-the-tenant.xml", rs256(TENANT | {"tid": "other"}), "TokenIssuerNotAllowed", None, id="lab 7-2-3: another tenant's"),
    pytest.param("claim-to-header.xml", rs256({"name": "Ben"}), "forwarded", ("X-Caller", "Ben"), id="a claim to a header"),
    pytest.param("claim-to-header.xml", rs256(), "forwarded", ("X-Caller", "?"), id="a claim that is not there"),
    pytest.param("claim-to-header.xml", request(), "TokenNotPresent", None, id="a claim of nobody"),
    pytest.param("claim-to-header-by-block.xml", bearer({"name": "Ben"}), "forwarded", ("username", "Ben"), id="lab 7-1: the block"),
    pytest.param("claim-to-header-by-block.xml", request(), "ExpressionValueEvaluationFailure", None, id="lab 7-1: the block without a token"),
    pytest.param("claim-to-header-in-one-line.xml", bearer({"department": "D1"}), "forwarded", ("X-Department", "D1"), id="a claim in one line"),
    pytest.param("claim-to-header-in-one-line.xml", request(), "forwarded", ("X-Department", ""), id="one line, no token"),
    pytest.param("audience-of-the-host.xml", rs256({"aud": "localhost"}), "forwarded", None, id="the audience of the host"),
    pytest.param("audience-of-the-host.xml", rs256({"aud": "other"}), "TokenAudienceNotAllowed", None, id="the audience of another host"),
    pytest.param("claim-by-method.xml", rs256({"scp": "Colors.Read Colors.Write"}), "forwarded", None, id="a claim by method: the right one"),
    pytest.param("claim-by-method.xml", rs256({"scp": "Colors.Write"}), "TokenClaimValueNotAllowed", None, id="a claim by method: the other one"),
    pytest.param("claim-by-method.xml", request("POST"), "forwarded", None, id="a claim by method: no branch, no check"),
    pytest.param("limits-by-caller.xml", request(), "forwarded", None, id="limits by caller"),
    pytest.param("named-values.xml", request(X_Edge="letmein"), "forwarded", ("X-Now", None), id="named values, one an expression"),
    pytest.param("named-values.xml", request(X_Edge="lab"), "HeaderValueNotAllowed", None, id="a secret named value"),
    pytest.param("own-words-on-error.xml", request(), "forwarded", None, id="words on errors, without one"),
    pytest.param("strings.xml", request(path="/colors/7"), "forwarded", None, id="strings of all kinds"),
    pytest.param("shared-key.xml", request(), "TokenNotPresent", None, id="lab 7-1: no token"),
]
# fmt: on


@pytest.mark.parametrize(("name", "asked", "outcome", "header"), ROWS)
def test_what_is_published_runs(name: str, asked: Request, outcome: str, header: tuple[str, str | None] | None):
    verdict = ask(service(name), asked, providers=known())
    assert reason(verdict) == outcome
    if header is not None:
        assert isinstance(verdict, Forward)
        found = dict(verdict.request.headers)[header[0]]
        assert found == header[1] if header[1] is not None else found


def test_every_document_of_the_folder_is_here_or_elsewhere():
    used = {str(row.values[0]) for row in ROWS} | {"role-gate.xml", "role-gate-escaped.xml", "product-gate.xml"}
    assert {one.name for one in FOLDER.glob("*.xml")} <= used


@pytest.mark.parametrize("name", ["role-gate.xml", "role-gate-escaped.xml"])
@pytest.mark.parametrize(("group", "status"), [("painters", 200), ("visitors", 403)])
def test_the_role_gate(name: str, group: str, status: int):
    text = (FOLDER / name).read_text().replace("</inbound>", "</inbound><backend><base/></backend>", 1)
    gate = read_document(text, "operation")
    assert not gate.faults
    from tests.gateway.trial import document, validate_jwt

    check = read_document(document(validate_jwt('output-token-variable-name="caller"')), "api")
    documents = Documents(of_apis={COLORS.id: check}, of_operations={(COLORS.id, ADD.id): gate})
    made = assemble([(COLORS, (ADD,))], documents)
    from attrs import evolve

    verdict = ask(made, evolve(bearer({"group": [group]}), method="POST"))
    if status == 200:
        assert isinstance(verdict, Forward)
    else:
        assert isinstance(verdict, Answer)
        assert (verdict.response.status, verdict.response.body) == (403, b'{ "message": "Painters only." }')


def test_the_product_gate():
    forward = ask(service("product-gate.xml"))
    assert isinstance(forward, Forward)
    assert dict(conclude(forward, Response(status=200), FACTS).response.headers) == {"X-Trial": "true"}
    assert conclude(forward, Response(status=404), FACTS).response.headers == ()


# fmt: off
LAB_7_1 = [  # the claim that is required, of a token with admin
    pytest.param("admin", "forwarded", id="admin"),
    pytest.param("adminx", "TokenClaimNotFound", id="adminx"),
]
# fmt: on


@pytest.mark.parametrize(("name", "outcome"), LAB_7_1)
def test_the_jwt_lab(name: str, outcome: str):
    text = (FOLDER / "shared-key.xml").read_text().replace('name="admin"', f'name="{name}"')
    inbound = text.split("<base />")[1].split("</inbound>")[0]
    verdict = ask(gateway(inbound), bearer({"admin": True}))
    assert reason(verdict) == outcome
    if isinstance(verdict, Answer):
        assert message(verdict) == "Unauthorized"


# fmt: off
REFUSED = [  # what the labs use and we do not run
    ("<cache-lookup vary-by-developer='false' vary-by-developer-groups='false'/>", "cache-lookup"),
    ("<find-and-replace from='a' to='b'/>", "find-and-replace"),
    ("<json-to-xml apply='always'/>", "json-to-xml"),
    ("<send-one-way-request mode='new'><set-url>https://a.example</set-url></send-one-way-request>", "send-one-way-request"),
    ("<send-request mode='new' response-variable-name='r'><set-url>https://a.example</set-url></send-request>", "send-request"),
    ("<set-body>@(context.Request.Body.As&lt;string&gt;())</set-body>", "set-body"),
    ("<quota calls='100' renewal-period='604800'/>", "quota"),
    ("<authentication-managed-identity resource='https://a.example'/>", "authentication-managed-identity"),
    ("<limit-concurrency key='a' max-count='1'/>", "limit-concurrency"),
]
# fmt: on


@pytest.mark.parametrize(("element", "name"), REFUSED, ids=[name for _, name in REFUSED])
def test_what_is_published_and_not_run_is_refused_by_name(element: str, name: str):
    (found,) = faults(f"\n  {element}")
    assert (found.place.line, found.place.column) == (2, 3)
    assert found.what.startswith(f"<{name}> is not supported here.")
    assert found.instead.endswith(".")


def test_body_work_in_an_expression_is_refused_where_it_stands():
    found = faults('<set-variable name="b" value="@(context.Request.Body.As<JObject>())"/>')
    assert found
    assert all(one.instead for one in found)

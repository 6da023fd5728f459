"""Sections, scopes, branches, variables, on-error and the trace.  Gateway reference sections 1, 3.3 and 11."""

from uuid import UUID

import pytest
from attrs import evolve

from entrada.core.gateway.assemble import Documents, assemble
from entrada.core.gateway.decide import BackendFailed, conclude
from entrada.core.gateway.entities.ids import ProductId
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.exchange import Response
from entrada.core.gateway.named_values import NamedValue, by_name
from entrada.core.gateway.policy_document import read_document
from tests.gateway.trial import (
    ADD,
    COLORS,
    FACTS,
    LIST,
    answered,
    ask,
    bearer,
    document,
    faults,
    forwarded,
    gateway,
    message,
    reason,
    request,
    through,
    token,
    validate_jwt,
)


def mark(value: str, name: str = "X-Seen") -> str:
    return f'<set-header name="{name}" exists-action="append"><value>{value}</value></set-header>'


# ---- scopes --------------------------------------------------------------------------------------------------------

OPEN = Product(id=ProductId("p"), display_name="P", subscription_required=False, api_ids=frozenset({COLORS.id}))


def read(text: str, scope: str):
    found = read_document(text, scope)
    assert not found.faults, found.faults
    return found


def test_the_four_scopes_each_where_the_narrower_one_says_base():
    documents = Documents(
        of_all=read(
            f"<policies><inbound>{mark('global')}</inbound><backend><forward-request/></backend></policies>", "global"
        ),
        of_products={OPEN.id: read(document(mark("product")), "product")},
        of_apis={COLORS.id: read(document().replace("<inbound><base/>", f"<inbound>{mark('api')}<base/>"), "api")},
        of_operations={(COLORS.id, LIST.id): read(document(mark("operation")), "operation")},
    )
    service = assemble([(COLORS, (LIST, ADD))], documents, [OPEN])
    listed, added = forwarded(service), forwarded(service, request("POST"))
    assert dict(listed.request.headers)["X-Seen"] == "api,global,product,operation"
    assert dict(added.request.headers)["X-Seen"] == "api,global,product"
    assert [one.scope for one in listed.trace if one.element == "set-header"] == [
        "api",
        "global",
        "product",
        "operation",
    ]


def test_without_base_nothing_is_inherited():
    documents = Documents(
        of_all=read(
            document(validate_jwt()).replace("<base/>", "").replace("<backend>", "<backend><forward-request/>"),
            "global",
        ),
        of_apis={COLORS.id: read(document().replace("<inbound><base/>", "<inbound>"), "api")},
    )
    assert forwarded(assemble([(COLORS, (LIST,))], documents))


def test_a_products_policies_run_in_its_context_alone():
    documents = Documents(of_products={ProductId("p"): read(document(mark("product")), "product")})
    closed = evolve(OPEN, subscription_required=True)
    assert "X-Seen" not in dict(forwarded(assemble([(COLORS, (LIST,))], documents, [closed])).request.headers)


# ---- choose and variables ------------------------------------------------------------------------------------------

CHOOSE = f"""<choose>
    <when condition='@(context.Request.Method == "POST")'>{mark("post")}</when>
    <when condition='@(context.Request.Headers.ContainsKey("X-Late"))'>{mark("late")}
        <choose><when condition="true">{mark("inner")}</when></choose>
    </when>
    <otherwise>{mark("otherwise")}</otherwise>
</choose>{mark("behind")}"""

# fmt: off
BRANCHES = [
    pytest.param(request("POST", X_Late="1"), "post,behind", id="the first that holds"),
    pytest.param(request(X_Late="1"), "late,inner,behind", id="the second, and one within"),
    pytest.param(request(), "otherwise,behind", id="none"),
]
# fmt: on


@pytest.mark.parametrize(("asked", "seen"), BRANCHES)
def test_choose(asked, seen: str):
    assert dict(forwarded(gateway(CHOOSE), asked).request.headers)["X-Seen"] == seen


def test_choose_around_the_backend():
    backend = (
        f"<choose><when condition='@(context.Request.Method == \"GET\")'><forward-request/></when></choose>{mark('x')}"
    )
    assert through(gateway(backend=backend)).response.status == 200
    assert answered(gateway(backend=backend), request("POST")).response.body == b""


def test_variables_keep_their_type_from_inbound_to_outbound():
    inbound = '<set-variable name="n" value="@(20 + 1)"/><set-variable name="s" value="two"/>'
    outbound = mark('@(((int)context.Variables["n"] * 2).ToString() + (string)context.Variables["s"])')
    answer = through(gateway(inbound, outbound=outbound))
    assert dict(answer.response.headers)["X-Seen"] == "42two"


def test_an_expression_without_a_value_is_a_500_and_says_where():
    answer = answered(gateway(mark('@((string)context.Variables["nothing"])')))
    assert (answer.response.status, reason(answer)) == (500, "ExpressionValueEvaluationFailure")
    assert message(answer) == "Expression evaluation failed."
    assert answer.trace[-1].would_pass


def test_an_expression_without_a_value_lets_nobody_in():
    branch = f"<choose><when condition='@((bool)context.Variables[\"nothing\"])'>{validate_jwt()}</when></choose>"
    assert answered(gateway(branch)).response.status == 500


# ---- on-error ------------------------------------------------------------------------------------------------------

OWN_WORDS = """<choose>
    <when condition='@(context.LastError.Source == "validate-jwt")'>
        <return-response>
            <set-status code="@(context.Response.StatusCode)"/>
            <set-body>@(context.LastError.Reason + "|" + context.LastError.Message + "|" + context.LastError.Section + "|" + context.LastError.Scope + "|" + context.LastError.Path + "|" + context.LastError.PolicyId)</set-body>
        </return-response>
    </when>
</choose>"""


def test_on_error_may_answer_in_words_of_its_own():
    policy = validate_jwt('id="gate" failed-validation-httpcode="403" failed-validation-error-message="Replaced."')
    answer = answered(gateway(f'<choose><when condition="true">{policy}</when></choose>', on_error=OWN_WORDS))
    assert answer.response.status == 403
    assert (
        answer.response.body == b"TokenNotPresent|JWT not present.|inbound|api|choose[1]/when[1]/validate-jwt[1]|gate"
    )


def test_on_error_may_leave_the_answer_as_it_is():
    answer = answered(gateway(validate_jwt('failed-validation-error-message="No."'), on_error=mark("1")))
    assert (answer.response.status, message(answer)) == (401, "No.")
    assert dict(answer.response.headers)["X-Seen"] == "1"
    assert "WWW-Authenticate" in dict(answer.response.headers)


def test_what_fails_in_on_error_ends_there():
    answer = answered(gateway(validate_jwt(), on_error=mark('@((string)context.Variables["nothing"])')))
    assert answer.response.status == 500


def test_on_error_hears_of_built_in_steps():
    words = (
        "<return-response><set-body>@(context.LastError.Source + context.LastError.Reason)</set-body></return-response>"
    )
    service = gateway(on_error=words, api=evolve(COLORS, subscription_required=True))
    assert answered(service).response.body == b"authorizationSubscriptionKeyNotFound"
    assert answered(service, request("DELETE")).response.body == b"configurationOperationNotFound"


# fmt: off
BACKEND_FAILURES = [
    pytest.param(BackendFailed.TIMEOUT, "Timeout", id="too late"),
    pytest.param(BackendFailed.CONNECTION, "BackendConnectionFailure", id="not at all"),
]
# fmt: on


@pytest.mark.parametrize(("failed", "name"), BACKEND_FAILURES)
def test_a_backend_that_fails(failed: BackendFailed, name: str):
    answer = conclude(forwarded(gateway(outbound=mark("never"))), failed, FACTS)
    assert (answer.response.status, reason(answer)) == (500, name)
    assert "X-Seen" not in dict(answer.response.headers)


def test_concluding_twice_gives_the_same():
    """The verdict is a value: the console replays it."""
    service = gateway('<rate-limit-by-key counter-key="a" calls="5" renewal-period="60"/>', outbound=mark("1"))
    forward = forwarded(service)
    assert conclude(forward, Response(status=200), FACTS) == conclude(forward, Response(status=200), FACTS)


# ---- the trace -----------------------------------------------------------------------------------------------------


def test_the_trace_tells_each_element_what_it_saw_and_decided():
    answer = through(gateway(validate_jwt(), outbound=mark("1")), bearer())
    told = [(one.section, one.element) for one in answer.trace]
    assert told == [
        ("inbound", "operation"),
        ("inbound", "subscription key"),
        ("inbound", "validate-jwt"),
        ("backend", "forward-request"),
        ("backend", "forward-request"),
        ("outbound", "set-header"),
    ]
    assert all(one.saw and one.decided for one in answer.trace)


def test_a_refusal_says_where_it_stands_and_what_would_pass():
    answer = answered(gateway(validate_jwt()), bearer({"exp": 1}))
    last = answer.trace[-1]
    assert (last.refused, last.element, last.scope) == (True, "validate-jwt", "api")
    assert last.place
    assert (last.place.line, last.place.column) == (2, 1)
    assert "expired" in last.saw
    assert "renewed" in str(last.would_pass)


def test_nothing_secret_is_in_a_trace():
    secret = NamedValue("code", "very-hidden-words", is_secret=True)
    text = (
        mark("{{code}}", "X-Code")
        + '<set-variable name="t" value=\'@(context.Request.Headers.GetValueOrDefault("Authorization", ""))\'/>'
    )
    payload = '<set-variable name="p" value=\'@(context.Request.Headers.GetValueOrDefault("Authorization", "").Split(".")[1])\'/>'
    service = gateway(text + payload + validate_jwt(), named_values=by_name(secret))
    sent = token()
    asked = request(Authorization=f"Bearer {sent}", Cookie="session=abcdefgh")
    shown = repr(ask(service, asked).trace)
    for hidden in (*sent.split("."), "abcdefgh", "very-hidden-words"):
        assert hidden not in shown
    assert "X-Code" in shown


def test_a_token_in_the_query_is_in_no_trace():
    service = gateway(validate_jwt().replace('header-name="Authorization"', 'query-parameter-name="t"') + mark("1"))
    sent = token({"exp": 1})
    verdict = ask(service, request(query=f"t={sent}"))
    assert sent.split(".")[1] not in repr(verdict)


def test_a_token_where_nobody_expects_one_is_in_no_trace():
    sent = token()
    verdict = ask(
        gateway(mark('@(context.Request.Headers.GetValueOrDefault("X-Odd", ""))')), request(X_Odd=f"it is {sent}")
    )
    assert not any(part in repr(verdict.trace) for part in sent.split("."))


def test_without_tracing_refusals_alone_are_told():
    service = gateway(mark("1") + validate_jwt())
    assert [one.element for one in ask(service, bearer(), is_traced=False).trace] == []
    assert [one.element for one in ask(service, is_traced=False).trace] == ["validate-jwt"]


def test_what_a_policy_needs_of_the_world_is_known_beforehand():
    entra = '<validate-azure-ad-token tenant-id="contoso.example"><audiences><audience>a</audience></audiences></validate-azure-ad-token>'
    nested = f'<choose><when condition="true"><validate-jwt header-name="A"><openid-config url="https://a.example/d"/></validate-jwt></when><otherwise>{entra}</otherwise></choose>'
    assert gateway(nested).discovery("https://localhost:8443") == {
        "https://a.example/d",
        "https://localhost:8443/contoso.example/.well-known/openid-configuration",
        "https://localhost:8443/contoso.example/v2.0/.well-known/openid-configuration",
    }


def test_the_same_facts_give_the_same_verdict():
    service = gateway(mark("@(Guid.NewGuid().ToString())"))
    assert forwarded(service).request == forwarded(service).request
    assert forwarded(service, request_id=UUID(int=8), entropy=b"another 16 bytes").request != forwarded(service).request


# ---- what cannot be ------------------------------------------------------------------------------------------------


def test_every_policy_of_azure_is_executed_or_refused_by_name():
    from entrada.core.gateway.elements.refused import REFUSED
    from entrada.core.gateway.elements.register import KINDS

    for name in REFUSED:
        found = faults(f"<{name}/>")
        assert any(name in one.what for one in found), name
        assert all(one.what.endswith(".") and one.instead for one in found), name
    assert not {name for name in KINDS if name in REFUSED} - {"set-status"}


def test_a_policy_that_nobody_has():
    assert faults("<validate-jwd/>")[0].what == "There is no policy <validate-jwd>."


@pytest.mark.parametrize(
    ("written", "meant"),
    [("validate-jtw", "validate-jwt"), ("quota-by-keys", "quota-by-key"), ("set-headers", "set-header")],
)
def test_a_policy_that_is_nearly_one_is_recognised(written: str, meant: str) -> None:
    assert faults(f"<{written}/>")[0].instead == f"did you mean <{meant}>?"
    assert "did you mean" not in faults("<zebra/>")[0].instead


@pytest.mark.parametrize("spaces", ["", " "])
def test_of_a_named_value_that_is_not_known_nothing_else_is_told(spaces: str) -> None:
    key = f"<issuer-signing-keys><key>{spaces}{{{{jwt-key}}}}</key></issuer-signing-keys>"
    found = faults(f'<validate-jwt header-name="Authorization">{key}</validate-jwt>')
    assert [one.what for one in found] == ["No named value is called `jwt-key`."]

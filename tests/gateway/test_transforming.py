"""Headers, query, path, backend, and answers made here.  Gateway reference section 9."""

import pytest
from attrs import evolve

from entrada.core.gateway.assemble import Documents, assemble
from entrada.core.gateway.entities.ids import OperationId
from entrada.core.gateway.entities.operation import Operation, Representation, ResponseDescription
from entrada.core.gateway.exchange import Response
from entrada.core.gateway.policy_document import read_document
from tests.gateway.trial import (
    COLORS,
    ONE,
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
    validate_jwt,
)


def set_header(name: str = "X", action: str = "override", *values: str) -> str:
    inside = "".join(f"<value>{value}</value>" for value in values)
    return f'<set-header name="{name}" exists-action="{action}">{inside}</set-header>'


# fmt: off
SET = [  # action, values, what was there, what is there then
    pytest.param("override", ("b",), ("a",), ("b",), id="override"),
    pytest.param("override", ("b",), (), ("b",), id="override where nothing was"),
    pytest.param("skip", ("b",), ("a",), ("a",), id="skip"),
    pytest.param("skip", ("b",), (), ("b",), id="skip where nothing was"),
    pytest.param("append", ("b",), ("a",), ("a,b",), id="append, joined by a comma"),
    pytest.param("append", ("b",), (), ("b",), id="append where nothing was"),
    pytest.param("delete", (), ("a",), (), id="delete"),
    pytest.param("delete", (), (), (), id="delete where nothing was"),
    pytest.param("override", ("a", "b"), (), ("a,b",), id="several values"),
    pytest.param("override", ("",), ("a",), ("",), id="an empty value"),
]
# fmt: on


@pytest.mark.parametrize(("action", "values", "before", "after"), SET)
def test_set_header_of_the_request(
    action: str, values: tuple[str, ...], before: tuple[str, ...], after: tuple[str, ...]
):
    asked = evolve(request(), headers=tuple(("x", one) for one in before))
    forward = forwarded(gateway(set_header("X", action, *values)), asked)
    assert tuple(value for name, value in forward.request.headers if name.lower() == "x") == after


def test_set_header_of_the_response():
    service = gateway(outbound="<base/>" + set_header("Server", "delete") + set_header("X-Made-By", "override", "us"))
    answer = through(service, response=Response(status=200, headers=(("server", "b"), ("Content-Type", "text/plain"))))
    assert answer.response.headers == (("Content-Type", "text/plain"), ("X-Made-By", "us"))
    assert answer.response.body is None


def test_cookies_keep_a_line_each():
    forward = forwarded(gateway(set_header("Cookie", "append", "b=2")), request(Cookie="a=1"))
    assert [value for name, value in forward.request.headers if name == "Cookie"] == ["a=1", "b=2"]


def test_a_claim_becomes_a_header_whatever_its_letters():
    policy = validate_jwt('output-token-variable-name="jwt"') + set_header(
        "username", "override", '@(((Jwt)context.Variables["jwt"]).Claims.GetValueOrDefault("name", "?"))'
    )
    service = gateway(policy)
    assert dict(forwarded(service, bearer({"name": "Łukasz"})).request.headers)["username"] == "Łukasz"
    assert dict(forwarded(service, bearer()).request.headers)["username"] == "?"


def test_no_line_end_gets_into_a_header():
    service = gateway(set_header("X", "override", '@(context.Request.OriginalUrl.Query.GetValueOrDefault("x", ""))'))
    answer = answered(service, request(query="x=a%0d%0aHost:%20evil"))
    assert (answer.response.status, reason(answer)) == (400, "ExpressionValueEvaluationFailure")


def set_query(action: str, *values: str) -> str:
    inside = "".join(f"<value>{value}</value>" for value in values)
    return f'<set-query-parameter name="x" exists-action="{action}">{inside}</set-query-parameter>'


# fmt: off
QUERIES = [  # the element, the query before, and after
    pytest.param(set_query("override", "2"), "a=1&x=1&b=%20", "a=1&b=%20&x=2", id="override"),
    pytest.param(set_query("skip", "2"), "x=1", "x=1", id="skip"),
    pytest.param(set_query("skip", "2"), "", "x=2", id="skip where nothing was"),
    pytest.param(set_query("append", "2"), "x=1", "x=1&x=2", id="append"),
    pytest.param(set_query("delete"), "x=1&a=b&%78=3", "a=b", id="delete, however it is escaped"),
    pytest.param(set_query("override", "a b&amp;c"), "", "x=a%20b%26c", id="a value is escaped"),
    pytest.param(set_query("delete"), "a=b+c&&d", "a=b+c&&d", id="the rest stays as it was written"),
]
# fmt: on


@pytest.mark.parametrize(("element", "before", "after"), QUERIES)
def test_set_query_parameter(element: str, before: str, after: str):
    assert forwarded(gateway(element), request(query=before)).request.url.query == after


def rewrite(template: str, copy: str = "true") -> str:
    return f'<rewrite-uri template="{template}" copy-unmatched-params="{copy}"/>'


# fmt: off
REWRITTEN = [  # the element, path and query asked, path and query at the backend
    pytest.param("", "/colors", "a=1", "/v1", "a=1", id="as it came"),
    pytest.param("", "/colors/7", "", "/v1/7", "", id="behind the path of the service"),
    pytest.param(rewrite("/all"), "/colors", "a=1", "/v1/all", "a=1", id="another path"),
    pytest.param(rewrite("/all", "false"), "/colors", "a=1", "/v1/all", "", id="without the caller's query"),
    pytest.param(rewrite("/item/{id}?full=1"), "/colors/7", "a=1", "/v1/item/7", "full=1&a=1", id="a parameter, and a query"),
    pytest.param(rewrite("/item?key={id}"), "/colors/a%20b", "", "/v1/item", "key=a%20b", id="a parameter in the query"),
    pytest.param(rewrite("/item/{id}"), "/colors/a%3fb", "", "/v1/item/a%3Fb", "", id="what would end a path stays in it"),
    pytest.param(rewrite("/x?full=1"), "/colors", "full=0&a=1", "/v1/x", "full=1&a=1", id="the template's own wins"),
    pytest.param(rewrite("@(&quot;/&quot; + context.Request.Method.ToLower())"), "/colors", "", "/v1/get", "", id="an expression"),
]
# fmt: on


@pytest.mark.parametrize(("element", "path", "query", "to", "asking"), REWRITTEN)
def test_what_the_backend_is_asked(element: str, path: str, query: str, to: str, asking: str):
    url = forwarded(gateway(element), request(path=path, query=query)).request.url
    assert (url.scheme, url.host, url.port) == ("http", "backend.example", 8080)
    assert (url.path, url.query) == (to, asking)


@pytest.mark.parametrize("name", ["%2e%2e", "..", ".%2E", "..%5c", "%2e%2e;x"])
def test_no_parameter_climbs_out(name: str):
    answer = answered(gateway(rewrite("/public/{id}/thing")), request(path=f"/colors/{name}"))
    assert answer.response.status == 400


# fmt: off
ODD = ["/colors/../admin", "/colors/%2e%2E/admin", "/colors/..;/x", "/colors/a%5cb", "/colors/a\\b", "/colors/%00", "/./colors", "/colors/..%2fadmin", "/colors/a%2F..%2f..%2fadmin", "/colors/1%2fsecret", "/colors/1%2Fsecret", "//colors", "/colors//", "/colors//x", "/colors/x//", "/colors/%", "/colors/%zz", "/colors/%%32fx"]
# fmt: on


@pytest.mark.parametrize("path", ODD)
def test_no_path_that_a_backend_may_read_as_another(path: str):
    answer = answered(gateway(), request(path=path))
    assert (answer.response.status, reason(answer)) == (400, "BadPath")
    assert answer.trace[-1].would_pass


@pytest.mark.parametrize("path", ["/colors/a.b", "/colors/...", "/colors/a%20b", "/colors/.well-known"])
def test_other_dots_and_escapes_are_taken(path: str):
    assert forwarded(gateway(), request(path=path)).request.url.path == path.replace("/colors", "/v1")


# fmt: off
SPELLED = [  # the path, the operation, what the backend is asked
    pytest.param("/colors/%61dmin", "admin", "/v1/admin", id="an escaped letter"),
    pytest.param("/%63olors/admin", "admin", "/v1/admin", id="one of the API's path"),
    pytest.param("/colors/%7e%2D%2e%5f", "one", "/v1/~-._", id="whatever needs no escaping"),
    pytest.param("/colors/all%3Aof", "all", "/v1/all%3Aof", id="what a backend reads, though it is another URL"),
    pytest.param("/colors/%c3%a9", "one", "/v1/%C3%A9", id="digits become capitals"),
    pytest.param("/colors/%2561dmin", "one", "/v1/%2561dmin", id="once, not twice"),
]
# fmt: on


@pytest.mark.parametrize(("path", "operation", "asked"), SPELLED)
def test_no_spelling_goes_around_an_operations_policy(path: str, operation: str, asked: str):
    admin = Operation(id=OperationId("admin"), display_name="x", method="GET", url_template="/admin")
    every = evolve(admin, id=OperationId("all"), url_template="/all:of")
    forward = forwarded(assemble([(COLORS, (ONE, admin, every))], Documents()), request(path=path))
    assert (forward.passage.operation.id, forward.request.url.path) == (operation, asked)


def test_a_template_names_what_the_operation_has():
    answer = answered(gateway(rewrite("/{colour}")))
    assert (answer.response.status, reason(answer)) == (500, "ExpressionValueEvaluationFailure")


def test_set_backend_service():
    service = gateway('<set-backend-service base-url="https://other.example/base/"/>')
    url = forwarded(service, request(path="/colors/7")).request.url
    assert str(url) == "https://other.example/base/7"


def test_a_backend_may_be_computed():
    element = """<set-backend-service base-url='@("https://" + context.Request.Headers.GetValueOrDefault("X-To", "a") + ".example")'/>"""
    assert forwarded(gateway(element), request(X_To="b")).request.url.host == "b.example"
    assert answered(gateway(element), request(X_To="b@evil/")).response.status == 500


RETURNED = """<return-response><set-status code="418" reason="Teapot"/>
<set-header name="Content-Type" exists-action="override"><value>text/plain</value></set-header>
<set-body>@("No " + context.Request.Method)</set-body></return-response>"""


def test_return_response():
    answer = answered(gateway(RETURNED + validate_jwt()))
    assert (answer.response.status, answer.response.reason, answer.response.body) == (418, "Teapot", b"No GET")
    assert answer.response.headers == (("Content-Type", "text/plain"),)
    assert answer.failure is None


def test_return_response_is_an_empty_200_by_itself():
    answer = answered(gateway("<return-response/>"))
    assert (answer.response.status, answer.response.body) == (200, b"")


def test_return_response_ends_outbound_too():
    service = gateway(
        outbound="<return-response><set-status code='204'/></return-response>" + set_header("X", "override", "1")
    )
    assert through(service).response == Response(status=204, body=b"")


def test_set_status():
    service = gateway(outbound='<base/><set-status code="202" reason="Later"/>')
    assert through(service).response.status == 202


DESCRIBED = Operation(
    id=OperationId("list"),
    display_name="List",
    method="GET",
    url_template="/",
    responses=(
        ResponseDescription(
            status_code=200,
            representations=(
                Representation(content_type="application/json", examples={"a": "[1]", "b": "[2]"}),
                Representation(content_type="text/plain", examples={"a": "one"}),
            ),
        ),
        ResponseDescription(
            status_code=202,
            representations=(
                Representation(content_type="application/json", schema={"$ref": "#/components/schemas/Color"}),
                Representation(content_type="image/png", schema={"type": "string"}),
            ),
        ),
        ResponseDescription(status_code=404),
    ),
)
COLOR = {"required": ["name"], "properties": {"name": {"const": "plum"}, "pin": {"writeOnly": True}}}


# fmt: off
MOCKED = [  # attributes, status, content type, body
    pytest.param("", 200, "application/json", b"[1]", id="the first of the first"),
    pytest.param('content-type="text/plain"', 200, "text/plain", b"one", id="of that type"),
    pytest.param('content-type="text/html"', 200, "text/html", b"", id="of no type described"),
    pytest.param('index="1"', 200, "application/json", b"[2]", id="the second example"),
    pytest.param('index="7"', 200, "application/json", b"[1]", id="no such example"),
    pytest.param('status-code="404"', 404, None, b"", id="nothing described"),
    pytest.param('status-code="202"', 202, "application/json", b'{\n  "name": "plum"\n}', id="made of the schema"),
    pytest.param('status-code="202" content-type="image/png"', 202, "image/png", b"", id="a schema of no text"),
    pytest.param('status-code="201" content-type="application/json"', 201, "application/json", b"", id="no such status"),
]
# fmt: on


@pytest.mark.parametrize(("attributes", "status", "content_type", "body"), MOCKED)
def test_mock_response(attributes: str, status: int, content_type: str | None, body: bytes):
    read = read_document(document(f"<mock-response {attributes}/>"), "api")
    api = evolve(COLORS, schemas={"Color": COLOR})
    service = assemble([(api, (DESCRIBED,))], Documents(of_apis={COLORS.id: read}))
    response = answered(service).response
    assert (response.status, dict(response.headers).get("Content-Type"), response.body) == (status, content_type, body)


# fmt: off
FORWARDING = [  # the element, how long is waited, whether an error status fails
    pytest.param("<forward-request/>", 300.0, False, id="as Azure"),
    pytest.param('<forward-request timeout="10"/>', 10.0, False, id="seconds"),
    pytest.param('<forward-request timeout-ms="1500"/>', 1.5, False, id="milliseconds"),
    pytest.param('<forward-request fail-on-error-status-code="true" buffer-response="false" http-version="2or1"/>', 300.0, True, id="errors fail"),
]
# fmt: on


@pytest.mark.parametrize(("element", "timeout", "fails"), FORWARDING)
def test_forward_request(element: str, timeout: float, fails: bool):
    forward = forwarded(gateway(backend=element))
    assert (forward.timeout, forward.fails_on_error_status) == (timeout, fails)


def test_without_forward_request_nobody_is_asked():
    answer = answered(gateway(backend="", outbound="<base/>" + set_header("X", "override", "1")))
    assert (answer.response.status, answer.response.body, answer.response.headers) == (200, b"", (("X", "1"),))


def test_an_error_status_that_fails():
    service = gateway(backend='<forward-request fail-on-error-status-code="true"/>')
    answer = through(service, response=Response(status=503))
    assert (answer.response.status, message(answer)) == (503, "The backend answered 503.")


def test_a_backend_is_asked_once():
    answer = through(gateway(backend="<forward-request/><forward-request/>"))
    assert answer.response.status == 500


def test_an_api_without_a_backend():
    answer = answered(gateway(api=evolve(COLORS, service_url="")))
    assert (answer.response.status, reason(answer)) == (500, "BackendConnectionFailure")


# fmt: off
FAULTS = [
    pytest.param("<set-header><value>x</value></set-header>", "has no attribute `name`", id="a header without a name"),
    pytest.param(set_header("X", "override"), "has no <value>", id="a header without a value"),
    pytest.param(set_header("X", "replace", "a"), "`exists-action` is 'replace'", id="not one of the actions"),
    pytest.param(set_header("Content-Length", "override", "1"), "belongs to the connection", id="the length is not for policies"),
    pytest.param(set_header("transfer-encoding", "delete"), "belongs to the connection", id="nor the framing"),
    pytest.param(set_header("X Y", "override", "1"), "`name` is 'X Y'", id="no header's name"),
    pytest.param("<set-query-parameter name='x'/>", "has no <value>", id="a parameter without a value"),
    pytest.param("<rewrite-uri template='x'/>", "does not start with a slash", id="no slash"),
    pytest.param("<rewrite-uri/>", "has no attribute `template`", id="no template"),
    pytest.param("<set-backend-service/>", "has no attribute `base-url`", id="no backend"),
    pytest.param('<set-backend-service backend-id="b"/>', "backend-id names none", id="a stored backend"),
    pytest.param('<set-backend-service base-url="file:///etc"/>', "`base-url` is 'file:///etc'", id="no URL of a backend"),
    pytest.param('<return-response response-variable-name="r"/>', "response-variable-name names none", id="a stored response"),
    pytest.param('<return-response><set-body template="liquid">x</set-body></return-response>', "Liquid", id="liquid"),
    pytest.param('<return-response><set-body>x</set-body><set-status code="200"/></return-response>', "stands behind", id="out of order"),
    pytest.param("<return-response><set-status/></return-response>", "has no attribute `code`", id="no status"),
    pytest.param('<mock-response status-code="teapot"/>', "`status-code` is 'teapot'", id="no number"),
    pytest.param("<set-variable value='x'/>", "has no attribute `name`", id="a variable without a name"),
    pytest.param("<set-variable name='x'/>", "has no attribute `value`", id="a variable without a value"),
    pytest.param("<choose/>", "has no <when>", id="no condition"),
    pytest.param("<choose><when><base/></when></choose>", "has no attribute `condition`", id="a branch without one"),
    pytest.param('<choose><otherwise/><when condition="@(true)"/></choose>', "stands behind <otherwise>", id="otherwise comes last"),
    pytest.param("""<choose><when condition='@("yes")'/></choose>""", "not a bool", id="no yes or no"),
    pytest.param("<forward-request/>", "cannot stand in inbound", id="not here"),
    pytest.param("<set-status code='200'/>", "not supported here", id="no status before there is one"),
]
BACKEND_FAULTS = [
    pytest.param('<forward-request follow-redirects="true"/>', "does not follow redirects", id="redirects"),
    pytest.param('<forward-request http-version="2"/>', "HTTP/2 alone", id="HTTP/2 alone"),
    pytest.param('<forward-request continue-timeout="1"/>', "never asks the client", id="100-continue"),
    pytest.param('<forward-request timeout="1" timeout-ms="1"/>', "says twice", id="two times"),
    pytest.param(rewrite("/x"), "cannot stand in backend", id="too late for a path"),
]
# fmt: on


@pytest.mark.parametrize(("element", "said"), FAULTS)
def test_what_is_refused_when_it_is_saved(element: str, said: str):
    assert any(said in one.what for one in faults(element)), faults(element)


@pytest.mark.parametrize(("element", "said"), BACKEND_FAULTS)
def test_what_is_refused_in_backend(element: str, said: str):
    assert any(said in one.what for one in faults(backend=element)), faults(backend=element)


def test_an_unknown_api():
    answer = answered(gateway(), request(path="/colours"))
    assert (answer.response.status, answer.response.body) == (
        404,
        b'{ "statusCode": 404, "message": "Resource not found" }',
    )
    assert reason(ask(gateway(), request(path="/colorsx"))) == "OperationNotFound"


def test_an_unknown_operation():
    answer = answered(gateway(), request("DELETE"))
    assert (answer.response.status, reason(answer)) == (404, "OperationNotFound")
    assert answer.trace[-1].would_pass

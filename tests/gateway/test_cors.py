"""Preflights, requests of pages, and refusals that pages can read.  Gateway reference section 8."""

import pytest

from entrada.core.gateway.assemble import Documents, assemble
from entrada.core.gateway.entities.ids import ProductId
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.exchange import Response
from entrada.core.gateway.policy_document import read_document
from tests.gateway.trial import (
    COLORS,
    LIST,
    answered,
    document,
    faults,
    forwarded,
    gateway,
    reason,
    request,
    through,
    validate_jwt,
)

PAGE = "https://app.example"


def cors(
    attributes: str = "",
    origins: str = f"<origin>{PAGE}</origin>",
    methods: str = "<allowed-methods><method>PUT</method></allowed-methods>",
    rest: str = "",
) -> str:
    return (
        f"<cors {attributes}><allowed-origins>{origins}</allowed-origins>{methods}"
        f"<allowed-headers><header>X-Mine</header></allowed-headers>{rest}</cors>"
    )


def preflight(origin: str = PAGE, method: str = "GET", headers: str | None = None):
    asked = {} if headers is None else {"Access_Control_Request_Headers": headers}
    return request("OPTIONS", Origin=origin, Access_Control_Request_Method=method, **asked)


ANY = "<allowed-methods><method>*</method></allowed-methods>"
# fmt: off
PREFLIGHTS = [  # the element, the question, the origin that is allowed
    pytest.param(cors(), preflight(), PAGE, id="allowed"),
    pytest.param(cors(origins=f"<origin>{PAGE}/</origin>"), preflight(), PAGE, id="a slash in the policy is tolerated"),
    pytest.param(cors(origins="<origin>https://APP.example:443</origin>"), preflight(), PAGE, id="the usual port may be written"),
    pytest.param(cors(origins="<origin>*</origin>"), preflight(), "*", id="anybody"),
    pytest.param(cors(), preflight("https://evil.example"), None, id="another origin"),
    pytest.param(cors(), preflight("https://app.example.evil"), None, id="an origin that begins alike"),
    pytest.param(cors(), preflight("http://app.example"), None, id="the other scheme"),
    pytest.param(cors(), preflight(PAGE + ":8443"), None, id="another port"),
    pytest.param(cors(), preflight(method="POST"), PAGE, id="POST needs no naming"),
    pytest.param(cors(), preflight(headers="x-mine"), PAGE, id="a header, in any case"),
    pytest.param(cors(), preflight(headers="x-mine, x-other"), None, id="a header that is not allowed"),
]
# fmt: on


@pytest.mark.parametrize(("element", "asked", "allowed"), PREFLIGHTS)
def test_preflights(element: str, asked, allowed: str | None):
    response = answered(gateway(element + validate_jwt()), asked).response
    assert (response.status, response.body) == (200, b"")
    assert dict(response.headers).get("Access-Control-Allow-Origin") == allowed


def test_what_a_preflight_is_told():
    methods = '<allowed-methods preflight-result-max-age="300"><method>*</method></allowed-methods>'
    response = answered(
        gateway(cors('allow-credentials="true"', methods=methods)), preflight(headers="X-Mine")
    ).response
    assert response.headers == (
        ("Access-Control-Allow-Origin", PAGE),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Origin"),
        ("Access-Control-Allow-Methods", "GET"),
        ("Access-Control-Allow-Headers", "X-Mine"),
        ("Access-Control-Max-Age", "300"),
    )


def test_a_preflight_for_what_no_operation_serves():
    assert reason(answered(gateway(cors(methods=ANY)), preflight(method="DELETE"))) == "OperationNotFound"


def test_a_preflight_is_asked_in_the_context_of_an_open_product():
    read = read_document(document(cors()), "product")
    open_product = Product(
        id=ProductId("p"), display_name="P", subscription_required=False, api_ids=frozenset({COLORS.id})
    )
    made = assemble([(COLORS, (LIST,))], Documents(of_products={open_product.id: read}), [open_product])
    assert dict(answered(made, preflight()).response.headers)["Access-Control-Allow-Origin"] == PAGE


def test_without_cors_there_is_no_answer_to_a_preflight():
    assert reason(answered(gateway(), preflight())) == "OperationNotFound"


def test_a_page_gets_the_headers_in_place_of_the_backends():
    rest = "<expose-headers><header>X-Seen</header></expose-headers>"
    service = gateway(cors(rest=rest))
    answer = through(
        service, request(Origin=PAGE), Response(status=200, headers=(("access-control-allow-origin", "*"),))
    )
    assert answer.response.headers == (
        ("Access-Control-Allow-Origin", PAGE),
        ("Vary", "Origin"),
        ("Access-Control-Expose-Headers", "X-Seen"),
    )


@pytest.mark.parametrize("inbound", [cors() + validate_jwt(), validate_jwt() + cors()], ids=["before", "behind"])
def test_a_page_can_read_a_refusal(inbound: str):
    answer = answered(gateway(inbound), request(Origin=PAGE))
    assert answer.response.status == 401
    assert ("Access-Control-Allow-Origin", PAGE) in answer.response.headers


def test_a_page_can_read_that_there_is_no_such_operation():
    answer = answered(gateway(cors()), request("DELETE", Origin=PAGE))
    assert answer.response.status == 404
    assert ("Access-Control-Allow-Origin", PAGE) in answer.response.headers


def test_a_foreign_page_is_answered_with_an_empty_200_and_nothing_is_asked():
    answer = answered(gateway(cors()), request(Origin="https://evil.example"))
    assert (answer.response.status, answer.response.body) == (200, b"")
    assert "Access-Control-Allow-Origin" not in dict(answer.response.headers)
    assert "<origin>https://evil.example</origin>" in str(answer.trace[-1].would_pass)


def test_a_foreign_page_may_be_let_on():
    answer = through(gateway(cors('terminate-unmatched-request="false"')), request(Origin="https://evil.example"))
    assert "Access-Control-Allow-Origin" not in dict(answer.response.headers)


def test_who_is_no_page_is_let_on():
    assert forwarded(gateway(cors()), request())
    assert forwarded(gateway(cors()), request("POST", Origin="https://evil.example"))


# fmt: off
FAULTS = [
    pytest.param("<cors/>", "has no <allowed-origins>", id="no origins"),
    pytest.param(cors(origins=""), "<allowed-origins> is empty", id="empty origins"),
    pytest.param(cors(origins="<origin>app.example</origin>"), "<origin> is 'app.example'", id="no scheme"),
    pytest.param(cors(origins="<origin>https://app.example/page</origin>"), "<origin> is", id="a page is no origin"),
    pytest.param(cors(origins="<origin>@(context.Request.Method)</origin>"), "takes no expression", id="an expression"),
    pytest.param(cors('allow-credentials="true"', origins="<origin>*</origin>"), "Every origin would be let in", id="anybody with anybody's credentials"),
    pytest.param(cors() + cors(), "a second time", id="twice"),
    pytest.param(cors('max-age="1"'), "takes no attribute `max-age`", id="an unknown attribute"),
]
# fmt: on


@pytest.mark.parametrize(("element", "said"), FAULTS)
def test_what_is_refused_when_it_is_saved(element: str, said: str):
    assert any(said in one.what for one in faults(element)), faults(element)

"""check-header, ip-filter and the subscription key.  Gateway reference section 6."""

import pytest
from attrs import evolve

from entrada.core.gateway.assemble import Documents, assemble
from entrada.core.gateway.entities.api import SubscriptionKeyParameterNames
from entrada.core.gateway.entities.ids import ProductId, SubscriptionId
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import State, Subscription, key_digest
from entrada.core.gateway.policy_document import read_document
from entrada.core.jose.numeric_date import NumericDate
from tests.gateway.trial import (
    ADD,
    COLORS,
    LIST,
    NOW,
    answered,
    ask,
    document,
    faults,
    forwarded,
    gateway,
    message,
    reason,
    request,
)


def check_header(values: str = "<value>yes</value>", *, ignore: str = "false", name: str = "X-Pass") -> str:
    return (
        f'<check-header name="{name}" failed-check-httpcode="406" failed-check-error-message="No pass." '
        f'ignore-case="{ignore}">{values}</check-header>'
    )


# fmt: off
HEADERS = [  # the element, the headers of the request, what becomes of it
    pytest.param(check_header(), {"X_Pass": "yes"}, "forwarded", id="the value"),
    pytest.param(check_header(), {"x_pass": "yes"}, "forwarded", id="names have no case"),
    pytest.param(check_header(), {}, "HeaderNotFound", id="no header"),
    pytest.param(check_header(), {"X_Pass": "no"}, "HeaderValueNotAllowed", id="another value"),
    pytest.param(check_header(), {"X_Pass": "YES"}, "HeaderValueNotAllowed", id="another case"),
    pytest.param(check_header(ignore="true"), {"X_Pass": "YES"}, "forwarded", id="whatever the case"),
    pytest.param(check_header("<value>a</value><value>b</value>"), {"X_Pass": "b"}, "forwarded", id="any of several"),
    pytest.param(check_header(""), {"X_Pass": "whatever"}, "forwarded", id="presence alone"),
    pytest.param(check_header(""), {}, "HeaderNotFound", id="not present"),
    pytest.param(check_header("<value>@(context.Request.Method)</value>"), {"X_Pass": "GET"}, "forwarded", id="a computed value"),
]
# fmt: on


@pytest.mark.parametrize(("element", "headers", "outcome"), HEADERS)
def test_check_header(element: str, headers: dict[str, str], outcome: str):
    assert reason(ask(gateway(element), request(**headers))) == outcome


def test_the_failure_of_check_header_is_the_authors():
    answer = answered(gateway(check_header()))
    assert (answer.response.status, message(answer)) == (406, "No pass.")
    assert answer.failure
    assert answer.failure.message == "Header X-Pass was not found in the request. Access denied."


def test_two_headers_are_not_one_of_the_values():
    asked = request(X_Pass="yes")
    assert reason(ask(gateway(check_header()), evolve(asked, headers=asked.headers * 2))) == "HeaderValueNotAllowed"


RANGE = '<address-range from="192.0.2.10" to="192.0.2.20"/>'
# fmt: off
ADDRESSES = [  # action, the addresses, who asks, what becomes of it
    pytest.param("allow", "<address>192.0.2.1</address>", "192.0.2.1", "forwarded", id="listed"),
    pytest.param("allow", "<address>192.0.2.1</address>", "192.0.2.2", "CallerIpNotAllowed", id="not listed"),
    pytest.param("forbid", "<address>192.0.2.1</address>", "192.0.2.1", "CallerIpBlocked", id="forbidden"),
    pytest.param("forbid", "<address>192.0.2.1</address>", "192.0.2.2", "forwarded", id="not forbidden"),
    pytest.param("allow", RANGE, "192.0.2.10", "forwarded", id="the first of a range"),
    pytest.param("allow", RANGE, "192.0.2.20", "forwarded", id="the last of a range"),
    pytest.param("allow", RANGE, "192.0.2.21", "CallerIpNotAllowed", id="beyond a range"),
    pytest.param("allow", RANGE, "::ffff:192.0.2.11", "forwarded", id="IPv4 within IPv6"),
    pytest.param("forbid", RANGE, "::ffff:192.0.2.11", "CallerIpBlocked", id="IPv6 is no way around"),
    pytest.param("allow", '<address-range from="2001:db8::1" to="2001:db8::ff"/>', "2001:db8::10", "forwarded", id="IPv6"),
    pytest.param("allow", '<address-range from="::" to="::ffff"/>', "0.0.0.1", "CallerIpNotAllowed", id="never across versions"),
    pytest.param("allow", "<address>192.0.2.1</address>", "unix:", "FailedToParseCallerIP", id="no address"),
    pytest.param("forbid", "<address>192.0.2.1</address>", "", "FailedToParseCallerIP", id="no address is let in nowhere"),
]
# fmt: on


@pytest.mark.parametrize(("action", "addresses", "client", "outcome"), ADDRESSES)
def test_ip_filter(action: str, addresses: str, client: str, outcome: str):
    verdict = ask(gateway(f'<ip-filter action="{action}">{addresses}</ip-filter>'), request(client=client))
    assert reason(verdict) == outcome


def test_ip_filter_answers_403_in_azures_words():
    answer = answered(gateway('<ip-filter action="allow"><address>192.0.2.9</address></ip-filter>'))
    assert answer.response.status == 403
    assert message(answer) == "Caller IP address 192.0.2.1 is not allowed. Access denied."


# fmt: off
FAULTS = [
    pytest.param("<check-header/>", "has no attribute `failed-check-httpcode`", id="all four are needed"),
    pytest.param(check_header(name="not a name"), "`name` is 'not a name'", id="no header's name"),
    pytest.param(check_header("<value/>"), "<value> is empty", id="an empty value"),
    pytest.param("<ip-filter><address>192.0.2.1</address></ip-filter>", "has no attribute `action`", id="no action"),
    pytest.param('<ip-filter action="deny"><address>192.0.2.1</address></ip-filter>', "`action` is 'deny'", id="not Azure's word"),
    pytest.param('<ip-filter action="allow"/>', "lists no address", id="no address"),
    pytest.param('<ip-filter action="allow"><address>192.0.2.0/24</address></ip-filter>', "<address> is '192.0.2.0/24'", id="no prefix length"),
    pytest.param('<ip-filter action="allow"><address-range from="192.0.2.9" to="192.0.2.1"/></ip-filter>', "ends before it begins", id="backwards"),
    pytest.param('<ip-filter action="allow"><address-range from="192.0.2.9"/></ip-filter>', "has no attribute `to`", id="half a range"),
]
# fmt: on


@pytest.mark.parametrize(("element", "said"), FAULTS)
def test_what_is_refused_when_it_is_saved(element: str, said: str):
    assert any(said in one.what for one in faults(element)), faults(element)


# ---- subscription keys ---------------------------------------------------------------------------------------------

KEY, OTHER_KEY = "0123456789abcdef-primary", "0123456789abcdef-secondary"
NEEDED = evolve(COLORS, subscription_required=True)
STARTER = Product(id=ProductId("starter"), display_name="Starter", api_ids=frozenset({COLORS.id}))
OPEN = Product(id=ProductId("open"), display_name="Open", subscription_required=False, api_ids=frozenset({COLORS.id}))
SUBSCRIBED = Subscription(
    id=SubscriptionId("ben"),
    display_name="Ben",
    scope="/products/starter",
    primary_key=KEY,
    secondary_key=OTHER_KEY,
    created_date=NumericDate(NOW - 9),
)
IN_PRODUCT = '<set-header name="X-Product"><value>@(context.Product == null ? "none" : context.Product.Name)</value></set-header>'


def keyed(subscription: Subscription = SUBSCRIBED, *products: Product, api=NEEDED):
    known = {key_digest(one): subscription for one in (subscription.primary_key, subscription.secondary_key)}
    read = read_document(document(IN_PRODUCT), "api")
    assert not read.faults
    listed = products or (STARTER,)
    return assemble([(api, (LIST, ADD))], Documents(of_apis={COLORS.id: read}), listed, known.get)


# fmt: off
KEYS = [  # the subscription, the products, the API, how the key comes, what becomes of it
    pytest.param(SUBSCRIBED, (STARTER,), NEEDED, {"Ocp_Apim_Subscription_Key": KEY}, "", "Starter", id="the primary key"),
    pytest.param(SUBSCRIBED, (STARTER,), NEEDED, {"ocp_apim_subscription_key": OTHER_KEY}, "", "Starter", id="the secondary key"),
    pytest.param(SUBSCRIBED, (STARTER,), NEEDED, {}, f"subscription-key={KEY}", "Starter", id="in the query"),
    pytest.param(SUBSCRIBED, (STARTER,), NEEDED, {"Ocp_Apim_Subscription_Key": "wrong"}, f"subscription-key={KEY}", "SubscriptionKeyInvalid", id="the header wins"),
    pytest.param(SUBSCRIBED, (STARTER,), NEEDED, {}, "", "SubscriptionKeyNotFound", id="no key"),
    pytest.param(SUBSCRIBED, (STARTER,), NEEDED, {"Ocp_Apim_Subscription_Key": "wrong"}, "", "SubscriptionKeyInvalid", id="a wrong key"),
    pytest.param(SUBSCRIBED, (STARTER,), COLORS, {}, "", "none", id="no key is needed"),
    pytest.param(SUBSCRIBED, (STARTER,), COLORS, {"Ocp_Apim_Subscription_Key": "wrong"}, "", "SubscriptionKeyInvalid", id="a wrong key where none is needed"),
    pytest.param(SUBSCRIBED, (STARTER, OPEN), NEEDED, {}, "", "Open", id="an open product"),
    pytest.param(SUBSCRIBED, (STARTER, OPEN), COLORS, {}, "", "Open", id="an open product, and no key is needed"),
    pytest.param(SUBSCRIBED, (STARTER, OPEN), NEEDED, {"Ocp_Apim_Subscription_Key": KEY}, "", "Starter", id="a key decides the product"),
    pytest.param(evolve(SUBSCRIBED, scope="/apis/colors"), (STARTER,), NEEDED, {"Ocp_Apim_Subscription_Key": KEY}, "", "none", id="a key of the API: no product"),
    pytest.param(evolve(SUBSCRIBED, scope="/apis"), (STARTER,), NEEDED, {"Ocp_Apim_Subscription_Key": KEY}, "", "none", id="a key of all APIs: no product"),
    pytest.param(evolve(SUBSCRIBED, scope="/apis/other"), (STARTER,), NEEDED, {"Ocp_Apim_Subscription_Key": KEY}, "", "SubscriptionKeyInvalid", id="a key of another API"),
    pytest.param(SUBSCRIBED, (evolve(STARTER, api_ids=frozenset()),), NEEDED, {"Ocp_Apim_Subscription_Key": KEY}, "", "SubscriptionKeyInvalid", id="a product without this API"),
    *(pytest.param(evolve(SUBSCRIBED, state=state), (STARTER,), NEEDED, {"Ocp_Apim_Subscription_Key": KEY}, "", "SubscriptionKeyInvalid", id=state.value) for state in State if state is not State.ACTIVE),
    pytest.param(evolve(SUBSCRIBED, expiration_date=NOW), (STARTER,), NEEDED, {"Ocp_Apim_Subscription_Key": KEY}, "", "SubscriptionKeyInvalid", id="expires this second"),
    pytest.param(evolve(SUBSCRIBED, expiration_date=NumericDate(NOW + 1)), (STARTER,), NEEDED, {"Ocp_Apim_Subscription_Key": KEY}, "", "Starter", id="expires in a second"),
    pytest.param(evolve(SUBSCRIBED, start_date=NumericDate(NOW + 1)), (STARTER,), NEEDED, {"Ocp_Apim_Subscription_Key": KEY}, "", "SubscriptionKeyInvalid", id="not begun"),
]
# fmt: on


@pytest.mark.parametrize(("subscription", "products", "api", "headers", "query", "outcome"), KEYS)
def test_subscription_keys(subscription, products, api, headers, query, outcome):
    verdict = ask(keyed(subscription, *products, api=api), request(query=query, **headers))
    found = reason(verdict)
    assert (dict(verdict.request.headers)["X-Product"] if found == "forwarded" else found) == outcome


def test_the_key_stays_at_the_gateway():
    service = keyed()
    by_header = forwarded(service, request(Ocp_Apim_Subscription_Key=KEY))
    by_query = forwarded(service, request(query=f"a=1&subscription-key={KEY}"))
    assert KEY not in repr(by_header.request.headers)
    assert by_query.request.url.query == "a=1"


def test_both_names_of_the_key_can_be_changed():
    api = evolve(NEEDED, subscription_key_parameter_names=SubscriptionKeyParameterNames(header="X-Key", query="key"))
    assert reason(ask(keyed(api=api), request(X_Key=KEY))) == "forwarded"
    assert reason(ask(keyed(api=api), request(query=f"key={KEY}"))) == "forwarded"
    assert reason(ask(keyed(api=api), request(Ocp_Apim_Subscription_Key=KEY))) == "SubscriptionKeyNotFound"


def test_a_missing_key_is_answered_as_by_azure():
    answer = answered(keyed())
    assert answer.response.status == 401
    assert message(answer).startswith("Access denied due to missing subscription key. Make sure to include")
    challenge = dict(answer.response.headers)["WWW-Authenticate"]
    assert challenge == 'AzureApiManagementKey realm="entrada",name="Ocp-Apim-Subscription-Key",type="header"'


def test_no_key_in_a_trace():
    for key in (KEY, "wrong-but-perhaps-of-elsewhere"):
        verdict = ask(keyed(), request(Ocp_Apim_Subscription_Key=key))
        assert key not in repr(verdict.trace)


def test_what_a_header_was_is_not_told():
    """A wrong key is one typing error from the right one, or belongs elsewhere."""
    answer = ask(gateway(check_header()), request(X_Pass="almost-the-key"))
    assert reason(answer) == "HeaderValueNotAllowed"
    assert "almost" not in repr((answer.trace, answer.failure, answer.response))
    assert "a value of 14 characters" in repr(answer.trace)

"""The policy editor by hand, in a browser without JavaScript: what is typed is kept, and what is wrong is told."""

import html
import json
import re

import pytest

from entrada.core.gateway.configuration import OF_ALL, PolicyScope
from entrada.core.gateway.entities.ids import ApiId, OperationId
from tests.drivers.live_server import COLORS
from tests.web.portal.by_hand import post
from tests.web.portal.gateway_rooms import HOME, add_api, add_operation, add_product, add_value, configured
from tests.web.portal.portal_driver import ADA, BEN, AtThePortal

POLICIES = f"{HOME}/policies"
READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"  # Global Reader
AN_API = f"{POLICIES}?scope=apis/paints"
GOOD = '<policies>\n  <inbound>\n    <base />\n    <set-header name="X-Mark"><value>{{greeting}}</value></set-header>\n  </inbound>\n  <backend>\n    <base />\n  </backend>\n</policies>'
BAD = '<policies>\n  <inbound>\n    <set-variable name="a" value="@(foo)" />\n    <bar />\n  </inbound>\n</policies>'
UNWISE = "<policies>\n  <inbound>\n    <mock-response />\n  </inbound>\n</policies>"


@pytest.fixture
def ada(in_process):
    ada = AtThePortal(in_process, ADA)
    add_api(ada, serviceUrl="https://backend.example")
    add_operation(ada)
    add_product(ada, apis="paints", published="true")
    add_value(ada)
    return ada


def shown(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def save(ada, text, at=AN_API, **more):
    return ada.browser.submit(ada.open(at), "policy", policy=text, **more)


def saved(there, scope=None):
    return configured(there).policies.get(scope or PolicyScope(api_id=ApiId("paints")))


def test_a_document_is_written_and_read_again(in_process, ada):
    page = ada.open(AN_API)
    assert page.status == 200
    assert "Nothing is written here yet" in page.text
    assert "<base />" in ada.area(page, "policy")
    page = save(ada, GOOD)
    assert "The policies are saved." in shown(page)
    assert saved(in_process) == GOOD
    assert ada.area(page, "policy") == GOOD


def test_faults_are_all_told_and_nothing_typed_is_lost(in_process, ada):
    page = save(ada, BAD)
    assert page.status == 400
    assert "2 faults, listed below. Nothing was saved." in shown(page)
    assert re.search(r'<a href="#line-3"[^>]*>3:37</a> `foo` is not known', page.text)
    assert re.search(r'<a href="#line-4"[^>]*>4:5</a>', page.text)
    assert '<li id="line-4" class="line-fault"><code>    &lt;bar /&gt;</code>' in page.text
    assert ada.area(page, "policy") == BAD
    assert saved(in_process) is None


def test_warnings_are_told_and_stop_nothing(in_process, ada):
    page = save(ada, UNWISE)
    assert saved(in_process) == UNWISE
    assert "with warnings" in shown(page)
    assert "Without <base />" in shown(page)


def test_another_s_change_is_not_overwritten_unseen(in_process, ada):
    page = ada.open(AN_API)
    save(ada, GOOD)
    answer = ada.browser.submit(page, "policy", policy=UNWISE)
    assert answer.status == 412
    assert ada.area(answer, "policy") == UNWISE
    assert saved(in_process) == GOOD
    assert ada.browser.submit(answer, "policy").status == 200
    assert saved(in_process) == UNWISE


def test_every_scope_has_its_own(in_process, ada):
    for path, scope in (
        ("global", OF_ALL),
        ("apis/paints/operations/list", PolicyScope(api_id=ApiId("paints"), operation_id=OperationId("list"))),
    ):
        assert save(ada, GOOD, f"{POLICIES}?scope={path}").status == 200
        assert saved(in_process, scope) == GOOD
    assert "All APIs" in shown(ada.open(AN_API))
    assert "Paints (nothing written)" in shown(ada.open(AN_API))


@pytest.mark.parametrize(
    "scope", ["apis/none", "apis/paints/operations/none", "products/none", "x/y", "apis", "apis/paints/operations"]
)
@pytest.mark.parametrize("below", ["", "/effective", "/try", "/remove"])
def test_what_is_not_there_is_not_found(ada, scope, below):
    assert ada.open(f"{POLICIES}{below}?scope={scope}").status == 404


def test_a_document_is_taken_away(in_process, ada):
    save(ada, GOOD)
    page = ada.browser.submit(ada.open(f"{POLICIES}/remove?scope=apis/paints"), "seen")
    assert "The document is removed" in shown(page)
    assert saved(in_process) is None


def test_who_may_not_change_the_gateway_changes_nothing(in_process, ada):
    ben = AtThePortal(in_process, BEN)
    assert ben.open(AN_API).status == 403
    answer = post(ben, POLICIES, scope="apis/paints", policy=UNWISE)
    assert answer.status == 403
    assert saved(in_process) is None


def test_it_is_checked_as_one_types(ada):
    answer = post(ada, f"{POLICIES}/check", scope="apis/paints", policy=BAD)
    assert answer.status == 200
    assert 'data-line="3"' in answer.text
    assert "<html" not in answer.text
    assert "Nothing is wrong" in post(ada, f"{POLICIES}/check", scope="apis/paints", policy=GOOD).text


def complete(ada, text):
    line = text.count("\n") + 1
    column = len(text.rpartition("\n")[2]) + 1
    answer = post(ada, f"{POLICIES}/complete", scope="apis/paints", policy=text, line=str(line), column=str(column))
    return {one["label"]: one for one in json.loads(answer.text)}


def test_completion_knows_the_installation(in_process, ada):
    start = "<policies><inbound><validate-jwt>"
    assert "set-header" in complete(ada, "<policies><inbound><")
    found = complete(ada, f'{start}<openid-config url="')
    assert any(one.startswith(in_process.platform.here.origin) and COLORS in one for one in found)
    assert "greeting" in complete(ada, '<policies><inbound><set-header name="{{')
    assert "oauth-backend-app" in {one["what"] for one in complete(ada, f"{start}<audiences><audience>").values()}


def test_snippets_are_filled_in(ada):
    page = ada.open(AN_API)
    assert f"/{COLORS}/" in page.text
    assert "validate-jwt for oauth-backend-app" in shown(page)


def test_snippets_are_policies_that_can_be_saved(in_process, ada):
    texts = [
        html.unescape(one) for one in re.findall(r"<code data-copy>(.*?)</code>", ada.open(AN_API).text, re.DOTALL)
    ]
    assert len(texts) > 8
    for text in texts:
        page = save(ada, f"<policies><inbound><base />{text}</inbound></policies>")
        assert page.status == 200, (text, shown(page))


def test_what_holds_is_shown_with_whose_it_is(ada):
    secret = post(ada, f"{HOME}/new/values", displayName="password", secretValue="hunter2hunter2", secret="true")
    assert secret.status in (200, 303)
    save(ada, GOOD.replace("{{greeting}}", "{{greeting}} {{password}}"))
    one = '<policies><inbound><rewrite-uri template="/x" /><base /></inbound><backend><base /></backend></policies>'
    save(ada, one, f"{POLICIES}?scope=apis/paints/operations/list")
    page = ada.open(f"{POLICIES}/effective?scope=apis/paints/operations/list")
    text = html.unescape(page.text)
    assert text.index("<rewrite-uri") < text.index('<set-header name="X-Mark"')
    assert "hunter2" not in page.text
    assert "{{password}}</value>" in text
    assert "<forward-request />" in text
    assert "the gateway, until somebody writes otherwise" in text


def trial(ada, text=None, scope="apis/paints/operations/list", **fields):
    page = ada.open(f"{POLICIES}/try?scope={scope}")
    changed = fields if text is None else {"policy": text, **fields}
    return ada.browser.submit(page, "method", **changed)


def test_a_request_is_tried_on_what_is_not_saved(in_process, ada):
    page = trial(
        ada,
        '<policies><inbound><base /><set-header name="X-Mark"><value>seen</value></set-header></inbound><backend><base /></backend></policies>',
    )
    assert "Let in, and answered with 200" in shown(page)
    assert "X-Mark: seen" in page.text
    assert "https://backend.example" in page.text
    assert "it is not saved" in shown(page)
    assert not configured(in_process).policies


def test_a_refusal_says_what_would_pass(ada):
    check = '<check-header name="X-A" failed-check-httpcode="418" failed-check-error-message="no" ignore-case="true" />'
    page = trial(ada, f"<policies><inbound>{check}</inbound></policies>")
    assert "Refused: 418, HeaderNotFound" in shown(page)
    assert "A request with the header X-A." in shown(page)
    page = trial(ada, f"<policies><inbound>{check}</inbound><backend><base/></backend></policies>", headers="X-A: 1")
    assert "Let in" in shown(page)


def test_what_the_backend_does_is_told_to_it(ada):
    assert "502" in shown(trial(ada, status="502"))
    assert "did not answer in time" in shown(trial(ada, backend="timeout"))


def test_a_token_that_is_pasted_is_shown_nowhere(in_process, ada):
    document = f"{in_process.platform.here.origin}/{COLORS}/v2.0/.well-known/openid-configuration"
    validate = f'<validate-jwt header-name="Authorization"><openid-config url="{document}" /></validate-jwt>'
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJiZW4ifQ.c2lnbmF0dXJl"
    page = trial(ada, f"<policies><inbound>{validate}</inbound></policies>", secretToken=token)
    assert "Refused: 401" in shown(page)
    assert token not in page.text
    assert token.split(".")[1] not in page.text
    page = trial(
        ada,
        "<policies><inbound><base/></inbound><backend><base/></backend></policies>",
        secretToken=token,
    )
    assert "Authorization: ***" in shown(page)
    assert token not in page.text


def test_documents_of_others_are_said_not_to_be_known(ada):
    url = "https://login.microsoftonline.com/contoso/v2.0/.well-known/openid-configuration"
    validate = f'<validate-jwt header-name="Authorization"><openid-config url="{url}" /></validate-jwt>'
    assert "Documents of other issuers are not fetched" in shown(
        trial(ada, f"<policies><inbound>{validate}</inbound></policies>")
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("method", "G T"), ("path", "paints"), ("client", "here"), ("status", "9"), ("status", "2x"), ("size", "-1"), ("headers", "nothing"),
     ("backendHeaders", "a b: c"), ("headers", "X: \x01")],
)  # fmt: skip
def test_a_form_filled_in_wrong_is_told_where(ada, field, value):
    page = trial(ada, **{field: value})
    assert page.status == 400
    assert f'id="f-{field}-error"' in page.text


def test_a_document_with_faults_is_not_tried(ada):
    page = trial(ada, BAD, "apis/paints")
    assert page.status == 400
    assert "have a fault at" in shown(page)


def test_a_subscriber_of_a_product_may_be_played(ada):
    add_api(ada, "Keyed", "keyed", serviceUrl="https://backend.example", subscriptionRequired="true")
    add_operation(ada, "keyed", "One", "/x")
    add_product(ada, "Keys", apis="keyed")
    assert "Refused: 401, SubscriptionKeyNotFound" in shown(trial(ada, None, "global", path="/keyed/x"))
    refused = trial(ada, None, "apis/keyed", path="/keyed/x", secretKey="0123456789abcdef0123")
    assert "SubscriptionKeyInvalid" in shown(refused)
    assert "0123456789abcdef0123" not in refused.text
    played = shown(trial(ada, None, "apis/keyed/operations/one", product="keys"))
    assert "let in, in the context of the product keys" in played


def test_what_is_tried_is_counted_nowhere(in_process, ada):
    add_operation(ada, "paints", "Two", "/two")
    limit = '<rate-limit-by-key calls="1" renewal-period="60" counter-key="x" />'
    text = f"<policies><inbound><base />{limit}</inbound><backend><base /></backend></policies>"
    for _ in range(2):
        assert "Let in" in shown(trial(ada, text))


def test_what_was_pasted_is_not_shown_again_when_a_session_is_over(ada):
    ada.browser.client.cookies.clear()
    sent = {
        "csrf": "x",
        "scope": "global",
        "method": "GET",
        "secretToken": "eyJ0.eyJ1.x",
        "secretKey": "0123456789abcdef",
    }
    page = ada.browser.client.post(f"{POLICIES}/try", data=sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert page.status_code == 401
    assert "eyJ0" not in page.text
    assert "0123456789abcdef" not in page.text
    assert "method" in page.text


def test_a_document_that_is_not_saved_is_tried_by_who_may_change_the_gateway(in_process, ada):
    """Who only reads would read every secret named value by a document that answers with it."""
    post(ada, f"{HOME}/new/values", displayName="password", secretValue="hunter2hunter2", secret="true")
    save(ada, GOOD)
    post(ada, f"/portal/roles/{READER}", do="add", id="c0105000-0000-4000-8000-0000000000b1")
    ben = AtThePortal(in_process, BEN)
    tells = (
        "<policies><inbound><return-response><set-body>{{password}}</set-body></return-response></inbound></policies>"
    )
    page = trial(ben, tells, "apis/paints")
    assert page.status == 403
    assert "hunter2" not in page.text
    answer = post(ben, f"{POLICIES}/try", scope="apis/paints", policy=tells)
    assert answer.status == 403
    page = trial(ben, None, "apis/paints", path="/paints/")
    assert page.status == 200
    assert "Let in, and answered with 200" in shown(page)
    assert "X-Mark: hello" in page.text


@pytest.mark.parametrize(
    "policies",
    [
        "<return-response><set-status code='200' reason='{{password}}'/><set-header name='X-A'><value>{{password}}</value></set-header><set-body>{{password}}</set-body></return-response>",
        '<return-response><set-body>@("{{password}}".ToUpper())</set-body></return-response>',
        "<set-backend-service base-url='https://{{password}}.example/{{password}}'/>",
        "<set-query-parameter name='a'><value>{{password}}</value></set-query-parameter>",
        "<set-header name='X-A'><value>@(\"{{password}}\".ToUpper())</value></set-header>",
    ],
)  # fmt: skip
def test_a_trial_shows_no_secret_named_value(ada, policies):
    post(ada, f"{HOME}/new/values", displayName="password", secretValue="hunter2hunter2", secret="true")
    page = trial(ada, f"<policies><inbound>{policies}</inbound><backend><base/></backend></policies>", path="/paints/")
    assert page.status == 200
    assert 'id="outcome"' in page.text
    outcome = page.text.partition('id="outcome"')[2].partition('class="trial"')[0]
    assert "hunter2" not in outcome.lower()
    assert "***" in outcome


def test_what_is_pasted_is_not_shown_in_the_url_or_the_body(ada):
    token = "an-opaque-token"
    echo = '<set-query-parameter name=\'t\'><value>@(context.Request.Headers.GetValueOrDefault("Authorization", ""))</value></set-query-parameter>'
    page = trial(
        ada,
        f"<policies><inbound>{echo}</inbound><backend><base/></backend></policies>",
        secretToken=token,
        path="/paints/",
    )
    assert "What the backend would be asked" in page.text
    assert token not in page.text

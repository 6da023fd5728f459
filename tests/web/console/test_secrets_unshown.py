"""What the console tells a member of the policies: nothing of secret named values, nor of what is made of them."""

import pytest

from entrada.core.gateway.entities.ids import NamedValueId
from entrada.core.gateway.entities.named_value import NamedValue
from tests.web.console.colors_gateway import GATEWAY, of_api, put
from tests.web.console.developer import AtTheConsole
from tests.web.console.streets import answering

PAGE = "/developer/apis/colors/operations/list"
KEY = NamedValue(id=NamedValueId("key"), display_name="key", value="S3cr3t-Words", secret=True)
POLICIES = "<policies><inbound><base/>{}</inbound><backend><base/></backend><outbound><base/></outbound></policies>"


@pytest.mark.parametrize(
    ("policies", "status"),
    [
        ("<set-backend-service base-url='http://127.0.0.1:5001/{{key}}'/>", 200),
        ("<rewrite-uri template='@(\"/\" + \"{{key}}\".ToLower())'/>", 200),
        ("<set-header name='X-A'><value>@(\"{{key}}\".ToUpper())</value></set-header>", 200),
        ("<check-header name='X-A' failed-check-httpcode='418' failed-check-error-message='no' ignore-case='false'><value>{{key}}</value></check-header>", 418),
    ],
)  # fmt: skip
def test_a_member_is_shown_no_secret_named_value(console, streets, policies, status):
    put(console.platform.here, [KEY, of_api(POLICIES.format(policies))])
    streets.houses[GATEWAY] = answering(status)
    ben = AtTheConsole(console)
    page = ben.press(ben.open(PAGE), "/try", do="send", auth="")
    assert "What the gateway decided" in page.text
    assert "s3cr3t" not in page.text.lower()
    assert ("***" in page.text) is (status == 200)

"""What the compiler leaves to Python for its size, and that it finds out without looking through all of it."""

import pytest

from entrada.core.gateway.configuration import Configuration, PolicyScope, published
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.envoy.compile import compile_gateway
from entrada.core.gateway.envoy.snapshot import Snapshot
from entrada.core.gateway.envoy.surroundings import Surroundings

SURROUNDINGS = Surroundings(
    addresses=("127.0.0.1",), port=1, fallback_socket="/socket", backend_bundle="/bundle", routes_file="/routes/file"
)
PLACE = (ApiId("a"), OperationId("o"))
TOO_MANY = "its policies make too many cases of requests"


def compiled(inbound: str, template: str = "/x") -> Snapshot:
    api = Api(id=PLACE[0], display_name="a", path="a", service_url="http://127.0.0.1:1", subscription_required=False)
    operation = Operation(id=PLACE[1], display_name="o", method="GET", url_template=template)
    configuration = Configuration(
        apis={api.id: api},
        operations={api.id: (operation,)},
        policies={PolicyScope(api_id=api.id): f"<policies><inbound><base />{inbound}</inbound></policies>"},
    )
    return compile_gateway(published(configuration), {}, SURROUNDINGS)


def copying(count: int) -> str:
    """Each doubles the ways."""
    return "".join(
        f'<set-header name="x-out-{i}" exists-action="override"><value>'
        f'@(context.Request.Headers.GetValueOrDefault("X-In-{i}","none"))</value></set-header>'
        for i in range(count)
    )


def choosing(count: int) -> str:
    branches = "".join(
        f"""<when condition='@(context.Request.Headers.GetValueOrDefault("X-{i}","") == "y")'></when>"""
        for i in range(count)
    )
    return f"<choose>{branches}</choose>"


def asking(count: int) -> str:
    either = '(context.Request.Headers.ContainsKey("a") || context.Request.Headers.ContainsKey("b"))'
    return f"<choose><when condition='@({' && '.join([either] * count)})'></when></choose>"


COUNTED = '<rate-limit calls="1" renewal-period="60" />'


def test_as_many_ways_as_envoy_gets():
    snapshot = compiled(copying(6))
    assert not snapshot.handed_over and not snapshot.partly


# fmt: off
@pytest.mark.parametrize("inbound", [
    pytest.param(copying(7),             id="one choice more"),
    pytest.param(copying(40),            id="a million millions"),
    pytest.param(copying(40) + COUNTED,  id="none of them to an end"),
    pytest.param(choosing(40),           id="branches"),
    pytest.param(asking(40),             id="one condition"),
])
# fmt: on
@pytest.mark.timeout(20)
def test_too_many_ways_are_left_to_python(inbound):
    assert compiled(inbound).handed_over == {PLACE: TOO_MANY}

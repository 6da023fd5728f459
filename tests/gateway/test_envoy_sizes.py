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
    assert not snapshot.handed_over
    assert not snapshot.partly


# fmt: off
CASES = [
    pytest.param(copying(7),             id="one choice more"),
    pytest.param(copying(40),            id="a million millions"),
    pytest.param(copying(40) + COUNTED,  id="none of them to an end"),
    pytest.param(choosing(40),           id="branches"),
    pytest.param(asking(40),             id="one condition"),
]
# fmt: on


@pytest.mark.timeout(20)
@pytest.mark.parametrize("inbound", CASES)
def test_too_many_ways_are_left_to_python(inbound):
    assert compiled(inbound).handed_over == {PLACE: TOO_MANY}


def rewriting(count: int, into: str) -> Snapshot:
    template = "".join(f"/{{p{i}}}" for i in range(count))
    return compiled(f'<rewrite-uri template="{into}" />', template)


# fmt: off
REWRITTEN = [
    pytest.param(9,  "/{p8}",  True,  id="the ninth"),
    pytest.param(10, "/{p9}",  False, id="the tenth, which no substitution can name"),
    pytest.param(10, "/fixed", True,  id="ten, and none of them used"),
    pytest.param(1,  "/{p0}0", False, id="a digit behind a parameter"),
]
# fmt: on


@pytest.mark.parametrize(("count", "into", "is_native"), REWRITTEN)
def test_parameters_that_a_substitution_can_name(count, into, is_native):
    assert (PLACE not in rewriting(count, into).handed_over) == is_native


def setting(length: int, lines: int = 1) -> str:
    values = f"<value>{'x' * length}</value>" * lines
    return f'<set-header name="x-long" exists-action="override">{values}</set-header>'


def answering(length: int) -> str:
    return f"<return-response>{setting(length)}</return-response>"


# fmt: off
LONG = [
    pytest.param(setting(16_000),          True,  id="a line"),
    pytest.param(setting(16_385),          False, id="a line beyond what Envoy takes"),
    pytest.param(setting(9_000, lines=2),  False, id="two that are joined"),
    pytest.param(answering(16_385),        False, id="of an answer"),
]
# fmt: on


@pytest.mark.parametrize(("inbound", "is_native"), LONG)
def test_lines_for_which_envoy_would_refuse_all_routes(inbound, is_native):
    assert (PLACE not in compiled(inbound).handed_over) == is_native

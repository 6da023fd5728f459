"""rate-limit and rate-limit-by-key, as sequences of requests.  Gateway reference section 7."""

from collections.abc import Mapping

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.gateway.counters import LONGEST, Window
from entrada.core.gateway.decide import abandon, conclude, decide
from entrada.core.gateway.entities.ids import SubscriptionId
from entrada.core.gateway.exchange import Request, Response
from entrada.core.gateway.service import Service
from entrada.core.gateway.verdict import Answer, Forward
from entrada.core.jose.numeric_date import NumericDate, Seconds
from tests.gateway.test_access_policies import KEY, STARTER, SUBSCRIBED
from tests.gateway.trial import ADD, COLORS, FACTS, LIST, NOW, document, faults, gateway, message, request


class Caller:
    """Keeps the counters between requests, as the proxy does."""

    def __init__(self, service: Service) -> None:
        self.service, self.counters = service, dict[str, Window]()
        self.last: Answer | None = None

    def call(self, at: int = 0, asked: Request | None = None, status: int = 200) -> int:
        facts = evolve(FACTS, now=NumericDate(NOW + at), counters=self.counters)
        verdict = decide(self.service, asked or request(), facts)
        self._remember(verdict.counted)
        if isinstance(verdict, Forward):
            verdict = conclude(verdict, Response(status=status), evolve(facts, counters=self.counters))
            self._remember(verdict.counted)
        self.last = verdict
        return verdict.response.status

    def hang_up(self) -> str:
        facts = evolve(FACTS, counters=self.counters)
        verdict = decide(self.service, request(), facts)
        assert isinstance(verdict, Forward)
        self._remember(verdict.counted)
        self._remember(abandon(verdict, evolve(facts, counters=self.counters)))
        return "forwarded"

    def _remember(self, counted: Mapping[str, Window]) -> None:
        self.counters |= counted

    def header(self, name: str) -> str | None:
        assert self.last
        return dict(self.last.response.headers).get(name)


def by_key(attributes: str = 'calls="2" renewal-period="10"', key: str = "@(context.Request.IpAddress)") -> str:
    return f'<rate-limit-by-key counter-key="{key}" {attributes}/>'


def test_the_window_slides():
    caller = Caller(gateway(by_key()))
    assert [caller.call(at) for at in (0, 6, 7)] == [200, 200, 429]
    assert [caller.call(at) for at in (9, 10, 11, 15, 16, 17)] == [429, 200, 429, 429, 200, 429]


def test_what_is_refused_says_how_long_to_wait_and_keeps_to_it():
    caller = Caller(gateway(by_key()))
    assert [caller.call(at) for at in (0, 3, 4)] == [200, 200, 429]
    assert caller.header("Retry-After") == "6"
    assert caller.last
    assert message(caller.last) == "Rate limit is exceeded. Try again in 6 seconds."
    assert caller.last.failure
    assert caller.last.failure.message == "Rate limit is exceeded"
    assert [caller.call(9), caller.call(10)] == [429, 200]


def test_each_key_has_a_counter():
    caller = Caller(gateway(by_key('calls="1" renewal-period="60"')))
    one, other = request(client="192.0.2.1"), request(client="192.0.2.2")
    assert [caller.call(0, asked) for asked in (one, other, one, other)] == [200, 200, 429, 429]


def test_a_key_is_counted_once_for_a_request():
    twice = by_key('calls="2" renewal-period="60"', "all") + by_key('calls="3" renewal-period="60"', "all")
    caller = Caller(gateway(twice))
    assert [caller.call() for _ in range(3)] == [200, 200, 429]


def test_the_headers_that_tell_of_it():
    names = 'retry-after-header-name="X-Wait" remaining-calls-header-name="X-Left" total-calls-header-name="X-All"'
    caller = Caller(gateway(by_key(f'calls="2" renewal-period="60" {names}')))
    caller.call()
    assert (caller.header("X-Left"), caller.header("X-All")) == ("1", "2")
    caller.call()
    assert caller.header("X-Left") == "0"
    caller.call()
    assert (caller.header("X-Wait"), caller.header("Retry-After")) == ("60", None)


def test_the_variables_that_tell_of_it():
    names = 'remaining-calls-variable-name="left"'
    policy = by_key(f'calls="5" renewal-period="60" {names}')
    shown = '<set-header name="X-Left"><value>@(((int)context.Variables["left"]).ToString())</value></set-header>'
    caller = Caller(gateway(policy, outbound=shown))
    caller.call()
    assert caller.header("X-Left") == "4"


def test_a_condition_may_look_at_the_response():
    condition = 'increment-condition="@(context.Response.StatusCode == 200)"'
    caller = Caller(gateway(by_key(f'calls="2" renewal-period="60" {condition}')))
    assert [caller.call(status=status) for status in (500, 500, 200, 404, 200, 200)] == [500, 500, 200, 404, 200, 429]


@pytest.mark.parametrize(
    "condition", [f"@(context.Response{asked} == 200)" for asked in (".StatusCode", "?.StatusCode", ".StatusCode + 1")]
)
def test_hanging_up_makes_no_call_free(condition: str):
    service = gateway(by_key(f'calls="5" renewal-period="60" increment-count="3" increment-condition="{condition}"'))
    caller = Caller(service)
    assert [caller.hang_up(), caller.hang_up(), caller.call()] == ["forwarded", "forwarded", 429]


def test_who_hangs_up_is_counted_once():
    caller = Caller(gateway(by_key('calls="2" renewal-period="60"')))
    assert [caller.hang_up(), caller.call(), caller.call()] == ["forwarded", 200, 429]


def test_a_call_may_count_for_several():
    caller = Caller(gateway(by_key('calls="5" renewal-period="60" increment-count="2"')))
    assert [caller.call() for _ in range(3)] == [200, 200, 429]


def test_what_is_counted_after_the_response_is_counted():
    caller = Caller(gateway(by_key('calls="1" renewal-period="60" increment-after-response="true"')))
    assert [caller.call(), caller.call()] == [200, 429]


def test_refused_calls_do_not_count():
    caller = Caller(gateway(by_key('calls="1" renewal-period="10"')))
    assert [caller.call(at) for at in (0, 2, 4, 6, 8, 10)] == [200, 429, 429, 429, 429, 200]


# ---- by subscription -----------------------------------------------------------------------------------------------


def starter(limit: str, scope: str = "api") -> Caller:
    from entrada.core.gateway.assemble import Documents, assemble
    from entrada.core.gateway.entities.subscription import key_digest
    from entrada.core.gateway.policy_document import read_document

    read = read_document(document(limit), scope)
    assert not read.faults, read.faults
    documents = (
        Documents(of_products={STARTER.id: read}) if scope == "product" else Documents(of_apis={COLORS.id: read})
    )
    other = evolve(SUBSCRIBED, id=SubscriptionId("other"))
    known = {key_digest(KEY): SUBSCRIBED, key_digest("other"): other}
    return Caller(assemble([(COLORS, (LIST, ADD))], documents, [STARTER], known.get))


WITH_KEY = request(Ocp_Apim_Subscription_Key=KEY)
WITH_OTHER = request(Ocp_Apim_Subscription_Key="other")


@pytest.mark.parametrize("scope", ["api", "product"])
def test_the_labs_starter_product(scope: str):
    caller = starter('<rate-limit calls="5" renewal-period="60"/>', scope)
    assert [caller.call(at, WITH_KEY) for at in range(6)] == [200] * 5 + [429]
    assert caller.call(6, WITH_OTHER) == 200
    assert caller.call(60, WITH_KEY) == 200


def test_it_counts_only_where_a_key_is_used():
    caller = starter('<rate-limit calls="1" renewal-period="60"/>')
    assert [caller.call() for _ in range(3)] == [200, 200, 200]


def test_an_operation_may_have_a_limit_of_its_own():
    inner = '<api id="colors" calls="9" renewal-period="60"><operation id="add" calls="1" renewal-period="60"/></api>'
    caller = starter(f'<rate-limit calls="9" renewal-period="60">{inner}</rate-limit>', "product")
    add = evolve(WITH_KEY, method="POST")
    assert [caller.call(0, asked) for asked in (add, add, WITH_KEY)] == [200, 429, 200]


def test_the_id_wins_over_the_name():
    inner = '<api id="other" name="Colors" calls="1" renewal-period="60"/>'
    caller = starter(f'<rate-limit calls="9" renewal-period="60">{inner}</rate-limit>', "product")
    assert [caller.call(0, WITH_KEY) for _ in range(2)] == [200, 200]


# fmt: off
FAULTS = [
    pytest.param('<rate-limit calls="5"/>', "has no attribute `renewal-period`", id="no period"),
    pytest.param('<rate-limit calls="5" renewal-period="301"/>', "`renewal-period` is '301'", id="longer than five minutes"),
    pytest.param('<rate-limit calls="0" renewal-period="60"/>', "`calls` is '0'", id="no calls at all"),
    pytest.param('<rate-limit calls="@(5)" renewal-period="60"/>', "`calls` of <rate-limit> takes no expression", id="an expression"),
    pytest.param('<rate-limit calls="1" renewal-period="6"/><rate-limit calls="1" renewal-period="6"/>', "a second time", id="twice"),
    pytest.param('<rate-limit-by-key calls="1" renewal-period="6"/>', "has no attribute `counter-key`", id="no key"),
    pytest.param('<rate-limit-by-key counter-key="a" calls="1" renewal-period="6" remaining-calls-header-name="a b"/>', "no name of a header", id="no header's name"),
    pytest.param("""<rate-limit-by-key counter-key="a" calls="1" renewal-period="6" increment-condition='@("yes")'/>""", "not a bool", id="no condition"),
]
# fmt: on


@pytest.mark.parametrize(("element", "said"), FAULTS)
def test_what_is_refused_when_it_is_saved(element: str, said: str):
    assert any(said in one.what for one in faults(element)), faults(element)


def test_rate_limit_is_not_for_all_apis():
    found = faults('<rate-limit calls="5" renewal-period="60"/>', scope="global")
    assert "cannot stand in the policy of this scope" in found[0].what


# ---- the window itself ---------------------------------------------------------------------------------------------


@given(
    st.lists(st.integers(0, 400), max_size=30).map(sorted),
    st.integers(1, LONGEST),
    st.integers(1, 5),
)
def test_never_more_than_so_many_in_any_period(times: list[int], period: int, calls: int):
    window, let_in = Window(), list[int]()
    for at in times:
        now = NumericDate(at)
        if window.used(Seconds(period), now) < calls:
            window = window.counted(1, now)
            let_in.append(at)
            continue
        wait = window.wait(calls - 1, Seconds(period), now)
        assert 0 < wait <= period
        assert window.used(Seconds(period), NumericDate(at + wait)) < calls
        assert window.used(Seconds(period), NumericDate(at + wait - 1)) >= calls
    for first in let_in:
        assert sum(first <= one < first + period for one in let_in) <= calls


def test_a_window_forgets():
    window = Window().counted(1, NumericDate(0)).counted(1, NumericDate(LONGEST + 1))
    assert len(window.calls) == 1


def test_a_clock_that_is_set_back_counts_on():
    window = Window().counted(1, NumericDate(100)).counted(1, NumericDate(90))
    assert window.used(Seconds(60), NumericDate(90)) == 2

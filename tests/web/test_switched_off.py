"""Whatever is switched off between any two steps of any flow stops it: no code and no token comes after.

Generated: flows x steps x what is switched off.  Design section 14, invariant 6.
"""

from collections.abc import Iterator

import pytest

from tests.web import flows
from tests.web.flows import FLOWS, Deed, Flow
from tests.web.seats import DAEMON

ANY_TIME: tuple[Deed, ...] = (flows.application_disabled, flows.principal_disabled, flows.tenant_disabled)
OF_USERS: tuple[Deed, ...] = (flows.user_disabled, flows.user_deleted)
ONCE_SIGNED_IN: tuple[Deed, ...] = (flows.sessions_revoked, flows.session_ended)
ONCE_CONSENTED: tuple[Deed, ...] = (flows.consent_revoked, flows.resource_principal_disabled)

# What goes on all the same: a token lives until it expires, and Graph asks it for scopes, not the directory for consents.
GOES_ON = {
    ("calls Graph", flows.consent_revoked),
    ("calls Graph", flows.resource_principal_disabled),
    ("calls Graph", flows.second_factor_required),
}


def rows() -> Iterator[object]:
    for flow in FLOWS:
        for position in range(1, len(flow.steps)):
            for deed in deeds(flow, position):
                name = flow.steps[position].name
                if (name, deed) not in GOES_ON:
                    yield pytest.param(flow, position, deed, id=f"{flow.name}: before '{name}', {deed.__name__}")


def deeds(flow: Flow, position: int) -> Iterator[Deed]:
    yield from ANY_TIME
    if flow.client != DAEMON:
        yield from OF_USERS
        if flow.prepare is not flows.second_factor_wanted:
            yield flows.second_factor_required
    if flow.session_from is not None and position >= flow.index(flow.session_from):
        yield from ONCE_SIGNED_IN
    if flow.consent_from is not None and position >= flow.index(flow.consent_from):
        yield from ONCE_CONSENTED


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_it_goes_through_when_nothing_happens(in_process, flow):
    walk = flow.walk(in_process)
    for step in flow.steps:
        assert step.take(walk), (step.name, walk.page and walk.page.text[:2000], walk.got)


@pytest.mark.parametrize(("flow", "position", "deed"), list(rows()))
def test_nothing_is_issued_afterwards(in_process, flow, position, deed):
    walk = flow.walk(in_process)
    for step in flow.steps[:position]:
        assert step.take(walk)
    deed(in_process, flow)
    for step in flow.steps[position:]:
        if not step.take(walk):
            return
        assert not step.issues, f"{step.name} went through"
    raise AssertionError("the flow went through")

"""A device and two browsers that race for it: decided once, redeemed once, and only while everything still stands.

The browsers run the real use cases, the device the core's decisions; whoever commits waits to be let through.
"""

import hypothesis.strategies as st
import pytest
from attrs import evolve, frozen
from hypothesis.stateful import Bundle, consumes, initialize, invariant, multiple, rule

from entrada.core.directory.ids import FamilyId, SessionId, TenantId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import device_flow
from entrada.core.protocol.artefacts.device_code import DeviceCode
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.device_flow import DeviceFlow, DeviceFlowKey, make_user_code
from entrada.core.protocol.effects import EndSession, OpenSession, RevokeSessionFamilies, StartDeviceFlow
from entrada.core.protocol.grants.authorization_code import Seen
from entrada.core.protocol.grants.decision import Issue
from entrada.core.protocol.grants.device_code import Approved, approval_of, decide, refuse_code
from entrada.core.protocol.sign_in.account import Account
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.decide_device_flow import approve, decline, find_by_user_code
from entrada.server.usecases.redeem_code import look
from tests.machines.stage import Machine, Stage, UnderWay
from tests.protocol.known import BEN, CLIENT, DAY, NOW, SESSION, STANDING, TENANT
from tests.protocol.test_authorization_code import GRANTED
from tests.protocol.test_device_code import REQUEST
from tests.store.known import SIGN_IN

MINUTE = 60
Request = UnderWay[Refusal | None]


@frozen
class Page:
    """Somebody has typed the code, and is asked."""

    account: Account
    flow: DeviceFlow


@frozen
class Decided:
    approved: bool
    by: SessionId


class DeviceFlows(Machine):
    decisions = Bundle("decisions")
    polls = Bundle("polls")

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.decided: Decided | None = None
        self.tokens = 0
        self.replayed = False
        self.ended: set[SessionId] = set()
        self.without_families: set[SessionId] = set()

    @initialize(approved=st.booleans())
    def start(self, approved: bool) -> None:
        self.tenant = TenantId(self.stage.guid())
        self.request = evolve(REQUEST, authority=Authority(self.tenant, evolve(TENANT, id=self.tenant)))
        self.flow = self.a_flow(self.stage.number())
        self.code = DeviceCode(key=self.flow.key, client_id=CLIENT.app_id, ends_at=self.flow.ends_at)
        assert self.run(self.store.commit([StartDeviceFlow(self.flow)]))
        self.accounts = [self.sign_in(), self.sign_in()]
        self.pages: list[Page] = []
        for who in (0, 1):
            self.type_the_code(who=who)
        if approved:
            self.answer_the_page(which=0, approves=True, at_once=True)

    def a_flow(self, number: int) -> DeviceFlow:
        return DeviceFlow(
            key=DeviceFlowKey(tenant_id=self.tenant, id=FamilyId(self.stage.guid())),
            user_code=make_user_code(number.to_bytes(device_flow.DICE, "big")),
            client_id=CLIENT.app_id,
            scope="openid offline_access User.Read",
            asked_at=NOW,
            ends_at=NumericDate(NOW + device_flow.LIFETIME),
        )

    def sign_in(self) -> Account:
        session = evolve(
            SESSION, tenant_id=self.tenant, id=SessionId(self.stage.guid()), ends_at=NumericDate(NOW + 300 * DAY)
        )
        assert self.run(self.store.commit([OpenSession(session, evolve(SIGN_IN, tenant_id=self.tenant))]))
        return Account(session, evolve(BEN, tenant_id=self.tenant))

    # ---- the device asks again ----

    @rule(same_code=st.booleans())
    def start_what_is_taken(self, same_code):
        other = self.a_flow(self.stage.number())
        taken = {"user_code": self.flow.user_code} if same_code else {"key": self.flow.key}
        assert not self.run(self.store.commit([StartDeviceFlow(evolve(other, **taken))]))

    # ---- the browsers ----

    @rule(who=st.sampled_from([0, 1]))
    def type_the_code(self, who):
        browser = Browser(secret=str(self.stage.number()))
        typed = self.flow.user_code.lower()
        found = self.run(find_by_user_code(self.here, typed, browser, None))
        waits = self.decided is None and self.now < self.flow.ends_at
        assert isinstance(found, Refusal) is not waits
        if not isinstance(found, Refusal):
            self.pages.append(Page(self.accounts[who], found))

    @rule(
        target=decisions, which=st.integers(0, 3), approves=st.sampled_from([True, True, False]), at_once=st.booleans()
    )
    def answer_the_page(self, which, approves, at_once):
        page = self.pages[which % len(self.pages)]
        work = approve(self.here, page.flow, page.account) if approves else decline(self.here, page.flow)
        begun = self.begin(work), Decided(approves, page.account.session.id)
        return self.let_the_answer_through(begun) if at_once else begun

    @rule(target=decisions, answer=consumes(decisions))
    def let_the_answer_through(self, answer):
        request, decided = answer
        free = self.decided is None and request.began_at < self.flow.ends_at
        assert self.let_through(request)
        assert (request.task.result() is None) is free
        if free:
            self.decided = decided
        return multiple()

    # ---- the device ----

    @rule(target=polls, at_once=st.booleans())
    def poll(self, at_once):
        refusal = refuse_code(self.request, self.code, self.now)
        assert (refusal is not None) is (self.now >= self.flow.ends_at)
        if refusal is not None:
            return multiple()
        found = approval_of(self.request, self.run(self.store.find_device_flow(self.flow.key)))
        if isinstance(found, Refusal):
            assert found.reason is self.why_not()
            return multiple()
        assert self.decided is not None
        assert (self.decided.approved, self.decided.by) == (True, found.approval.session_id)
        begun = self.begin(self.redeem(found))
        return self.let_the_device_through(begun) if at_once else begun

    def why_not(self) -> object:
        return why.AUTHORIZATION_PENDING if self.decided is None else why.AUTHORIZATION_DECLINED

    async def redeem(self, approved: Approved) -> Refusal | Issue:
        """As the use case does, save what it gathers and signs."""
        now, session = self.now, approved.approval.session_id
        decision = decide(self.request, approved, STANDING, GRANTED, Seen(), now)
        while not await self.here.store.commit(decision.effects):
            seen = await look(self.here, approved.origin.key, session, now)
            decision = decide(self.request, approved, STANDING, GRANTED, seen, now)
        return decision.answer

    @rule(target=polls, request=consumes(polls))
    def let_the_device_through(self, request):
        first, live = self.tokens == 0, self.approver not in self.ended
        if not self.let_through(request):
            # So it did not hold: redeemed before, or the approver has signed out; now it looks again.
            assert not first or not live
            return request
        answer = request.task.result()
        if isinstance(answer, Issue):
            assert first
            assert live
            self.tokens += 1
        else:
            assert answer.reason is (why.SESSION_ENDED if first else why.DEVICE_CODE_REDEEMED)
            self.replayed = self.replayed or not first
        return multiple()

    @property
    def approver(self) -> SessionId:
        assert self.decided is not None
        return self.decided.by

    # ---- and what happens meanwhile ----

    @rule(who=st.sampled_from([0, 1]), families=st.booleans(), session=st.booleans())
    def sign_out(self, who, families, session):
        its = (self.tenant, self.accounts[who].session.id, self.now)
        ended = [EndSession(*its)] if session else []
        revoked = [RevokeSessionFamilies(*its)] if families else []
        assert self.run(self.store.commit([*ended, *revoked]))
        self.ended |= {its[1]} if session else set()
        if families and (session or self.tokens):
            self.without_families.add(its[1])

    @rule(seconds=st.sampled_from([1, MINUTE, 5 * MINUTE]))
    def wait(self, seconds):
        self.clock.advance(seconds)

    # ---- what must hold ----

    @invariant()
    def it_holds(self) -> None:
        flow = self.run(self.store.find_device_flow(self.flow.key))
        assert flow is not None
        assert (flow.decided_at is not None) is (self.decided is not None)
        approved = self.decided is not None and self.decided.approved
        assert (flow.approval is not None) is approved
        if flow.approval is not None:
            self.one_family_of(Approved(flow=flow, approval=flow.approval))

    def one_family_of(self, approved: Approved) -> None:
        assert approved.approval.session_id == self.approver
        family = self.run(self.store.find_family(approved.origin.key))
        assert (family is not None) is (self.tokens == 1)
        if family is not None:
            assert family.session_id == self.approver
            assert (family.revoked_at is not None) is (self.replayed or self.approver in self.without_families)


@pytest.mark.hypothesis
def test_device_flows(stage):
    stage.play(DeviceFlows)

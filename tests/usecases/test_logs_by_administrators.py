"""The sign-in log, the story behind a trace id and the audit log: what they say, and to whom."""

import asyncio
import re

import pytest
from attrs import evolve

from entrada.core.directory.administration.actor import AS_THE_USER, Actor, Via
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.directory_role import GLOBAL_READER, SECURITY_READER, USER_ADMINISTRATOR
from entrada.core.directory.graph.directory_audit import directory_audit_json
from entrada.core.directory.graph.sign_in import sign_in_json
from entrada.core.directory.ids import ANY_TENANT, TenantId, UserId
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Query
from entrada.core.directory.story import Fact, Kind, Story, Use
from entrada.core.errors import catalogue as why
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.usecases.administer.logs import find_audit, find_story, list_audits, list_related, list_sign_ins
from entrada.server.usecases.audited import operator
from entrada.server.usecases.journal import BATCH, GRANTED_A_SECOND, MOST, Draft, Journal
from entrada.testing import platform
from tests.drivers.form_browser import PASSWORD
from tests.plugins.platforms import InProcess
from tests.web.seats import BEN, COLORS, REPSYS, Seat

PETALS = "9e7a1500-0000-4000-8000-000000000001"
ADA = UserId("c0105000-0000-4000-8000-0000000000a1")
EVA = UserId("9e7a1500-0000-4000-8000-0000000000e1")
GRAPH = "00000003-0000-0000-c000-000000000000"


def actor(there: InProcess, user_id: str = ADA, tenant: str = COLORS, **changes) -> Actor:
    user = asyncio.run(there.platform.here.store.find_user(TenantId(tenant), UserId(user_id)))
    assert user
    return Actor(
        tenant_id=TenantId(tenant),
        via=Via.PORTAL,
        correlation_id="c",
        user=evolve(user, **changes),
        permissions=AS_THE_USER,
    )


def listed(there: InProcess, by: Actor | None = None, **asked):
    page = asyncio.run(list_sign_ins(there.platform.here, by or actor(there), Query(**asked)))
    assert not isinstance(page, Problem), page
    return page.items


def story_of(there: InProcess, trace_id: str, by: Actor | None = None):
    return asyncio.run(find_story(there.platform.here, by or actor(there), trace_id))


def facts(story: Story) -> dict[str, str]:
    return {one.name: one.value for one in story.asked}


def test_a_whole_sign_in_is_one_interactive_success_and_what_followed(in_process):
    seat = Seat(in_process)
    page = seat.browser.submit(seat.open(), "username", username="ben@colors.example")
    page = seat.browser.submit(page, "passwd", passwd="wrong")
    in_process.clock.advance(1)
    page = seat.browser.submit(page, "passwd", passwd=PASSWORD)
    in_process.clock.advance(1)
    seat.browser.submit(page, "decision", decision="accept")
    in_process.clock.advance(1)
    code = seat.sign_in()["code"]
    in_process.clock.advance(1)
    seat.redeem(code)
    told = [one.story for one in reversed(listed(in_process))]
    assert [(one.event, one.granted, one.kind) for one in told] == [
        ("sign-in", False, Kind.INTERACTIVE),
        ("sign-in", True, Kind.INTERACTIVE),
        ("authorize", True, Kind.NON_INTERACTIVE),
        ("authorize", True, Kind.NON_INTERACTIVE),
        ("token", True, Kind.NON_INTERACTIVE),
    ]
    assert {one.user_principal_name for one in told} == {"ben@colors.example"}
    assert {one.user_id for one in told} == {BEN}
    assert {one.client_id for one in told} == {REPSYS}
    assert told[-1].resource_id == GRAPH
    assert (told[0].aadsts, told[0].rule) == (why.WRONG_PASSWORD.code, why.WRONG_PASSWORD.name)
    assert told[0].advice == why.WRONG_PASSWORD.advice
    assert len({one.correlation_id for one in told[:3]}) == 1
    # Each row of a session that was opened has its story, under the same id.
    store = in_process.platform.here.store
    assert {row.id for row in asyncio.run(store.list_sign_ins(TenantId(COLORS), top=9))} <= {
        one.trace_id for one in told
    }


def test_what_was_asked_is_told_and_what_is_secret_only_measured(in_process):
    answer = Seat(in_process).redeem("no-such-code", {"code_verifier": "v" * 43, "hunter2": "s3cret"})
    told = story_of(in_process, answer.json()["trace_id"]).story
    assert told.said in answer.json()["error_description"]
    shown = facts(told)
    assert shown["grant_type"] == "authorization_code"
    assert shown["code"] == "(12 characters, not shown)"
    assert shown["code_verifier"] == "(43 characters, not shown)"
    assert shown["request"] == f"POST /{COLORS}/oauth2/v2.0/token"
    assert shown["others"].startswith("1 parameter")
    assert "hunter2" not in repr(told)
    assert "s3cret" not in repr(told)


def test_an_error_page_leads_to_its_story(in_process):
    page = Seat(in_process).open({"redirect_uri": "https://elsewhere.example/cb"})
    (trace_id,) = set(re.findall(r"01[0-9a-f]{6}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f-]{17}", page.text)) - set(
        re.findall(r"Correlation ID.{0,80}?(01[0-9a-f-]{34})", page.text, re.DOTALL)
    )
    told = story_of(in_process, trace_id)
    assert told.story.aadsts == 50011
    assert told.app_display_name == "repsys"
    assert "elsewhere.example" in repr(told.story.weighed)


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        pytest.param(SECURITY_READER, True, id="a Security Reader"),
        pytest.param(GLOBAL_READER, True, id="a Global Reader"),
        pytest.param(USER_ADMINISTRATOR, False, id="a User Administrator"),
        pytest.param(None, False, id="a member"),
    ],
)
def test_who_may_read_the_logs(in_process, role, sees):
    trace_id = Seat(in_process).redeem("no-such-code").json()["trace_id"]
    by = actor(in_process, BEN, directory_roles=frozenset({role} if role else ()))
    here = in_process.platform.here
    answers = [
        asyncio.run(list_sign_ins(here, by, Query())),
        asyncio.run(list_audits(here, by, Query())),
        story_of(in_process, trace_id, by),
    ]
    assert [not isinstance(one, Problem) for one in answers] == [sees] * 3
    assert sees or {one.status for one in answers} == {403}


def test_another_tenants_administrator_finds_nothing(in_process):
    trace_id = Seat(in_process).redeem("no-such-code").json()["trace_id"]
    eva = actor(in_process, EVA, PETALS)
    assert story_of(in_process, trace_id, eva).status == 404
    assert listed(in_process, eva) == ()
    assert not isinstance(story_of(in_process, trace_id, operator(in_process.platform.here, TenantId(PETALS))), Problem)


def test_a_request_that_names_nobody_is_the_operators(in_process):
    answer = in_process.client.post("/no-such-tenant.example/oauth2/v2.0/token", data={"grant_type": "password"})
    trace_id = answer.json()["trace_id"]
    assert story_of(in_process, trace_id).status == 404
    told = story_of(in_process, trace_id, operator(in_process.platform.here, TenantId(COLORS)))
    assert told.story.tenant_id == ANY_TENANT


def test_success_is_error_code_zero(in_process):
    seat = Seat(in_process)
    seat.redeem("no-such-code")
    seat.redeem(seat.sign_in()["code"])
    failed = listed(in_process, where=Compare("aadsts", Op.NE, 0))
    fine = listed(in_process, where=Compare("aadsts", Op.EQ, 0))
    assert {one.story.granted for one in failed} == {False}
    assert {one.story.granted for one in fine} == {True}
    assert len(failed) == 1


def test_requests_of_one_attempt_are_found_together(in_process):
    seat = Seat(in_process)
    page = seat.browser.submit(seat.open(), "username", username="ben@colors.example")
    seat.browser.submit(page, "passwd", passwd="wrong")
    seat.browser.submit(page, "passwd", passwd="wrong again")
    newest = listed(in_process)[0].story
    related = asyncio.run(list_related(in_process.platform.here, actor(in_process), newest))
    assert [one.story.aadsts for one in related] == [50126, 50126]


def test_graph_reads_a_sign_in(in_process):
    seat = Seat(in_process)
    seat.redeem(seat.sign_in()["code"])
    written = sign_in_json(listed(in_process)[0])
    assert written["status"] == {"errorCode": 0, "failureReason": None, "additionalDetails": None}
    assert written["userDisplayName"] == "Ben Blue"
    assert (written["appId"], written["resourceDisplayName"]) == (REPSYS, "Microsoft Graph")
    assert written["signInEventTypes"] == ["nonInteractiveUser"]
    assert written["conditionalAccessStatus"] == "notApplied"
    assert written["createdDateTime"].endswith("Z")


def test_graph_reads_an_audit(in_process):
    here = in_process.platform.here
    Seat(in_process).sign_in()
    (row,) = asyncio.run(list_audits(here, actor(in_process), Query())).items
    assert asyncio.run(find_audit(here, actor(in_process), row.id)) == row
    assert asyncio.run(find_audit(here, actor(in_process, EVA, PETALS), row.id)).status == 404
    written = directory_audit_json(row)
    assert written["initiatedBy"]["user"]["userPrincipalName"] == "ben@colors.example"
    assert written["operationType"] == "Assign"
    changed = [one for target in written["targetResources"] for one in target["modifiedProperties"]]
    assert {"displayName": "scope", "oldValue": None} in [
        {name: one[name] for name in ("displayName", "oldValue")} for one in changed
    ]


# ---- the journal by itself ----


def a_draft(number: int) -> Draft:
    story = Story(
        tenant_id=TenantId(COLORS),
        trace_id=f"{number:08d}",
        at=NumericDate(1_800_000_000),
        correlation_id="c",
        kind=Kind.OTHER,
        event="token",
        granted=False,
    )
    return Draft(story=story)


async def test_a_full_journal_drops_the_oldest_and_says_how_many(there_store):
    journal = Journal()
    for number in range(MOST + 7):
        journal.keep(a_draft(number))
    assert journal.dropped == 7
    await journal.write(there_store)
    assert await there_store.find_story("00000006") is None
    assert await there_store.find_story("00000007") is not None


async def test_whoever_is_let_in_too_often_is_not_told_of(there_store):
    journal = Journal()
    told = [journal.has_room_for_granted(1_800_000_000) for _ in range(GRANTED_A_SECOND + 3)]
    assert told.count(True) == GRANTED_A_SECOND
    assert journal.has_room_for_granted(1_800_000_001)


async def test_a_batch_wakes_the_writer_before_its_time():
    journal = Journal()
    for number in range(BATCH):
        journal.keep(a_draft(number))
    async with asyncio.timeout(1):
        await journal.until_due(60)


class Refusing:
    async def write_journal(self, _stories, _uses):
        raise RuntimeError("the disk is full")

    async def find_user(self, *_):
        return None


async def test_what_a_store_does_not_take_is_counted():
    journal = Journal()
    journal.keep(a_draft(1))
    with pytest.raises(RuntimeError):
        await journal.write(Refusing())
    assert journal.dropped == 1


class Picky:
    """Takes no story of the number three, as a database does that cannot write what is in it."""

    def __init__(self):
        self.taken, self.uses = [], []

    async def write_journal(self, stories, uses):
        if any(one.trace_id == "00000003" for one in stories):
            raise UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates not allowed")
        self.taken += [int(one.trace_id) for one in stories]
        self.uses += uses


async def test_a_story_that_cannot_be_written_takes_no_others_along():
    journal, store = Journal(), Picky()
    for number in range(9):
        journal.keep(a_draft(number))
    use = Use(tenant_id=TenantId(COLORS), object_id="a", key_id="k", at=NumericDate(1_800_000_000))
    journal.used(use)
    await journal.write(store)
    assert (store.taken, store.uses, journal.dropped) == ([0, 1, 2, 4, 5, 6, 7, 8], [use], 1)


async def test_a_store_that_is_away_is_not_asked_for_every_story():
    asked = []

    class Away(Refusing):
        async def write_journal(self, stories, _uses):
            asked.append(stories)
            raise RuntimeError("away")

    journal = Journal()
    for number in range(50):
        journal.keep(a_draft(number))
    with pytest.raises(RuntimeError):
        await journal.write(Away())
    assert (len(asked), journal.dropped) == (6, 50)


async def test_octets_that_are_no_text_are_written_as_text(there_store):
    odd = b"a\xff\0\xc3\xa9".decode("utf-8", "surrogateescape")
    story = evolve(a_draft(1).story, user_agent=odd, said=odd, weighed=(Fact(name="saw", value=odd),))
    journal = Journal()
    journal.keep(Draft(story=story))
    await journal.write(there_store)
    found = await there_store.find_story("00000001")
    assert (found.user_agent, found.said, found.weighed[0].value) == ("a??é", "a??é", "a??é")


@pytest.fixture
async def there_store(signing_keys):
    return (await platform(keys=signing_keys)).here.store

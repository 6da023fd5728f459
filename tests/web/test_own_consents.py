"""What a person sees of what they consented to, and what taking it back stops."""

import asyncio
from typing import Final

import pytest
from attrs import evolve

from entrada.core.directory.administration.actor import Via
from entrada.core.directory.ids import ClientId, ServicePrincipalId, TenantId, UserId
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.protocol.effects import PutEntity, RemoveEntity
from entrada.server.usecases.audited import in_person
from entrada.server.usecases.own_consents import ConsentRow, list_consents, revoke_consent
from tests.plugins.platforms import InProcess
from tests.web.seats import (
    BEN,
    CLI_APP,
    COLORS,
    COLORS_API,
    REPSYS,
    REPSYS_APP,
    Seat,
    commit,
    contents,
    expected,
    fields_of,
    grant,
    installed,
    reason_of,
)

ADA: Final = UserId("c0105000-0000-4000-8000-0000000000a1")


def user(there: InProcess, user_id: UserId = BEN) -> User:
    found = asyncio.run(there.platform.here.store.find_user(TenantId(COLORS), user_id))
    assert found is not None
    return found


def listed(there: InProcess, user_id: UserId = BEN) -> list[tuple[str, str, set[str], bool]]:
    return [in_words(row) for row in asyncio.run(list_consents(there.platform.here, user(there, user_id)))]


def in_words(row: ConsentRow) -> tuple[str, str, set[str], bool]:
    return row.client.display_name, row.resource.display_name, {scope.value for scope in row.scopes}, row.for_all


def principal(there: InProcess, client_id: str = REPSYS) -> ServicePrincipalId:
    return installed(there.platform.here.store, ClientId(client_id), TenantId(COLORS)).id


async def revoking(there: InProcess, who: User, client: ServicePrincipalId) -> bool:
    return await revoke_consent(there.platform.here, in_person(who, Via.ACCOUNT, "of this form"), who, client)


def revoke(there: InProcess, user_id: UserId = BEN) -> bool:
    return asyncio.run(revoking(there, user(there, user_id), principal(there)))


BASICS = {"openid", "profile", "offline_access", "User.Read"}


def test_who_consented_to_nothing_sees_nothing(in_process: InProcess) -> None:
    grant(in_process, REPSYS, COLORS_API, "Colors.Read")  # an administrator's, of an application Ben never met
    assert listed(in_process) == []


def test_by_client_and_api_with_what_everybody_has_there(in_process: InProcess) -> None:
    Seat(in_process).sign_in()
    Seat(in_process, CLI_APP).sign_in({"scope": f"openid api://{COLORS_API}/Colors.Read"})
    grant(in_process, REPSYS, COLORS_API, "Colors.Read")
    assert listed(in_process) == [
        ("entrada CLI", "Microsoft Graph", {"openid", "offline_access"}, False),
        ("entrada CLI", "oauth-backend-app", {"Colors.Read"}, False),
        ("repsys", "Microsoft Graph", BASICS, False),
        ("repsys", "oauth-backend-app", {"Colors.Read"}, True),
    ]
    assert listed(in_process, ADA) == []


def test_taking_it_back_stops_the_next_refresh_and_leaves_others_alone(in_process: InProcess) -> None:
    seat, other = Seat(in_process), Seat(in_process, evolve(REPSYS_APP, username="ada@colors.example"))
    tokens, adas, code = seat.tokens(), other.tokens(), seat.sign_in()["code"]
    assert revoke(in_process)
    assert not revoke(in_process)
    assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.CONSENT_MISSING)
    assert reason_of(seat.redeem(code)) == expected(why.CONSENT_MISSING)
    seat.open({"prompt": "none"})
    assert fields_of(seat.browser.left_to)["error"] == "consent_required"
    assert other.refresh(adas["refresh_token"]).status_code == 200
    assert listed(in_process) == []


def test_what_was_given_for_all_stays_and_is_said(in_process: InProcess) -> None:
    seat = Seat(in_process)
    tokens = seat.tokens()
    grant(in_process, REPSYS, COLORS_API, "Colors.Read")
    assert revoke(in_process)
    kept_for_all = asyncio.run(in_process.platform.here.store.find_grants(TenantId(COLORS), principal(in_process), BEN))
    assert [(one.principal_id, one.scopes) for one in kept_for_all] == [(None, frozenset({"Colors.Read"}))]
    api = {"scope": f"api://{COLORS_API}/Colors.Read"}
    assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.CONSENT_MISSING)
    kept = seat.refresh(tokens["refresh_token"], api)
    # Even then nothing comes of it: the sign-in itself, openid and offline_access, was the person's own to give.
    assert reason_of(kept) == expected(why.CONSENT_MISSING)


@pytest.mark.parametrize("which", ["another's", "nobody's"])
def test_only_ones_own_can_be_taken_back(in_process: InProcess, which: str) -> None:
    Seat(in_process).sign_in()
    before = contents(in_process.platform.here.store)
    if which == "another's":
        revoke(in_process, ADA)
    else:
        asyncio.run(revoking(in_process, user(in_process), ServicePrincipalId(ADA)))
    assert contents(in_process.platform.here.store) == before


def test_a_consent_that_grows_at_the_same_time_is_taken_back_whole(
    in_process: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another tab consents between the look and the commit: the second look finds what it added."""
    Seat(in_process).sign_in()
    store = in_process.platform.here.store
    usual, grown = store.find_grants, list[bool]()

    async def find_grants(*args: object) -> object:
        found = await usual(*args)  # type: ignore[arg-type]
        if not grown:
            grown.append(True)
            assert await store.commit([PutEntity(evolve(one, scopes=one.scopes | {"Mail.Read"})) for one in found])
        return found

    monkeypatch.setattr(store, "find_grants", find_grants)
    revoke(in_process)
    assert listed(in_process) == []


def test_a_client_that_is_gone_is_left_out(in_process: InProcess) -> None:
    Seat(in_process).sign_in()
    store = in_process.platform.here.store
    found = asyncio.run(store.find_application(ClientId(REPSYS)))
    assert found is not None
    commit(store, RemoveEntity(found))
    assert listed(in_process) == []

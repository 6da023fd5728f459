"""What every framework does alike: the core of the web sign-in, driven without one."""

import asyncio
import json
import threading
from base64 import b64encode, urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from attrs import evolve

from entrada.client.authority import entra_authority
from entrada.client.driver import drive_async
from entrada.client.errors import BadSettings, InteractionRequired, StorageError
from entrada.client.flow import Reply
from entrada.client.web_sign_in.downstream import ApiRequest, challenge_in
from entrada.client.web_sign_in.exchange import Request, Response, read_parameters
from entrada.client.web_sign_in.groups import _resource
from entrada.client.web_sign_in.guard import Needs
from entrada.client.web_sign_in.sessions.memory import MemorySessions
from entrada.client.web_sign_in.sessions.sql import SqlSessions
from entrada.client.web_sign_in.stand_in import stand_in
from entrada.client.web_sign_in.user import GroupsUnknown
from entrada.client.web_sign_in.web_settings import Api, SessionLimits, WebSettings
from entrada.client.web_sign_in.whereabouts import place_of
from tests.client.web_sign_in.visit import KEY, Visit
from tests.web_sign_in.authority import ADA, BEN, COLORS, PETALS, READ, SECRET, WRITE, Person, with_claims

HOUR = 3600


def test_whoever_signs_in_is_known_and_comes_back():
    visit = Visit()
    away = visit.keep(visit.run(visit.site.require(visit.request("/reports?year=2026"))))
    assert visit.come_back(away).headers["Location"] == "/reports?year=2026"
    user = visit.run(visit.site.require(visit.request("/reports")))
    assert (user.name, user.tenant_id, user.user_id) == ("Ada", COLORS, ADA.oid)


# ---- sessions ----


@pytest.mark.parametrize(
    ("pauses", "there"),
    [
        ([7 * HOUR], True),
        ([8 * HOUR], False),
        ([7 * HOUR, 7 * HOUR], True),
        ([7 * HOUR] * 3, True),
        ([7 * HOUR] * 4, False),
    ],
    ids=["used in time", "idle", "rolling", "for a day", "and no longer"],
)
def test_a_session_rolls_on_until_its_absolute_end(pauses, there):
    visit = Visit()
    visit.sign_in()
    for pause in pauses:
        visit.authority.clock.advance(pause)
        seen = visit.user()
    assert (seen is not None) == there


def test_the_authority_may_end_a_session_sooner():
    visit = Visit(changes={"session": SessionLimits(ceiling_claim="session_expiry")})
    visit.authority.person = with_claims(ADA, session_expiry=visit.authority.clock() + 600)
    visit.sign_in()
    visit.authority.clock.advance(599)
    assert visit.user() is not None
    visit.authority.clock.advance(1)
    assert visit.user() is None


@pytest.mark.parametrize("write", [lambda at: at + 0.5, str], ids=["with a fraction", "as text"])
def test_the_authority_s_end_is_read_however_it_is_written(write):
    visit = Visit(changes={"session": SessionLimits(ceiling_claim="session_expiry")})
    visit.authority.person = with_claims(ADA, session_expiry=write(visit.authority.clock() + 600))
    visit.sign_in()
    visit.authority.clock.advance(599)
    assert visit.user() is not None
    visit.authority.clock.advance(1)
    assert visit.user() is None


@pytest.mark.parametrize("end", ["soon", True, [1], 1, "1", -1.5], ids=repr)
def test_an_end_that_is_none_or_is_over_lets_nobody_in(end):
    visit = Visit(changes={"session": SessionLimits(ceiling_claim="session_expiry")})
    visit.authority.person = with_claims(ADA, session_expiry=end)
    assert visit.sign_in().status == 400
    assert visit.user() is None


def test_what_rests_in_the_store_says_nothing_and_opens_under_its_own_key_alone():
    store = MemorySessions()
    visit = Visit(store=store)
    visit.sign_in()
    (row,) = store._rows.values()
    assert not any(word in row.sealed for word in (b"Ada", b"eyJ", ADA.oid.encode()))
    assert row.key not in visit.jar.values()
    assert Visit(store=store, jar=visit.jar, changes={"key": "a" * 42 + "A"}).user() is None
    both = {"key": "a" * 42 + "A", "old_keys": (KEY,)}
    assert Visit(store=store, jar=visit.jar, changes=both).user().name == "Ada"


def test_a_row_that_was_moved_to_another_id_does_not_open():
    store = MemorySessions()
    ada, ben = Visit(store=store), Visit(store=store)
    ada.sign_in()
    ben.authority.person = BEN
    ben.sign_in()
    of_ada, of_ben = store._rows.values()
    store._rows[of_ben.key] = evolve(of_ben, sealed=of_ada.sealed)
    assert ben.user() is None


def test_a_store_that_lasts_needs_a_key(tmp_path):
    with pytest.raises(BadSettings, match="key"):
        Visit(store=SqlSessions(f"sqlite:///{tmp_path / 's.db'}"), changes={"key": None})


def test_a_store_that_is_away_is_a_page_and_no_traceback():
    class Away(MemorySessions):
        def find(self, key, now):
            raise StorageError("The session database fails")

    visit = Visit(store=Away(), jar={})
    visit.jar = {f"__Host-{visit.site._desk.cookie}": "x" * 43}
    assert visit.go("me").status == 503


# ---- tokens ----


@pytest.mark.parametrize("place", ["memory", "sqlite", "redis"])
def test_many_in_two_processes_renew_an_expired_token_once(place, tmp_path, request):
    if place == "redis":
        from entrada.client.web_sign_in.sessions.redis import RedisSessions

        stores = [RedisSessions(request.getfixturevalue("redis_url")) for _ in range(2)]
    elif place == "sqlite":
        stores = [SqlSessions(f"sqlite:///{tmp_path / 's.db'}") for _ in range(2)]
    else:
        stores = [MemorySessions()] * 2
    first = Visit(store=stores[0], changes={"scopes": (READ,)})
    first.sign_in()
    second = Visit(store=stores[1], authority=first.authority, jar=first.jar)
    first.authority.clock.advance(HOUR)
    barrier = threading.Barrier(20, timeout=30)

    def ask(number: int) -> str:
        visit = (first, second)[number % 2]
        barrier.wait()
        return visit.run(visit.site.token_for(visit.request(), [READ])).value

    with ThreadPoolExecutor(20) as pool:
        tokens = set(pool.map(ask, range(20)))
    assert len(tokens) == 1
    assert first.authority.count("refresh_token") == 1


def test_an_event_loop_waits_for_no_store():
    class Watched(MemorySessions):
        def replace(self, row, now):
            threads.append(threading.current_thread())
            return super().replace(row, now)

    store, threads = Watched(), []
    store.blocks = True
    visit = Visit(store=store, changes={"scopes": (READ,)})
    visit.sign_in()
    visit.authority.clock.advance(HOUR)
    threads.clear()

    async def send(call):
        return visit.send(call)

    asyncio.run(drive_async(visit.site.token_for(visit.request(), [READ]), send))
    assert len(threads) >= 3  # the renewal claimed, the token kept, the claim given up
    assert threading.main_thread() not in threads


def test_whoever_dies_while_renewing_stops_nobody_for_long():
    visit = Visit(changes={"scopes": (READ,)})
    visit.sign_in()
    visit.authority.clock.advance(HOUR)
    flow = visit.site.token_for(visit.request(), [READ])
    next(flow)  # it claims the renewal, asks the authority, and is never heard of again
    visit.authority.clock.advance(31)
    assert visit.run(visit.site.token_for(visit.request(), [READ])).value
    del flow


def test_a_new_token_comes_when_it_is_asked_for_however_good_the_old():
    visit = Visit()
    visit.sign_in()

    def token(**how: bool) -> str:
        return visit.run(visit.site.token_for(visit.request(), [READ], **how)).value

    first = token()
    assert token() == first
    second = token(force=True)
    assert second != first
    assert token() == second


def test_nobody_there_has_no_token():
    visit = Visit()
    with pytest.raises(InteractionRequired):
        visit.run(visit.site.token_for(visit.request(), [READ]))


def test_another_sign_in_of_the_same_person_keeps_their_tokens():
    visit = Visit(changes={"scopes": (READ,)})
    visit.sign_in()
    away = visit.keep(visit.run(visit.site.failed(visit.request("/write"), needs(WRITE))))
    assert visit.come_back(away).headers["Location"] == "/write"
    asked = len(visit.authority.calls)
    for scope in (READ, WRITE):
        assert visit.run(visit.site.token_for(visit.request(), [scope])).value
    assert len(visit.authority.calls) == asked


def test_another_person_in_the_same_browser_gets_none_of_them():
    visit = Visit(changes={"scopes": (READ,)})
    visit.sign_in()
    mine = visit.run(visit.site.token_for(visit.request(), [READ])).value
    visit.authority.person = BEN
    visit.sign_in()
    assert visit.user().name == "Ben"
    assert visit.run(visit.site.token_for(visit.request(), [READ])).value != mine


def needs(*scopes: str, claims: str | None = None) -> InteractionRequired:
    from entrada.client.errors import OAuthError

    return InteractionRequired("no", OAuthError(error="interaction_required", claims=claims), scopes=scopes)


# ---- a script's way to consent ----


def test_a_script_is_given_a_link_that_asks_for_what_is_missing():
    visit = Visit()
    visit.sign_in()
    script = visit.request("/data", accept="application/json", referer="https://app.example/page?x=1")
    told = json.loads(visit.run(visit.site.failed(script, needs(WRITE))).body)
    assert told["error"] == "interaction_required"
    path, _, query = told["login_url"].partition("?")
    assert path == "/auth/login"
    assert visit.sign_in(query).headers["Location"] == "/page?x=1"
    assert WRITE in visit.authority.asked[-1]["scope"].split()


def test_a_link_that_we_did_not_seal_asks_for_nothing_more():
    visit = Visit()
    visit.sign_in("ask=eyJzY29wZXMiOlsiZXZlcnl0aGluZyJdfQ&scope=everything&claims={}")
    assert visit.authority.asked[-1]["scope"].split() == ["openid", "profile", "offline_access"]
    assert "claims" not in visit.authority.asked[-1]


# ---- who may ----

# fmt: off
MAY = [
    pytest.param({}, {}, True, id="anybody who is signed in"),
    pytest.param({"roles": {"Admin"}}, {"roles": ["Admin"]}, True, id="the role"),
    pytest.param({"roles": {"Admin", "Boss"}}, {"roles": ["Boss"]}, False, id="one of two roles"),
    pytest.param({"roles": "Admin Boss"}, {"roles": ["Boss"]}, False, id="one of two words"),
    pytest.param({"roles": "Admin Boss"}, {"roles": ["Boss", "Admin"]}, True, id="both words"),
    pytest.param({"roles": ["Big Boss"]}, {"roles": ["Big Boss"]}, True, id="a role of two words"),
    pytest.param({"roles": {"Admin", "Boss"}, "any_of": True}, {"roles": ["Boss"]}, True, id="one of two, and one is enough"),
    pytest.param({"roles": {"Admin"}, "groups": {"g"}, "any_of": True}, {"roles": ["Admin"]}, False, id="of each one"),
    pytest.param({"roles": {"Admin"}}, {}, False, id="no role"),
    pytest.param({"roles": "Admin"}, {"roles": ["A"]}, False, id="a role is no collection of letters"),
    pytest.param({"groups": {"g"}}, {"groups": ["g", "h"]}, True, id="the group"),
    pytest.param({"roles": {"Admin"}, "groups": {"g"}}, {"groups": ["g"]}, False, id="the group, and not the role"),
]
# fmt: on


@pytest.mark.parametrize(("needed", "claims", "may"), MAY)
def test_who_may_see_a_page(needed, claims, may):
    visit = Visit()
    visit.authority.person = with_claims(ADA, **claims)
    visit.sign_in()
    seen = visit.run(visit.site.require(visit.request(), Needs(**needed)))
    assert (seen.name if may else seen.status) == ("Ada" if may else 403)


def test_too_many_groups_are_asked_of_graph_where_the_application_lets_us():
    pages = {
        "https://graph.microsoft.com/v1.0/me/transitiveMemberOf?$select=id&$top=999": {
            "value": [{"id": "g-1"}, {"id": "role", "@odata.type": "#microsoft.graph.directoryRole"}],
            "@odata.nextLink": "https://graph.microsoft.com/v1.0/next",
        },
        "https://graph.microsoft.com/v1.0/next": {"value": [{"id": "g-2"}]},
    }

    def graph(call):
        assert call.headers["authorization"].startswith("Bearer ")
        return Reply(status=200, body=json.dumps(pages[call.url]).encode())

    visit = Visit(changes={"groups_from_graph": True}, others=graph)
    visit.authority.person = with_claims(ADA, hasgroups=True)
    visit.sign_in()
    assert visit.user().groups == {"g-1", "g-2"}


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=403, body=b"{}"),
        Reply(status=200, body=b'{"value": [], "@odata.nextLink": "https://evil.example/"}'),
        Reply(status=200, body=b"nothing"),
    ],
)
def test_what_graph_does_not_tell_stays_unknown(reply):
    visit = Visit(changes={"groups_from_graph": True}, others=lambda _: reply)
    visit.authority.person = with_claims(ADA, hasgroups=True)
    visit.sign_in()
    with pytest.raises(GroupsUnknown):
        _ = visit.user().groups
    assert json.loads(visit.go("me").body)["groups"] is None


@pytest.mark.parametrize(
    ("claims", "status"),
    [({}, 302), ({"acct": 0}, 302), ({"acct": 1}, 403), ({"idp": "https://sts.example/other/"}, 403)],
)
def test_guests_may_be_kept_out(claims, status):
    visit = Visit(changes={"guests": False})
    visit.authority.person = with_claims(ADA, **claims)
    assert visit.sign_in().status == status
    assert (visit.user() is not None) == (status == 302)


def test_a_tenant_is_let_in_however_its_id_is_written():
    visit = Visit(changes={"allowed_tenants": frozenset({COLORS.upper()})})
    assert visit.sign_in().status == 302


def test_a_tenant_that_is_not_let_in_is_told_so_with_a_way_back():
    visit = Visit(changes={"allowed_tenants": frozenset({PETALS})})
    seen = visit.sign_in()
    assert seen.status == 400
    assert b"organization" in seen.body
    assert b'href="/auth/login?prompt=select_account"' in seen.body


# ---- step-up ----


def test_a_page_that_takes_a_context_asks_for_it_and_is_seen_after():
    visit = Visit()
    visit.sign_in()
    away = visit.keep(visit.run(visit.site.require(visit.request("/pay"), Needs(acr="c1"))))
    visit.authority.person = with_claims(ADA, acrs=["c1"])
    assert visit.come_back(away).headers["Location"] == "/pay"
    assert json.loads(visit.authority.asked[-1]["claims"]) == {"id_token": {"acrs": {"essential": True, "value": "c1"}}}
    assert visit.run(visit.site.require(visit.request("/pay"), Needs(acr="c1"))).name == "Ada"


def test_an_authority_that_does_not_know_the_context_sends_nobody_round_for_ever():
    visit = Visit()
    visit.sign_in()
    visit.come_back(visit.keep(visit.run(visit.site.require(visit.request("/pay"), Needs(acr="c1")))))
    assert visit.run(visit.site.require(visit.request("/pay"), Needs(acr="c1"))).status == 403
    visit.authority.clock.advance(601)
    assert visit.run(visit.site.require(visit.request("/pay"), Needs(acr="c1"))).status == 302


def test_a_context_is_not_held_to_be_tried_by_another_sign_in():
    visit = Visit()
    visit.sign_in()
    visit.keep(visit.run(visit.site.require(visit.request("/pay"), Needs(acr="c1"))))
    visit.sign_in()  # in another tab
    assert visit.run(visit.site.require(visit.request("/pay"), Needs(acr="c1"))).status == 302


def test_a_context_that_a_later_sign_in_does_not_have_is_asked_for_again():
    visit = Visit()
    visit.sign_in()
    away = visit.keep(visit.run(visit.site.require(visit.request("/pay"), Needs(acr="c1"))))
    visit.authority.person = with_claims(ADA, acrs=["c1"])
    visit.come_back(away)
    visit.authority.person = ADA
    visit.sign_in()
    assert visit.run(visit.site.require(visit.request("/pay"), Needs(acr="c1"))).status == 302


def test_a_script_is_told_what_a_sign_in_did_not_give_and_how_to_ask_again():
    visit = Visit()
    visit.sign_in()
    link = json.loads(visit.run(visit.site.require(script(visit), Needs(acr="c1"))).body)["login_url"]
    visit.sign_in(link.partition("?")[2])
    told = visit.run(visit.site.require(script(visit), Needs(acr="c1")))
    assert told.status == 403
    assert json.loads(told.body)["error"] == "insufficient_user_authentication"
    visit.authority.person = with_claims(ADA, acrs=["c1"])
    assert visit.sign_in(json.loads(told.body)["login_url"].partition("?")[2]).headers["Location"] == "/page"
    assert visit.run(visit.site.require(script(visit), Needs(acr="c1"))).name == "Ada"


def script(visit: Visit) -> Request:
    return visit.request("/data", accept="application/json", referer="https://app.example/page")


CHALLENGES = [
    ('{"access_token":{"nbf":{"essential":true,"value":"1800000001"}}}', True),
    ('{"access_token":{"nbf":{"essential":true,"value":"1800000999"}}}', True),
    ('{"access_token":{"acrs":{"essential":true,"value":"c1"}}}', False),
    (None, False),
]


@pytest.mark.parametrize(("claims", "tried"), CHALLENGES, ids=["the same", "at another time", "another", "none"])
def test_a_challenge_is_known_again_whatever_time_it_names(claims, tried):
    visit = Visit()
    visit.sign_in()
    visit.come_back(visit.keep(visit.run(visit.site.failed(visit.request("/a"), needs(READ, claims=CHALLENGES[0][0])))))
    again = visit.run(visit.site.failed(visit.request("/a"), needs(READ, claims=claims)))
    assert again.status == (403 if tried else 302)
    visit.authority.clock.advance(601)
    assert visit.run(visit.site.failed(visit.request("/a"), needs(READ, claims=claims))).status == 302


def test_single_sign_on_does_not_pass_for_a_proof():
    visit = Visit()
    signed_in = visit.authority.clock()
    visit.sign_in()
    visit.authority.clock.advance(200)
    page = Needs(max_age=0)
    assert visit.run(visit.site.require(visit.request("/pay"), page)).status == 302
    visit.authority.person = with_claims(ADA, auth_time=signed_in)
    visit.sign_in()
    assert visit.run(visit.site.require(visit.request("/pay"), page)).status == 302


@pytest.mark.parametrize(("by", "status"), [(0.5, None), (-0.5, None), (-400, 302)])
def test_when_somebody_proved_themselves_is_read_with_a_fraction_too(by, status):
    visit = Visit()
    visit.authority.person = with_claims(ADA, auth_time=visit.authority.clock() + by)
    visit.sign_in()
    seen = visit.run(visit.site.require(visit.request("/pay"), Needs(max_age=300)))
    assert getattr(seen, "status", None) == status


def test_an_authority_whose_clock_is_at_the_very_end_of_the_leeway_sends_nobody_round_for_ever():
    visit = Visit()
    visit.sign_in()
    visit.authority.clock.advance(1)
    page = Needs(max_age=0)
    away = visit.keep(visit.run(visit.site.require(visit.request("/pay"), page)))
    assert away.status == 302
    visit.authority.person = with_claims(ADA, auth_time=visit.authority.clock() - 300)
    visit.meanwhile = lambda: visit.authority.clock.advance(2)  # the answer takes that long
    visit.come_back(away)
    visit.meanwhile = None
    assert visit.run(visit.site.require(visit.request("/pay"), page)).status == 403
    visit.authority.clock.advance(601)
    assert visit.run(visit.site.require(visit.request("/pay"), page)).status == 302


def test_whoever_proved_themselves_too_long_ago_does_it_again():
    visit = Visit()
    visit.sign_in()
    page = Needs(max_age=300)
    assert visit.run(visit.site.require(visit.request("/pay"), page)).name == "Ada"
    visit.authority.clock.advance(301)
    away = visit.keep(visit.run(visit.site.require(visit.request("/pay"), page)))
    visit.come_back(away)
    assert visit.authority.asked[-1]["max_age"] == "300"
    assert visit.run(visit.site.require(visit.request("/pay"), page)).name == "Ada"


# ---- signing out ----

OURS = {"origin": "https://app.example"}
# fmt: off
SIGN_OUTS = [
    pytest.param("POST", OURS, {}, True, id="from our own origin"),
    pytest.param("POST", {"sec_fetch_site": "same-origin"}, {}, True, id="as the browser says"),
    pytest.param("POST", {"origin": "null"}, {"csrf": "right"}, True, id="with the word of the session"),
    pytest.param("POST", {"origin": "null"}, {"csrf": "wrong"}, False, id="with another word"),
    pytest.param("POST", {"origin": "null"}, {}, False, id="without any"),
    pytest.param("POST", {"origin": "https://evil.example"}, {}, False, id="from another origin"),
    pytest.param("POST", {**OURS, "sec_fetch_site": "cross-site"}, {"csrf": "right"}, False, id="the browser says otherwise"),
    pytest.param("GET", OURS, {}, False, id="by a link"),
]
# fmt: on


@pytest.mark.parametrize(("method", "headers", "form", "ends"), SIGN_OUTS)
def test_a_session_ends_by_a_form_of_our_own_alone(method, headers, form, ends):
    visit = Visit()
    visit.sign_in()
    form = {name: visit.site.csrf(visit.request()) if value == "right" else value for name, value in form.items()}
    seen = visit.go("logout", method=method, form=form, **headers)
    assert (seen.status, visit.user() is None) == ((303, True) if ends else (200, False))


@pytest.mark.parametrize("site", ["same-origin", "same-site", None])
def test_a_form_of_a_page_of_ours_is_known_by_the_browser_or_by_its_word(site):
    visit = Visit()
    visit.sign_in()
    headers = {"sec-fetch-site": site} if site else {}
    form = visit.request("/renew", method="POST", **headers)
    assert visit.site.is_ours(form) == (site == "same-origin")
    worded = evolve(form, form={"csrf": visit.site.csrf(form)})
    assert visit.site.is_ours(worded) == (site != "same-site")


def test_signing_out_names_the_session_and_where_to_return():
    visit = Visit(changes={"after_logout": "/bye"})
    visit.sign_in()
    url = visit.go("logout", method="POST", **OURS).headers["Location"]
    assert "id_token_hint=eyJ" in url
    assert "post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye" in url


def test_a_session_ends_here_even_where_the_authority_cannot_be_asked():
    visit = Visit()
    visit.sign_in()
    visit.authority.down = True
    again = Visit(store=visit.site.store, authority=visit.authority, jar=visit.jar)  # it knows no metadata yet
    assert again.go("logout", method="POST", **OURS).headers["Location"] == "/"
    assert visit.user() is None


def test_a_logout_token_is_good_once():
    visit = Visit()
    visit.sign_in()
    token = visit.authority.logout_token(ADA)
    assert visit.go("backchannel-logout", method="POST", form={"logout_token": token}).status == 200
    assert visit.go("backchannel-logout", method="POST", form={"logout_token": token}).status == 400


def test_a_logout_token_may_be_sent_again_where_the_store_failed():
    class Failing(MemorySessions):
        def named(self, name, now):
            if failing:
                raise StorageError("gone")
            return super().named(name, now)

    failing = [True]
    visit = Visit(store=Failing())
    visit.sign_in()
    form = {"logout_token": visit.authority.logout_token(ADA)}
    assert visit.go("backchannel-logout", method="POST", form=form).status == 503
    assert visit.user() is not None
    failing.clear()
    assert visit.go("backchannel-logout", method="POST", form=form).status == 200
    assert visit.user() is None


def test_a_logout_token_that_was_used_ends_nothing_again():
    visit = Visit()
    form = {"logout_token": visit.authority.logout_token(ADA)}
    assert visit.go("backchannel-logout", method="POST", form=form).status == 200
    visit.authority.clock.advance(2)
    visit.sign_in()
    assert visit.go("backchannel-logout", method="POST", form=form).status == 400
    assert visit.user() is not None


@pytest.mark.parametrize(
    ("sid", "named"),
    [(ADA.sid, {"sub": None}), (ADA.sid, {"sid": None}), (None, {}), (ADA.sid, {"sid": ""})],
    ids=["by session", "by subject", "of a person whose session nobody named", "by an empty session and a subject"],
)
def test_a_logout_that_comes_while_a_code_is_redeemed_ends_what_opens_from_it(sid, named):
    visit = Visit()
    visit.authority.person = with_claims(ADA, sid=sid)
    away = visit.go("login")
    form = {"logout_token": visit.authority.logout_token(ADA, **named)}

    def logout():
        assert (
            visit.run(visit.site.answer("backchannel-logout", visit.request("/x", method="POST", form=form))).status
            == 200
        )

    visit.meanwhile = logout
    assert visit.come_back(away).status == 400
    assert visit.site.store._rows == {}
    visit.meanwhile = None
    visit.authority.clock.advance(2)
    visit.sign_in()
    assert visit.user() is not None


def test_a_logout_of_another_that_comes_meanwhile_ends_nothing():
    visit = Visit()
    away = visit.go("login")
    form = {"logout_token": visit.authority.logout_token(BEN)}
    visit.meanwhile = lambda: visit.run(
        visit.site.answer("backchannel-logout", visit.request("/x", method="POST", form=form))
    )
    visit.come_back(away)
    assert visit.user() is not None


@pytest.mark.parametrize(
    ("sid", "named", "ends"),
    [
        (ADA.sid, {"sid": "another"}, False),
        (None, {"sid": "another"}, True),
        (None, {"sid": "another", "sub": None}, False),
        (None, {"sid": "x", "sub": None}, False),
        (ADA.sid, {"sid": ""}, True),
    ],
    ids=["another session", "one of the person's", "of nobody known", "as the browser called it", "none, so all"],
)
def test_whose_session_the_id_token_does_not_name_is_found_by_the_person(sid, named, ends):
    visit = Visit()
    visit.authority.person = with_claims(ADA, sid=sid)
    visit.sign_in()
    form = {"logout_token": visit.authority.logout_token(ADA, **named)}
    assert visit.go("backchannel-logout", method="POST", form=form).status == 200
    assert (visit.user() is None) == ends


def test_what_a_browser_says_of_its_session_is_not_believed_over_the_id_token():
    visit = Visit()
    away = visit.go("login")
    fields = {**visit.authority.page(away.headers["Location"]).fields, "session_state": BEN.sid}
    visit.go("callback", urlencode(fields))
    visit.go("frontchannel-logout", f"sid={BEN.sid}")
    assert visit.user() is not None
    visit.go("frontchannel-logout", f"sid={ADA.sid}")
    assert visit.user() is None


def test_one_person_s_sessions_end_together_and_nobody_else_s():
    store = MemorySessions()
    visits = [Visit(store=store) for _ in range(3)]
    for visit, person in zip(visits, (ADA, evolve(ADA, sid="another"), BEN), strict=True):
        visit.authority.person = person
        visit.sign_in()
    token = visits[0].authority.logout_token(ADA, sid=None)
    assert visits[0].go("backchannel-logout", method="POST", form={"logout_token": token}).status == 200
    assert [visit.user() is not None for visit in visits] == [False, False, True]


def test_the_front_channel_needs_no_cookie():
    visit = Visit()
    visit.sign_in()
    jar, visit.jar = visit.jar, {}
    assert visit.go("frontchannel-logout", f"sid={ADA.sid}").status == 200
    visit.jar = jar
    assert visit.user() is None


def test_without_the_claim_entra_names_the_session_in_its_answer():
    visit = Visit()
    visit.authority.person = with_claims(ADA, sid=None)
    visit.sign_in()
    visit.go("frontchannel-logout", "sid=another")
    assert visit.user() is not None
    visit.go("frontchannel-logout", "sid=x")
    assert visit.user() is None


# ---- an API in their name ----

API = Api(base_url="https://api.example/v1", scopes=(READ,))
CLAIMS = {"access_token": {"nbf": {"essential": True, "value": "1800000001"}}}


def challenged(encode=b64encode) -> Reply:
    claims = encode(json.dumps(CLAIMS).encode()).decode()
    said = f'Bearer realm="", authorization_uri="https://x", error="insufficient_claims", claims="{claims}"'
    return Reply(status=401, body=b"", headers={"www-authenticate": said})


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("me", "https://api.example/v1/me"),
        ("/me", "https://api.example/v1/me"),
        ("https://api.example/v1/me?page=2", "https://api.example/v1/me?page=2"),
        ("users/a..b", "https://api.example/v1/users/a..b"),
        ("https://api.example/v2/me", None),
        ("../v2/me", None),
        ("users/../../v2/me", None),
        ("users/%2e%2e/%2E%2e/v2", None),
        ("users/..%2f..%2fv2", None),
        ("users/..%5c..%5cv2", None),
        ("https://evil.example/me", None),
        ("http://api.example/v1/me", None),
        ("https://api.example:8443/", None),
        ("https://api.example@evil.example/", None),
        ("https://evil.example\\@api.example/", None),
    ],
)
def test_a_token_goes_to_its_own_api_alone(url, called):
    calls = []
    visit = Visit(
        others=lambda call: calls.append(call) or Reply(status=302, body=b"", headers={"location": "https://e"})
    )
    visit.sign_in()
    if called is None:
        with pytest.raises(BadSettings):
            visit.run(visit.site.call(visit.request(), API, ApiRequest(url=url)))
        assert calls == []
    else:
        assert visit.run(visit.site.call(visit.request(), API, ApiRequest(url=url))).status == 302
        assert [(call.url, call.headers["authorization"][:7]) for call in calls] == [(called, "Bearer ")]


@pytest.mark.parametrize("url", ["http://graph.example", "https://", "graph.example", "https://me@graph.example"])
def test_graph_is_asked_over_tls_alone(url):
    with pytest.raises(BadSettings, match="graph_url"):
        Visit(changes={"groups_from_graph": True, "graph_url": url})


@pytest.mark.parametrize(
    ("graph", "resource"),
    [
        ("https://graph.microsoft.us", "https://graph.microsoft.us"),
        ("https://login.example", "https://graph.microsoft.com"),  # entrada serves it where it signs people in
    ],
)
def test_the_scope_for_groups_follows_the_cloud(graph, resource):
    assert _resource(graph, "https://login.example/organizations") == resource


def test_an_api_over_http_gets_no_token():
    visit = Visit(others=lambda _: Reply(status=200, body=b""))
    visit.sign_in()
    with pytest.raises(BadSettings):
        visit.run(visit.site.call(visit.request(), Api(base_url="http://api.example", scopes=(READ,)), ApiRequest()))


def test_a_challenge_is_answered_once_and_then_the_person_is_asked():
    replies = [challenged(), Reply(status=200, body=b'{"color": "red"}'), challenged(), challenged()]
    visit = Visit(others=lambda _: replies.pop(0))
    visit.sign_in()
    assert visit.run(visit.site.call(visit.request(), API, ApiRequest(url="colors"))).json() == {"color": "red"}
    with pytest.raises(InteractionRequired) as caught:
        visit.run(visit.site.call(visit.request(), API, ApiRequest(url="colors")))
    assert json.loads(caught.value.said.claims) == CLAIMS
    assert replies == []


@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode, lambda data: b64encode(data).rstrip(b"=")])
def test_the_claims_of_a_challenge_are_read_as_they_come(encode):
    assert json.loads(challenge_in(challenged(encode))) == CLAIMS


@pytest.mark.parametrize(
    "said",
    [
        'Bearer error="invalid_token"',
        'Bearer error="insufficient_claims"',
        'Bearer error="insufficient_claims", claims="!"',
        "",
    ],
)
def test_another_401_is_no_challenge(said):
    assert challenge_in(Reply(status=401, body=b"", headers={"www-authenticate": said})) is None


# ---- where we are ----

PROXY = {"x-forwarded-host": "www.example", "x-forwarded-proto": "https", "x-forwarded-prefix": "/shop"}
# fmt: off
PLACES = [
    pytest.param({"public_url": "https://app.example"}, {"host": "evil.example", "headers": PROXY}, "https://app.example", id="the settings win"),
    pytest.param({"public_url": "https://app.example/tool"}, {"root_path": "/inner"}, "https://app.example/tool", id="with their path"),
    pytest.param({}, {"host": "localhost:5000"}, "http://localhost:5000", id="a loopback host"),
    pytest.param({}, {"host": "localhost:5000", "scheme": "ws"}, "http://localhost:5000", id="a websocket there"),
    pytest.param({}, {"host": "localhost:5000", "scheme": "wss"}, "https://localhost:5000", id="over TLS"),
    pytest.param({}, {"host": "localhost:5000", "scheme": "ftp"}, None, id="by another protocol"),
    pytest.param({}, {"host": "[::1]:5000", "root_path": "/sub"}, "http://[::1]:5000/sub", id="mounted"),
    pytest.param({}, {"host": "evil.example"}, None, id="a Host that nobody named"),
    pytest.param({}, {"host": "localhost:5000@evil.example"}, None, id="a Host that is none"),
    pytest.param({}, {"host": "evil.example", "headers": PROXY}, None, id="a proxy that nobody named"),
    pytest.param({"forwarded_hosts": frozenset({"www.example"})}, {"host": "10.0.0.1", "headers": PROXY}, "https://www.example/shop", id="a proxy that was named"),
    pytest.param({"forwarded_hosts": frozenset({"www.example"})}, {"host": "10.0.0.1", "headers": {**PROXY, "x-forwarded-proto": "wss"}}, "https://www.example/shop", id="that says it is a websocket"),
    pytest.param({"forwarded_hosts": frozenset({"other.example"})}, {"host": "10.0.0.1", "headers": PROXY}, None, id="another name"),
    pytest.param({"forwarded_hosts": frozenset({"www.example"})}, {"host": "10.0.0.1", "headers": {**PROXY, "x-forwarded-prefix": "//evil.example"}}, "https://www.example", id="a prefix that is none"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "asked", "url"), PLACES)
def test_where_browsers_reach_us(changes, asked, url):
    settings = WebSettings(authority=entra_authority("https://login.example/common"), client_id="c", **changes)
    request = Request(**{"method": "GET", "path": "/", "host": "10.0.0.1", **asked})
    if url is None:
        with pytest.raises(BadSettings, match="public_url"):
            place_of(request, settings)
    else:
        assert place_of(request, settings).url("") == url


@pytest.mark.parametrize(
    "changes",
    [
        {"public_url": "http://app.example"},
        {"public_url": "https://app.example/"},
        {"public_url": "app.example"},
        {"prefix": "auth"},
        {"prefix": "/auth/"},
        {"response_mode": "fragment"},
        {"key": "short"},
        {"session": {"idel": 1}},
        {"apis": {"graph": {"base_url": "https://graph.example"}}},
    ],
)
def test_settings_that_cannot_be_are_refused_at_once(changes):
    with pytest.raises(BadSettings):
        Visit(changes=changes)


# ---- the log ----

DIRECTORY_SAYS = "AADSTS65004: User ada@colors.example declined.\nnot signed in: forged Trace ID: 11111111-aaaa Correlation ID: 2222-bbbb"


def test_the_log_says_what_the_authority_refused_and_none_of_its_sentences(caplog):
    caplog.set_level("INFO", "entrada.web_sign_in")
    visit = Visit()
    visit.authority.refusal = {"error": "access_denied", "error_description": DIRECTORY_SAYS}
    seen = visit.sign_in()
    assert b"11111111-aaaa" in seen.body
    (line,) = caplog.messages
    assert line == (
        "not signed in: The authority refused the sign-in. from=203.0.113.9 error=access_denied AADSTS=65004 "
        "trace_id=11111111-aaaa correlation_id=2222-bbbb"
    )


def test_no_line_of_the_log_is_a_stranger_s_to_write(caplog):
    caplog.set_level("INFO", "entrada.web_sign_in")
    visit = Visit()
    visit.authority.refusal = {"error": "x AADSTS=1\nline", "error_description": "AADSTS: \n"}
    visit.sign_in()
    assert caplog.messages == ["not signed in: The authority refused the sign-in. from=203.0.113.9"]


@pytest.mark.parametrize(
    ("changes", "claims", "words"),
    [
        ({}, {"aud": "another"}, "audience"),
        ({"allowed_tenants": frozenset({PETALS})}, {}, "tenant"),
        ({"guests": False}, {"acct": 1}, "Guests"),
    ],
    ids=["another's token", "another tenant", "a guest"],
)
def test_the_log_warns_of_who_must_not_come_in(changes, claims, words, caplog):
    visit = Visit(changes=changes)
    visit.authority.person = with_claims(ADA, **claims)
    visit.sign_in()
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("entrada.web_sign_in", "WARNING")
    assert words in record.getMessage()
    assert not any(secret in record.getMessage() for secret in ("Ada", "ada", "code-", "eyJ", SECRET))


def test_the_log_warns_of_a_forged_logout_token_and_of_an_authority_that_is_away(caplog):
    visit = Visit()
    form = {"logout_token": visit.authority.logout_token(ADA, aud="another")}
    visit.go("backchannel-logout", method="POST", form=form)
    visit.authority.down = True
    Visit(authority=visit.authority).go("login")
    forged, away = caplog.messages
    assert forged.startswith("logout token refused: ")
    assert away.startswith("Unreachable: ")
    assert form["logout_token"] not in caplog.text


# ---- the rest ----


def test_what_is_said_twice_is_not_said():
    assert read_parameters([("code", "a"), ("state", "s"), ("code", "b"), ("code", "c")]) == {"state": "s"}


def test_pages_are_the_application_s_to_replace():
    visit = Visit()
    visit.site._desk.page = lambda page: f"ours: {page.title}"
    assert visit.go("callback", "state=x&code=y").body == b"ours: You were not signed in"


def test_whoever_cancels_is_told_so():
    visit = Visit()
    visit.authority.refusal = {"error": "access_denied"}
    assert b"It was cancelled." in visit.sign_in().body
    visit.authority.refusal = {"error": "server_error"}
    assert b"<p>Sign in again.</p>" in visit.sign_in().body


def test_a_page_repeats_what_a_stranger_wrote_as_text_alone():
    visit = Visit()
    visit.authority.refusal = {"error": "access_denied", "error_description": "AADSTS65004: <script>no</script>"}
    seen = visit.sign_in()
    assert b"<script>" not in seen.body
    assert b"AADSTS65004" in seen.body
    assert "default-src 'none'" in seen.headers["Content-Security-Policy"]
    assert isinstance(seen, Response)


def test_a_stand_in_is_somebody_without_a_sign_in_and_only_meanwhile():
    visit = Visit()
    with visit.site.as_user(stand_in(roles=["Admin"])) as user:
        assert visit.run(visit.site.require(visit.request(), Needs(roles={"Admin"}))) == user
        assert visit.run(visit.site.require(visit.request(), Needs(roles={"Boss"}))).status == 403
        assert visit.run(visit.site.token_for(visit.request(), [READ])).value
    assert visit.user() is None


@pytest.mark.parametrize(
    ("origin", "there"), [(None, True), ("https://app.example", True), ("https://evil.example", False)]
)
def test_a_websocket_is_opened_by_pages_of_our_own_alone(origin, there):
    visit = Visit()
    visit.sign_in()
    headers = {"origin": origin} if origin else {}
    seen = visit.run(visit.site.socket_user(visit.request("/ws", **headers)))
    assert (seen is not None) == there


def test_a_person_is_who_they_are_and_not_what_they_are_called():
    visit = Visit()
    visit.authority.person = Person(name="Ada", sub="impostor", oid="00000000-0000-4000-8000-00000000dead")
    visit.sign_in()
    assert visit.user().user_id != ADA.oid

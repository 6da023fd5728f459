"""The page at `/account`: who one is, where one is signed in, what one has consented to, how one proves who one is."""

from typing import Final

from attrs import frozen
from starlette.requests import Request
from starlette.responses import Response

from entrada.core.directory.ids import SessionId
from entrada.core.directory.user import User
from entrada.core.errors.reason import Refusal
from entrada.server.usecases.own_consents import list_consents
from entrada.server.usecases.own_membership import find_member
from entrada.server.usecases.own_sessions import list_own_sessions
from entrada.server.web.account.notice import FIELD, Notice, read_notice
from entrada.server.web.account.visit import SIGN_IN, Visit, arrive, replace, set_up
from entrada.server.web.account.wording import consent_rows, day, person, session_row
from entrada.server.web.http.branding import branding_of
from entrada.server.web.http.site import Site


@frozen
class Problem:
    """A form that is shown again: which, and what is wrong."""

    form: str
    text: str

    @classmethod
    def of(cls, form: str, refusal: Refusal) -> "Problem":
        return cls(form, f"{refusal.text} {refusal.advice}")


NO_NOTICE = Notice(None, ())
UNFOLDED: Final = 10  # of the sessions; who looks for a stranger's looks at the newest


async def show(site: Site, request: Request) -> Response:
    visit = await arrive(site, request)
    if isinstance(visit, Response):
        return visit
    query = request.query_params
    notice = await read_notice(site.here, query.get(FIELD), visit.browser)
    organization = query.get("organization", "").strip()
    member = await find_member(site.here, visit.account.user, organization) if organization else visit.account.user
    problem = None if member else Problem("organization", "You are not a guest there.")
    return await overview(visit, notice, problem, member)


async def overview(
    visit: Visit,
    notice: Notice = NO_NOTICE,
    problem: Problem | None = None,
    member: User | None = None,
    ending: SessionId | None = None,
) -> Response:
    """*member*: whose consents are listed; the account's own, or those of a guest that it is elsewhere.

    *ending*: the session whose end the password is asked for.
    """
    here, user = visit.here, visit.account.user
    member = member or user
    elsewhere = await here.store.find_tenant(member.tenant_id) if member.tenant_id != user.tenant_id else None
    home = await here.store.find_tenant(user.tenant_id)
    sessions = await list_own_sessions(here, user, visit.browser, visit.account.session.id)
    rows = [session_row(one) for one in sessions.shown]
    context = {
        "tenant_name": home.display_name if home else None,
        "branding": branding_of(home),
        "person": person(user, home),
        "others": [person(one.user, None) for one in visit.accounts if one is not visit.account],
        "sign_in": SIGN_IN,
        "set_up": replace(user) if user.authenticator else set_up(user),
        "hidden": visit.hidden,
        "notice": notice.text,
        "frontchannel": notice.frontchannel,
        "problem_in": problem.form if problem else None,
        "problem_text": problem.text if problem else None,
        "sessions": rows[:UNFOLDED],
        "older_sessions": rows[UNFOLDED:],
        "more_sessions": sessions.more,
        "ending": ending,
        "is_fresh": visit.is_fresh,
        "guest_of": elsewhere.display_name if elsewhere else None,
        "organization": member.tenant_id,
        "consents": consent_rows(await list_consents(here, member)),
        "password_changed": day(user.password.changed_at) if user.password else None,
        "authenticator_added": day(user.authenticator.added_at) if user.authenticator else None,
        "recovery_codes": len(user.recovery_codes),
        "factor_required": visit.account.second_factor_required,
    }
    return visit.answered(visit.site.pages.render("account.html", context, frames=notice.frontchannel))


async def ended(site: Site, request: Request) -> Response:
    """For whoever has just ended the session of this very browser: it needs no sign-in."""
    browser = site.cookies.read(site.here, request)
    notice = await read_notice(site.here, request.query_params.get(FIELD), browser)
    context = {"notice": notice.text, "frontchannel": notice.frontchannel}
    return site.pages.render("account_ended.html", context, frames=notice.frontchannel)

"""From whom the authority vouched for to the user of Django's session, and back out again."""

import logging
from typing import Final

from attrs import evolve
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse

from entrada.client.errors import EntradaError
from entrada.client.web_sign_in.error_pages import Page, answer
from entrada.client.web_sign_in.exchange import Request, Response
from entrada.client.web_sign_in.user import User
from entrada.django.exchange import answer_of, request_of
from entrada.django.marks import is_marked, mark
from entrada.django.running import Running, at_work

BACKEND: Final = "entrada.django.backends.EntradaBackend"
_LOG: Final = logging.getLogger("entrada.django")


def arrived(here: Running, request: HttpRequest, asked: Request, answered: Response) -> HttpResponse:
    """After the callback: whoever has a session now becomes the user of Django's, under a new key."""
    fresh = {cookie.name: cookie.value for cookie in answered.cookies if cookie.value}
    theirs = evolve(asked, cookies={**asked.cookies, **fresh})
    person = here.run(here.site.user_of(theirs)) if fresh else None
    if person is None:
        return answer_of(answered)
    user = authenticate(request, person=person, mapped=here.mapped)
    if user is None:
        return _turned_away(here, theirs, person)
    if is_marked(request):  # Django keeps the key where the same user comes again
        request.session.cycle_key()
    login(request, user, backend=BACKEND)
    mark(request, person, user)
    return answer_of(answered)


def _turned_away(here: Running, theirs: Request, person: User) -> HttpResponse:
    """Known to the authority, and nobody here: what was begun ends again."""
    headers = {**theirs.headers, "sec-fetch-site": "same-origin"}
    ended = here.run(here.site.logout(evolve(theirs, method="POST", headers=headers)))
    page = Page(
        status=403,
        title="You have no account here",
        message=f"You are signed in as {person.username or person.name or person.user_id}, whom nobody let in here.",
        advice="Ask whoever runs this application, or use another account.",
        links=((f"{here.site.path(theirs, 'login')}?prompt=select_account", "Use another account"),),
        error="no_account",
    )
    return answer_of(answer(page, here.site.page).with_cookies(*ended.cookies))


def left(request: HttpRequest, answered: Response) -> HttpResponse:
    """After the logout, once it is confirmed."""
    if any(cookie.max_age == 0 for cookie in answered.cookies):
        logout(request)
    return answer_of(answered)


def still_there(here: Running, request: HttpRequest) -> bool:
    """Does the sign-in last that the user of Django's session rests on?  Others' users are none of ours."""
    return not is_marked(request) or here.user(request) is not None


def end_with_djangos(request: HttpRequest | None, **_: object) -> None:
    """Django's session ended, or became somebody else's: so does the sign-in, and leaves no tokens behind."""
    here = at_work()
    if here is None or request is None or not request.COOKIES or here.site.stand_in is not None:
        return
    try:
        here.run(here.site.forget(request_of(request)))
    except EntradaError as error:  # Django's own logout must not fail by it; nobody believes what is left
        _LOG.warning("A sign-in that Django ended is still kept: %s", error)


def become_another(request: HttpRequest | None, **_: object) -> None:
    """Somebody signed in, perhaps by another backend: Django empties the session unless it is the same user."""
    if request is not None and not is_marked(request):
        end_with_djangos(request)

"""The routes of the sign-in, as views."""

from urllib.parse import urlencode

from attrs import evolve
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from entrada.client.web_sign_in.exchange import Request
from entrada.django.arrivals import arrived, left
from entrada.django.exchange import answer_of, request_of, with_form
from entrada.django.running import running


@login_not_required
@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """Takes Django's own `next` too; a script that Django redirected here is told in JSON."""
    here, asked = running(), _returning(request_of(request))
    if REDIRECT_FIELD_NAME in request.GET and not asked.navigates:
        return answer_of(here.run(here.site.sign_in(asked)))
    return answer_of(here.run(here.site.answer("login", asked)))


def _returning(asked: Request) -> Request:
    query = asked.query
    if REDIRECT_FIELD_NAME not in query:
        return asked
    query["return_to"] = query.pop(REDIRECT_FIELD_NAME)
    return evolve(asked, query_string=urlencode(query))


@csrf_exempt  # the answer may come as a form from the authority's page; its `state` says that it was asked for
@login_not_required
def callback(request: HttpRequest) -> HttpResponse:
    here, asked = running(), with_form(request)
    return arrived(here, request, asked, here.run(here.site.answer("callback", asked)))


@csrf_exempt  # the sign-in asks for a word of its own, or what the browser says of where the form stood
@login_not_required
def logout(request: HttpRequest) -> HttpResponse:
    here = running()
    return left(request, here.run(here.site.answer("logout", with_form(request))))


@login_not_required
@xframe_options_exempt
def frontchannel_logout(request: HttpRequest) -> HttpResponse:
    here = running()
    return answer_of(here.run(here.site.answer("frontchannel-logout", request_of(request))))


@csrf_exempt  # from server to server; a signed token says who speaks
@login_not_required
def backchannel_logout(request: HttpRequest) -> HttpResponse:
    here = running()
    return answer_of(here.run(here.site.answer("backchannel-logout", with_form(request))))


@login_not_required
def me(request: HttpRequest) -> HttpResponse:
    here = running()
    return answer_of(here.run(here.site.answer("me", here.asked(request))))

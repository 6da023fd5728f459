"""Whoever sent a request, to the authority's knowledge: their claims, their tokens, and APIs called in their name.

Each comes twice, to be called in a view and, with an `a` before it, to be awaited in one.
"""

from functools import partial

from asgiref.sync import sync_to_async
from django.http import HttpRequest

from entrada.client.web_sign_in.api_client import ApiClient, ApiSession
from entrada.client.web_sign_in.downstream import ApiReply, ApiRequest
from entrada.client.web_sign_in.user import User
from entrada.client.web_sign_in.web_settings import Api
from entrada.django.running import running


def user(request: HttpRequest) -> User | None:
    """Their roles, groups and claims; `request.user` is whom the project knows them as."""
    return running().user(request)


def token(request: HttpRequest, *scopes: str, claims: str | None = None, force: bool = False) -> str:
    """An access token of theirs; *claims* are a challenge of the API, as JSON; *force*: a new one in any case.

    Raises InteractionRequired: let through, it sends them to consent and back.
    """
    here = running()
    return here.run(here.site.token_for(here.asked(request), scopes, claims, force=force)).value


def session(request: HttpRequest, api: str | Api) -> ApiSession:
    """*api*: what the settings name it, or any.  Raises BadSettings."""
    return ApiSession(partial(_call, request, _api(api)))


auser = sync_to_async(user)
atoken = sync_to_async(token)


def client(request: HttpRequest, api: str | Api) -> ApiClient:
    """As `session`, to be awaited."""
    return ApiClient(sync_to_async(partial(_call, request, _api(api))))


def _api(named: str | Api) -> Api:
    return running().site.api(named) if isinstance(named, str) else named


def _call(request: HttpRequest, api: Api, asked: ApiRequest) -> ApiReply:
    here = running()
    return here.run(here.site.call(here.asked(request), api, asked))

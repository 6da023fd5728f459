"""The sign-in of one Flask application."""

from typing import Final, TypeVar, cast

import flask
from attrs import define, field
from jinja2 import TemplateNotFound

from entrada.client.flow import Flow
from entrada.client.web_sign_in.error_pages import Page, make_page
from entrada.client.web_sign_in.exchange import Request
from entrada.client.web_sign_in.hands import Hands
from entrada.client.web_sign_in.site import Site
from entrada.client.web_sign_in.user import User
from entrada.flask.exchange import request_of

T = TypeVar("T")
_NAME: Final = "entrada"
_USER: Final = "_entrada_user"
_TEMPLATE: Final = "entrada/page.html"  # an application's own, in place of ours


@define(eq=False)
class Running:
    """One for the life of an application; its threads share it."""

    site: Site
    hands: Hands = field(repr=False)

    def run(self, flow: Flow[T]) -> T:
        return self.hands.run(flow)

    def user(self) -> User | None:
        """Who sent the request; looked up once."""
        if _USER not in flask.g:
            self.remember(self.run(self.site.user_of(this_request())))
        return cast("User | None", flask.g.get(_USER))

    def remember(self, user: User | None) -> None:
        setattr(flask.g, _USER, user)


def this_request() -> Request:
    return request_of(flask.request)


def running() -> Running:
    """Of the application whose request it is."""
    return cast("Running", flask.current_app.extensions[_NAME])


def install(app: flask.Flask, made: Running) -> None:
    app.extensions[_NAME] = made


def page(told: Page) -> str:
    """By the application's template of that name, if it has one."""
    try:
        template = flask.current_app.jinja_env.get_template(_TEMPLATE)
    except TemplateNotFound:
        return make_page(told)
    return flask.render_template(template, page=told)

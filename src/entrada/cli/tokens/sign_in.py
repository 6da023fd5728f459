"""Let the person sign in: in a browser of this machine, or on another screen where there is none here."""

import os
import sys

from entrada.cli.profiles.words import FlowName
from entrada.cli.tokens.clock import clock
from entrada.cli.tokens.person_needed import nobody_reads
from entrada.cli.tokens.question import Question
from entrada.client.flow import Flow
from entrada.client.grants.device_code import device_code
from entrada.client.grants.registration import Registration
from entrada.client.interactive.browser import Browser
from entrada.client.interactive.sign_in import TIMEOUT, Interactive, sign_in_interactively
from entrada.client.tokens import Tokens
from entrada.client.web_sign_in.sign_in import Asked


def sign_in(question: Question, registration: Registration, hint: str | None, claims: str | None) -> Flow[Tokens]:
    """Raises InteractionRequired where nobody would see the code."""
    browser = Browser()
    by_browser = question.flow is not FlowName.DEVICE_CODE and (browser.is_there() or question.flow_was_named)
    if by_browser:
        return sign_in_interactively(
            registration, _interactive(question, hint, claims), clock=clock, entropy=os.urandom, open_browser=browser
        )
    if not _is_read(question):
        raise nobody_reads(question)
    return _by_device_code(question, registration, claims)


def _is_read(question: Question) -> bool:
    """Whether a code finds somebody: at a terminal, where it was asked for, or for as long as was said."""
    asked_for = question.flow_was_named or question.wishes.timeout is not None
    return asked_for or sys.stdin.isatty() or sys.stderr.isatty()


def _by_device_code(question: Question, registration: Registration, claims: str | None) -> Flow[Tokens]:
    return device_code(registration, question.scopes, clock=clock, entropy=os.urandom, claims=claims)


def _interactive(question: Question, hint: str | None, claims: str | None) -> Interactive:
    prompt = "select_account" if question.flow is FlowName.AUTHORIZATION_CODE else None  # as Entra Auth Cli does
    return Interactive(
        scopes=question.scopes,
        asked=Asked(login_hint=hint, claims=claims, prompt=prompt),
        redirect_uri=question.redirect_uri or "http://localhost",
        timeout=question.wishes.timeout or TIMEOUT,
    )

"""What a person sees when a sign-in goes wrong: what happened, what to do, and the numbers by which a log is found.

Small, without scripts, and the application's to replace: `Site(page=...)` takes any function of a `Page`.  Those may
link stylesheets and pictures of the application's own origin.
"""

import hashlib
from base64 import b64encode
from collections.abc import Callable
from html import escape
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from attrs import frozen

from entrada.client.errors import AuthorityRefused, BadMetadata, BadSettings, EntradaError, StorageError, Unreachable
from entrada.client.web_sign_in.exchange import Response, html_answer
from entrada.client.web_sign_in.user import GroupsUnknown

STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1.25rem;overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;line-height:1.25}"
    "a,button{font:inherit}button{padding:.5rem 1.25rem}"
    ".numbers{font-size:.875rem}"
    "html{background:#fff;color:#1b1b1b}a{color:#0b57b0}"
    "@media(prefers-color-scheme:dark){html{background:#1a1a1a;color:#f0f0f0}a{color:#9cc7ff}}"
)
_STYLE_HASH: Final = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


@frozen(kw_only=True)
class Button:
    """A form to post, with its hidden fields."""

    label: str
    action: str
    fields: tuple[tuple[str, str], ...] = ()
    leads_to: str | None = None  # the origin that the answer redirects to, which browsers hold a form to


@frozen(kw_only=True)
class Page:
    status: int
    title: str
    message: str
    advice: str = ""
    links: tuple[tuple[str, str], ...] = ()  # where to, and its words
    button: Button | None = None
    error: str = ""  # a word for programs
    aadsts: int | None = None
    trace_id: str | None = None
    login_url: str = ""  # for a script, which is shown no links


MakePage: TypeAlias = Callable[[Page], str]


def answer(page: Page, make: MakePage) -> Response:
    forms = "'none'" if page.button is None else f"'self' {page.button.leads_to or ''}".strip()
    policy = (
        f"default-src 'none'; style-src 'self' 'sha256-{_STYLE_HASH}'; img-src 'self'; form-action {forms}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    return html_answer(page.status, make(page), policy=policy)


def make_page(page: Page) -> str:
    parts = [f"<h1>{escape(page.title)}</h1>", f"<p>{escape(page.message)}</p>"]
    parts += [f"<p>{escape(page.advice)}</p>"] if page.advice else []
    parts += [_form(page.button)] if page.button is not None else []
    parts += [f'<p><a href="{escape(to)}">{escape(words)}</a></p>' for to, words in page.links]
    numbers = [f"AADSTS{page.aadsts}"] if page.aadsts is not None else []
    numbers += [f"Trace ID: {page.trace_id}"] if page.trace_id is not None else []
    parts += [f'<p class="numbers">{escape(" · ".join(numbers))}</p>'] if numbers else []
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(page.title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _form(button: Button) -> str:
    hidden = (f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in button.fields)
    return (
        f'<form method="post" action="{escape(button.action)}">{"".join(hidden)}'
        f"<button>{escape(button.label)}</button></form>"
    )


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


# ---- failures ----


def page_of(failure: EntradaError) -> Page:
    """In words for the person; what only the operator can mend is said as such."""
    if isinstance(failure, AuthorityRefused):
        said = failure.said
        return Page(
            status=403,
            title="You cannot be signed in",
            message=failure.message,
            advice=failure.advice,
            error=said.error,
            aadsts=said.aadsts,
            trace_id=said.trace_id,
        )
    for kind, status, title, error in _FAILURES:
        if isinstance(failure, kind):
            return Page(status=status, title=title, message=failure.message, advice=failure.advice, error=error)
    return Page(
        status=502, title="Signing in failed", message=failure.message, advice=failure.advice, error="server_error"
    )


_FAILURES: Final = (
    (Unreachable, 503, "Nobody answers at the moment", "temporarily_unavailable"),
    (StorageError, 503, "Sessions cannot be kept at the moment", "temporarily_unavailable"),
    (BadMetadata, 502, "The authority is not what it should be", "server_error"),
    (GroupsUnknown, 500, "Your groups are not known here", "groups_unknown"),
    (BadSettings, 500, "This application is not set up yet", "server_error"),
)
